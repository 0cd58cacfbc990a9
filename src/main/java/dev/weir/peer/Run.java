package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.rtp.Bytes;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;

/**
 * Packets for one viewer one behind the other in one buffer, to leave in one send (UDP GSO): all of one size but for the
 * last, for which RTP padding (RFC 3550 section 5.1) makes up where it costs little. Each is protected as it is added, out
 * of the buffer that its payload came in, and told to the estimator when the run is handed over.
 *
 * <pre>
 * | packet, pad, tag | packet, pad, tag | ... | shorter |
 * |&lt;- segmentBytes -&gt;|
 * </pre>
 */
final class Run {
    /** Where runs go. */
    interface Exit {
        /**
         * Takes the buffer.
         *
         * @param since when the first packet of it was ready to leave
         * @return false: the socket is full, and nothing of it was sent
         */
        boolean send(ByteBuf run, int segmentBytes, int packets, long since);
    }

    /** Whether a packet could be added. */
    enum Fit {
        ADDED,
        /** It was added, and nothing may follow: it is shorter than the others, or the run is full. */
        LAST,
        /** It is longer than the others, or there is no room: it waits behind the run, see {@link #moveTo}. */
        NONE
    }

    /** What padding may take of a run. */
    private static final double MAX_PADDING_SHARE = 0.1;

    private static final int MAX_PADDING_BYTES = 255;

    /**
     * By what the first packet of a picture is made longer. Chromium (156) cuts a frame into packets that differ by a
     * byte, in no order; the rest is for fields that grow, such as a larger picture id.
     */
    private static final int SLACK_BYTES = 3;

    /** Header, CSRC, extensions, a retransmission's number, padding and the tag. */
    private static final int OVERHEAD_BYTES = 128 + MAX_PADDING_BYTES;

    private final RunBuffers buffers;
    private final BandwidthEstimator estimator;
    private final int maxPackets;
    private final int[] numbers;
    private final int[] bytes;
    private final int[] clusters;

    private ByteBuf buffer;
    private int start;
    private int count;
    private int segmentBytes;
    private int paddingBytes;
    private long openedAt;

    Run(RunBuffers buffers, BandwidthEstimator estimator, int maxPackets) {
        this.buffers = buffers;
        this.estimator = estimator;
        this.maxPackets = maxPackets;
        this.numbers = new int[maxPackets];
        this.bytes = new int[maxPackets];
        this.clusters = new int[maxPackets];
    }

    int count() {
        return count;
    }

    /** When the first packet was ready to leave. Only while there is one. */
    long openedAt() {
        return openedAt;
    }

    /** Whether a packet of that payload can be written without another buffer; an empty run gets one. */
    boolean hasRoom(int payloadBytes) {
        if (buffer == null) {
            buffer = buffers.take();
        }
        return buffer.writableBytes() >= payloadBytes + OVERHEAD_BYTES;
    }

    /** Where a packet is to be written: at the writer index, behind which there is the room asked for. */
    ByteBuf begin() {
        start = buffer.writerIndex();
        buffer.readerIndex(start);
        return buffer;
    }

    /** Takes in what was written since {@link #begin}, and encrypts the rest of it from where that lies. */
    Fit end(Draft packet, SrtpProtector protector) {
        int size = written() + packet.bytes + protector.rtpOverheadBytes();
        // A probe's packet is padding already, of which there can be no more.
        boolean padded = RtpView.isPadded(buffer, start);
        int padding = 0;
        if (count == 0) {
            openedAt = packet.since;
            padding = packet.more && !padded && maxPackets > 1 ? SLACK_BYTES : 0;
            segmentBytes = size + padding;
        } else if (size > segmentBytes) {
            return Fit.NONE;
        } else if (!padded) {
            padding = padding(segmentBytes - size);
        }
        if (padding > 0) {
            RtpWriter.announcePadding(buffer, start);
            paddingBytes += padding;
        }
        numbers[count] = packet.transportNumber;
        bytes[count] = Departure.pathBytes(written() + packet.bytes + padding);
        clusters[count] = estimator.probe().cluster();
        count++;
        protector.protectRtp(
                buffer, start, packet.headerBytes, packet.source, packet.from, packet.bytes, padding, packet.index);
        boolean shorter = size + padding < segmentBytes;
        return shorter || count == maxPackets ? Fit.LAST : Fit.ADDED;
    }

    /** What makes a packet as long as the others, or 0 if that would cost too much. */
    private int padding(int missing) {
        boolean cheap = paddingBytes + missing <= MAX_PADDING_SHARE * segmentBytes * (count + 1);
        return cheap && missing <= MAX_PADDING_BYTES ? missing : 0;
    }

    /** Bytes written since {@link #begin}. */
    int written() {
        return buffer.writerIndex() - start;
    }

    /** Takes what was written since {@link #begin} out again, and begins a packet with it in another run. */
    void moveTo(Run other) {
        ByteBuf target = other.begin();
        Bytes.append(target, buffer, start, written());
        buffer.writerIndex(start);
    }

    /** Hands over what there is, all of it sent at one time. */
    void close(long now, Exit exit) {
        if (count == 0) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (numbers[i] >= 0) {
                estimator.onSent(now, numbers[i], bytes[i], clusters[i]);
            }
        }
        ByteBuf whole = buffer.readerIndex(0);
        buffer = null;
        int packets = count;
        count = 0;
        paddingBytes = 0;
        if (!exit.send(whole, segmentBytes, packets, openedAt)) {
            withdraw(packets);
        }
    }

    /** What was refused was never sent: the path is not to blame for it. */
    private void withdraw(int packets) {
        for (int i = 0; i < packets; i++) {
            if (numbers[i] >= 0) {
                estimator.withdraw(numbers[i]);
            }
        }
    }

    /** Lets go what there is. @return how many packets that were */
    int clear() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
        int dropped = count;
        count = 0;
        paddingBytes = 0;
        return dropped;
    }
}
