package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.bwe.Pacer;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtpView;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * What leaves for one viewer: audio at once, pictures at the pace that his path carries. A packet gets its
 * transport-wide number and send time as it leaves, and is protected then.
 */
final class Outbox {
    /** What may wait. At the pace of the worst path this is seconds; a viewer so far behind needs a new picture. */
    static final int MAX_WAITING = 512;

    /** IPv4 and UDP; IPv6 has 20 more, which the estimate's margins bear. */
    private static final int PATH_OVERHEAD_BYTES = 28;

    private final BandwidthEstimator estimator;
    private final Pacer pacer;
    private final RtpView header = new RtpView();
    private final Consumer<ByteBuf> socket;

    private ByteBuf[] packets;
    private long[] indices;
    private ExtensionIds[] extensions;
    private int head;
    private int count;
    private long waitingBytes;

    /** @param socket takes each protected packet, and its buffer */
    Outbox(BandwidthEstimator estimator, Consumer<ByteBuf> socket) {
        this.estimator = estimator;
        this.pacer = new Pacer(estimator.probe());
        this.socket = socket;
    }

    /** Sends without waiting. Takes the buffer. */
    void sendNow(long now, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        int bytes = packet.readableBytes() + PATH_OVERHEAD_BYTES;
        header.wrapHeader(packet);
        int sendTime = header.extensionOffset(ids.id(Extension.ABS_SEND_TIME));
        if (sendTime >= 0) {
            packet.setMedium(sendTime, NtpTime.absSendTime(now));
        }
        int number = header.extensionOffset(ids.id(Extension.TRANSPORT_CC));
        if (number >= 0) {
            int sequence = estimator.nextSequence();
            packet.setShort(number, sequence);
            estimator.onSent(now, sequence, bytes);
        }
        pacer.onSent(now, bytes);
        protector.protectRtp(packet, header.headerBytes(), index);
        socket.accept(packet);
    }

    /** Sends now if nothing waits and the pace allows, else later. Takes the buffer. @return false: dropped, it is full */
    boolean send(long now, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        if (count == 0) {
            pacer.update(now, estimator, 0);
            if (pacer.budgetBytes(now) > 0) {
                sendNow(now, packet, index, ids, protector);
                return true;
            }
        }
        if (count == MAX_WAITING) {
            packet.release();
            return false;
        }
        enqueue(packet, index, ids);
        return true;
    }

    /** Sends what the pace allows by now. */
    void drain(long now, SrtpProtector protector) {
        pacer.update(now, estimator, waitingBytes);
        while (count > 0 && pacer.budgetBytes(now) > 0) {
            ByteBuf packet = packets[head];
            packets[head] = null;
            waitingBytes -= packet.readableBytes();
            int entry = head;
            head = (head + 1) % MAX_WAITING;
            count--;
            sendNow(now, packet, indices[entry], extensions[entry], protector);
        }
    }

    /** How much padding a probe asks for now, when no media waits. */
    long paddingBytes(long now) {
        if (count > 0 || !estimator.probe().active()) {
            return 0;
        }
        pacer.update(now, estimator, 0);
        return pacer.paddingBytes(now);
    }

    boolean isEmpty() {
        return count == 0;
    }

    void close() {
        while (count > 0) {
            packets[head].release();
            packets[head] = null;
            head = (head + 1) % MAX_WAITING;
            count--;
        }
        waitingBytes = 0;
    }

    private void enqueue(ByteBuf packet, long index, ExtensionIds ids) {
        if (packets == null) {
            packets = new ByteBuf[MAX_WAITING];
            indices = new long[MAX_WAITING];
            extensions = new ExtensionIds[MAX_WAITING];
        }
        int entry = (head + count) % MAX_WAITING;
        packets[entry] = packet;
        indices[entry] = index;
        extensions[entry] = ids;
        waitingBytes += packet.readableBytes();
        count++;
    }
}
