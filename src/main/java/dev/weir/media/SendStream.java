package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import java.util.Map;

/**
 * One slot's SSRC going out, with its RTX companion: fixed for the life of the connection (PROTOCOL section 5).
 * Payload types are the receiver's.
 */
public final class SendStream {
    /** What the receiver calls a codec. @param rtxPayloadType -1: no retransmission */
    public record PayloadTypes(int payloadType, int rtxPayloadType) {}

    private final String mid;
    private final MediaKind kind;
    private final int ssrc;
    private final int rtxSsrc;
    private final PayloadTypes[] payloadTypes = new PayloadTypes[Codec.values().length];
    private final SlotLine line;

    private final long firstIndex;
    private long rtxIndex;
    private long packets;
    private long payloadBytes;
    private long lastSent = Long.MIN_VALUE;

    /**
     * @param rtxSsrc 0 for none
     * @param firstSequence 0 to 32767, as is the RTX stream's, so that a receiver that misses the first packets still
     *     guesses the rollover counter
     * @param firstTimestamp 32 bits, random
     */
    public SendStream(
            String mid,
            MediaKind kind,
            int ssrc,
            int rtxSsrc,
            Map<Codec, PayloadTypes> types,
            int firstSequence,
            int firstRtxSequence,
            long firstTimestamp) {
        this.mid = mid;
        this.kind = kind;
        this.ssrc = ssrc;
        this.rtxSsrc = rtxSsrc;
        types.forEach((codec, numbers) -> payloadTypes[codec.ordinal()] = numbers);
        this.line = new SlotLine(firstTimestamp, kind == MediaKind.AUDIO ? 48_000 : 90_000);
        this.firstIndex = firstSequence;
        this.rtxIndex = firstRtxSequence;
    }

    public String mid() {
        return mid;
    }

    public MediaKind kind() {
        return kind;
    }

    public int ssrc() {
        return ssrc;
    }

    /** 0: none. */
    public int rtxSsrc() {
        return rtxSsrc;
    }

    /** Whether the receiver offered this codec for the slot. */
    public boolean takes(Codec codec) {
        return payloadTypes(codec) != null;
    }

    /** Null when the receiver did not offer it. */
    PayloadTypes payloadTypes(Codec codec) {
        return payloadTypes[codec.ordinal()];
    }

    /** One that the retransmission stream may carry, or -1. */
    public int rtxPayloadType() {
        for (PayloadTypes types : payloadTypes) {
            if (types != null && types.rtxPayloadType() >= 0) {
                return types.rtxPayloadType();
            }
        }
        return -1;
    }

    /** The unwrapped timestamp of a moment of server time; sender reports take it from here too. */
    public long timestamp(long serverNanos) {
        return line.timestamp(serverNanos);
    }

    long firstIndex() {
        return firstIndex;
    }

    /** For the next packet of the retransmission stream, which probes share. */
    public long nextRtxIndex() {
        return rtxIndex++;
    }

    void onSent(long now, int bytes) {
        packets++;
        payloadBytes += bytes;
        lastSent = now;
    }

    /** Media packets sent, retransmissions apart. */
    public long packets() {
        return packets;
    }

    /** Octets of payload, as sender reports count them. */
    public long payloadBytes() {
        return payloadBytes;
    }

    /** Whether media left within this time: a slot at rest sends no sender report. */
    public boolean sentWithin(long now, long nanos) {
        return packets > 0 && now - lastSent <= nanos;
    }
}
