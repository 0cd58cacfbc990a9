package dev.weir.load;

import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpWriter;
import io.netty.buffer.ByteBuf;

/**
 * One SSRC that a client sends, with the RTX stream that repeats its packets (RFC 4588). What was sent is not kept but
 * made again, so that hundreds of cameras fit into a small heap.
 */
final class SendStream {
    /** Packets that can be repeated: more than a second of the largest layer. A power of two. */
    private static final int HISTORY = 512;

    /** An RTP header with the extensions that are written here. */
    static final int HEADER_BYTES = 32;

    /** Where packets go. */
    interface Wire {
        ByteBuf buffer();

        /** The next transport-wide number. */
        int transportSequence();

        /** Protects and queues; takes the buffer. */
        void send(ByteBuf packet, int headerBytes, long index);
    }

    /**
     * What all packets of a stream have in common.
     *
     * @param rid empty without simulcast
     * @param rtxPayloadType -1: nothing is repeated
     */
    record Identity(
            byte[] mid, byte[] rid, int ssrc, int rtxSsrc, int payloadType, int rtxPayloadType, ExtensionIds ids) {}

    private final Identity identity;
    private final Payload payload;
    private final Wire wire;
    private final RtpWriter writer = new RtpWriter();
    private final long[] sentAt;
    private final long[] numbers;
    private final int[] timestamps;
    private final int[] bits;
    private final short[] sizes;
    private final boolean[] markers;
    private long nextIndex;
    private long nextRtxIndex;
    private long packets;
    private long octets;

    SendStream(Identity identity, Payload payload, int firstSequence, Wire wire) {
        this.identity = identity;
        this.payload = payload;
        this.wire = wire;
        this.nextIndex = firstSequence;
        int kept = identity.rtxPayloadType() < 0 ? 0 : HISTORY;
        sentAt = new long[kept];
        numbers = new long[kept];
        timestamps = new int[kept];
        bits = new int[kept];
        sizes = new short[kept];
        markers = new boolean[kept];
    }

    int ssrc() {
        return identity.ssrc();
    }

    /**
     * Sends one packet.
     *
     * @param audioLevel the octet of RFC 6464; not written where the extension is not negotiated
     */
    void send(long now, long timestamp, boolean marker, int packetBits, int payloadBytes, int audioLevel) {
        long index = nextIndex++;
        packets++;
        octets += payloadBytes;
        keep(now, index, timestamp, marker, packetBits, payloadBytes);
        ByteBuf packet = begin(now, identity.payloadType(), marker, index, timestamp, identity.ssrc());
        writer.extension8(identity.ids().id(Extension.AUDIO_LEVEL), audioLevel);
        rid(Extension.RID);
        int headerBytes = writer.end();
        payload.write(packet, packetBits, payloadBytes, now);
        wire.send(packet, headerBytes, index);
    }

    private void keep(long now, long index, long timestamp, boolean marker, int packetBits, int payloadBytes) {
        if (numbers.length == 0) {
            return;
        }
        int at = (int) index & HISTORY - 1;
        numbers[at] = index;
        sentAt[at] = now;
        timestamps[at] = (int) timestamp;
        markers[at] = marker;
        bits[at] = packetBits;
        sizes[at] = (short) payloadBytes;
    }

    /** @return whether it was still known */
    boolean resend(long now, int sequence) {
        int at = sequence & HISTORY - 1;
        if (numbers.length == 0 || sizes[at] == 0 || (numbers[at] & 0xffff) != sequence) {
            return false;
        }
        long index = nextRtxIndex++;
        ByteBuf packet = begin(now, identity.rtxPayloadType(), markers[at], index, timestamps[at], identity.rtxSsrc());
        rid(Extension.REPAIRED_RID);
        int headerBytes = writer.end();
        packet.writeShort(sequence);
        payload.write(packet, bits[at], sizes[at], sentAt[at]);
        wire.send(packet, headerBytes, index);
        return true;
    }

    void writeReport(ByteBuf compound, long ntpNanos, long timestamp) {
        if (packets > 0) {
            RtcpWriter.senderReport(compound, ssrc(), NtpTime.ofNanos(ntpNanos), timestamp, packets, octets);
        }
    }

    private ByteBuf begin(long now, int payloadType, boolean marker, long index, long timestamp, int ssrc) {
        ByteBuf packet = wire.buffer();
        ExtensionIds ids = identity.ids();
        writer.begin(packet, payloadType, marker, index, timestamp, ssrc)
                .extension(ids.id(Extension.MID), identity.mid())
                .extension24(ids.id(Extension.ABS_SEND_TIME), NtpTime.absSendTime(now))
                .extension16(ids.id(Extension.TRANSPORT_CC), wire.transportSequence());
        return packet;
    }

    private void rid(Extension extension) {
        if (identity.rid().length > 0) {
            writer.extension(identity.ids().id(extension), identity.rid());
        }
    }
}
