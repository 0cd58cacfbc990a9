package dev.weir.client;

import dev.weir.media.PublisherClock;
import dev.weir.media.ReceiveStream;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.TimestampUnwrapper;
import dev.weir.rtp.Vp8Descriptor;
import dev.weir.sdp.MediaAnswer;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** One slot as a client sees it: every packet that came out of it, and what is wrong with them. */
public final class ReceivedSlot {
    private static final int RTX_HEADER_BYTES = 2;

    /** A sender report of the slot. @param ntpNanos on the server's clock */
    public record Report(long arrival, long ntpNanos, long timestamp, long packets) {}

    private final MediaAnswer.Slot answer;
    private final MediaKind kind;
    private final ReceiveStream stream;
    private final TimestampUnwrapper timestamps = new TimestampUnwrapper();
    private final Vp8Descriptor descriptor = new Vp8Descriptor();
    private final FrameDecoder decoder = new FrameDecoder();
    private final List<ReceivedPacket> packets = new ArrayList<>();
    private int probes;
    private final SortedSet<Long> empties = new TreeSet<>();
    private final List<Report> reports = new ArrayList<>();
    private final Set<String> faults = new LinkedHashSet<>();
    private final long[] nacks = new long[ReceiveStream.MAX_NACKS];
    private int recovered;
    private int retransmissions;
    private int nacked;

    ReceivedSlot(MediaAnswer.Slot answer, MediaKind kind) {
        this.answer = answer;
        this.kind = kind;
        int clockRate = kind == MediaKind.VIDEO ? 90_000 : 48_000;
        stream = new ReceiveStream(answer.ssrc(), clockRate, kind == MediaKind.VIDEO, new PublisherClock());
    }

    public String mid() {
        return answer.mid();
    }

    public boolean isVideo() {
        return kind == MediaKind.VIDEO;
    }

    /** In the order of arrival. */
    public List<ReceivedPacket> packets() {
        return packets;
    }

    public List<DecodedFrame> decoded() {
        return decoder.decoded();
    }

    public List<Report> reports() {
        return reports;
    }

    /** Packets that a retransmission brought, and all retransmissions. */
    public int recovered() {
        return recovered;
    }

    public int retransmissions() {
        return retransmissions;
    }

    public int nacked() {
        return nacked;
    }

    /** What broke the wire contract of a slot, seen packet by packet. */
    public Set<String> faults() {
        return faults;
    }

    int ssrc() {
        return answer.ssrc();
    }

    int rtxSsrc() {
        return answer.rtxSsrc();
    }

    /**
     * Numbers of packets without payload: a frame's that came late to the server, and whose temporal layer is not
     * forwarded. Without them a receiver would ask for those numbers.
     */
    public SortedSet<Long> empties() {
        return empties;
    }

    /** Packets of padding alone, by which the server probes the path. */
    public int probes() {
        return probes;
    }

    /** An authentic packet of the slot's SSRC or its RTX SSRC, whole. */
    void onRtp(long now, RtpView view, Header header) {
        boolean rtx = view.ssrc() == answer.rtxSsrc();
        if (!mid().equals(header.mid())) {
            faults.add("a packet with mid " + header.mid());
        }
        if (rtx && view.payloadBytes() == 0 && view.paddingBytes() > 0) {
            probes++;
            return;
        }
        if (view.csrcCount() != 1) {
            faults.add("a packet with " + view.csrcCount() + " CSRCs");
        }
        boolean empty = view.payloadBytes() <= (rtx ? RTX_HEADER_BYTES : 0);
        if (empty && kind == MediaKind.AUDIO) {
            faults.add("a voice's packet without payload");
        }
        int payloadType = kind == MediaKind.AUDIO ? ClientOffer.OPUS : rtx ? ClientOffer.VP8_RTX : ClientOffer.VP8;
        if (view.payloadType() != payloadType) {
            faults.add("payload type " + view.payloadType());
        }
        retransmissions += rtx ? 1 : 0;
        ByteBuf packet = view.buffer();
        int number = rtx ? packet.getUnsignedShort(view.payloadOffset()) : view.sequence();
        long sequence = stream.onPacket(now, number, view.timestamp(), packet.readableBytes(), rtx);
        if (sequence != ReceiveStream.NONE) {
            recovered += rtx ? 1 : 0;
            if (empty) {
                empties.add(sequence);
                return;
            }
            take(now, view, sequence, rtx, header.audioLevel());
        }
    }

    /** What of a packet's header extensions matters here. @param audioLevel -1: none */
    record Header(String mid, int audioLevel) {}

    private void take(long now, RtpView view, long sequence, boolean rtx, int audioLevel) {
        ByteBuf buffer = view.buffer();
        int skipped = rtx ? RTX_HEADER_BYTES : 0;
        int csrc = view.csrcCount() == 0 ? 0 : buffer.getInt(buffer.readerIndex() + RtpView.FIXED_HEADER_BYTES);
        VideoPayload video = kind == MediaKind.AUDIO
                ? null
                : VideoPayload.of(descriptor, buffer, view.payloadOffset() + skipped, view.payloadBytes() - skipped);
        if (kind == MediaKind.VIDEO && video == null) {
            faults.add("a payload that is not as it was sent");
        }
        long timestamp = timestamps.unwrap(view.timestamp());
        ReceivedPacket packet =
                new ReceivedPacket(sequence, timestamp, view.marker(), csrc, now, rtx, audioLevel, video);
        packets.add(packet);
        decoder.onPacket(now, packet);
    }

    void onSenderReport(long now, long ntp, long timestamp, long count) {
        reports.add(new Report(now, NtpTime.toNanos(ntp), timestamps.peek(timestamp), count));
        stream.onSenderReport(now, ntp, NtpTime.toNanos(ntp), timestamp);
    }

    long nextTimeout() {
        return stream.nextNack();
    }

    void writeNacks(long now, long rttNanos, int ownSsrc, ByteBuf out) {
        int due = stream.nextNack() <= now ? stream.collectNacks(now, rttNanos, nacks) : 0;
        nacked += due;
        RtcpWriter.nack(out, ownSsrc, answer.ssrc(), nacks, due);
    }

    void writePli(long now, int ownSsrc, ByteBuf out) {
        if (isVideo() && decoder.asks(now)) {
            RtcpWriter.pli(out, ownSsrc, answer.ssrc());
        }
    }

    void writeReportBlock(long now, int report, ByteBuf out) {
        if (stream.started()) {
            RtcpWriter.reportBlock(
                    out,
                    report,
                    answer.ssrc(),
                    stream.takeFractionLost(),
                    stream.cumulativeLost(),
                    stream.highestSequence(),
                    stream.jitterUnits(),
                    stream.lastReportNtp(),
                    stream.delaySinceLastReport(now));
        }
    }
}
