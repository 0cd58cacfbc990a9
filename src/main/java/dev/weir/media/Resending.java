package dev.weir.media;

import dev.weir.rtp.RtpView;
import io.netty.buffer.ByteBuf;

/** Sends packets of one slot again that its receiver misses (RFC 4585, RFC 4588), while they are in the store. */
final class Resending {
    /** A packet is not sent again sooner than this, whatever the receiver asks. */
    private static final long MIN_INTERVAL_NANOS = 20_000_000;

    private final SendStream stream;
    private final PacketSink sink;
    private final Rewriting rewriting;
    private final OutgoingRtp out;
    private final SentPackets sent;
    private final RtpView stored = new RtpView();
    private long packets;
    private long forgotten = -1;

    /** @param out the slot's, which {@code rewriting} fills */
    Resending(SendStream stream, PacketSink sink, Rewriting rewriting, OutgoingRtp out, SentPackets sent) {
        this.stream = stream;
        this.sink = sink;
        this.rewriting = rewriting;
        this.out = out;
        this.sent = sent;
    }

    /** Packets sent again, ever. */
    long packets() {
        return packets;
    }

    /** Nothing up to this index is sent again. */
    void forget(long lastIndex) {
        forgotten = lastIndex;
    }

    boolean forgot(long index) {
        return index <= forgotten;
    }

    /** @param index of the outgoing stream, unwrapped */
    void onNack(long now, long index) {
        int entry = forgot(index) ? -1 : sent.find(index);
        if (entry < 0 || !sent.mayResend(entry, now, MIN_INTERVAL_NANOS)) {
            return;
        }
        Segment segment = sent.segment(entry);
        if (segment.layer().stream() != segment.stream()) {
            return;
        }
        ByteBuf packet = segment.layer().find(now, sent.sourceSequence(entry));
        if (packet == null || !stored.wrap(packet)) {
            return;
        }
        SendStream.PayloadTypes types = stream.payloadTypes(segment.codec());
        if (types.rtxPayloadType() < 0 || stream.rtxSsrc() == 0) {
            return;
        }
        rewriting.repeat(segment, stored, sent, entry);
        out.ssrc = stream.rtxSsrc();
        out.index = stream.nextRtxIndex();
        out.payloadType = types.rtxPayloadType();
        out.originalSequence = (int) index & 0xffff;
        packets++;
        sink.sendRtp(now, out);
    }
}
