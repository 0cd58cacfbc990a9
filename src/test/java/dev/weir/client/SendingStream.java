package dev.weir.client;

import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpWriter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One SSRC that a client sends, with the RTX stream that repeats its packets (RFC 4588). */
final class SendingStream {
    /** Packets that can be repeated. */
    private static final int HISTORY = 2_000;

    private static final int OVERHEAD_BYTES = 100;

    /** Where packets go. */
    interface Wire {
        ByteBuf buffer(int bytes);

        /** The next transport-wide number. */
        int transportSequence();

        /** Protects and sends; takes the buffer. */
        void send(ByteBuf packet, int headerBytes, long index);
    }

    /** What is on the wire the same for all packets of a stream. */
    record Identity(
            String mid, String rid, int ssrc, int rtxSsrc, int payloadType, int rtxPayloadType, ExtensionIds ids) {}

    private record Sent(boolean marker, long timestamp, byte[] payload) {}

    private final Identity identity;
    private final Wire wire;
    private final RtpWriter writer = new RtpWriter();
    private final Map<Integer, Sent> history = new LinkedHashMap<>();
    private long nextIndex;
    private long nextRtxIndex;
    private long packets;
    private long octets;
    private long resent;

    SendingStream(Identity identity, long firstIndex, Wire wire) {
        this.identity = identity;
        this.wire = wire;
        this.nextIndex = firstIndex;
        this.nextRtxIndex = firstIndex / 2;
    }

    int ssrc() {
        return identity.ssrc();
    }

    int rtxSsrc() {
        return identity.rtxSsrc();
    }

    long packets() {
        return packets;
    }

    long resent() {
        return resent;
    }

    /** @param audioLevel the octet of RFC 6464; not written where the extension is not negotiated */
    void send(long now, long timestamp, boolean marker, byte[] payload, int audioLevel) {
        long index = nextIndex++;
        packets++;
        octets += payload.length;
        if (identity.rtxSsrc() != 0) {
            history.put((int) index & 0xffff, new Sent(marker, timestamp, payload));
            if (history.size() > HISTORY) {
                history.remove(history.keySet().iterator().next());
            }
        }
        ByteBuf packet = begin(now, identity.payloadType(), marker, index, timestamp, identity.ssrc());
        writer.extension8(identity.ids().id(Extension.AUDIO_LEVEL), audioLevel);
        rid(Extension.RID);
        int headerBytes = writer.end();
        wire.send(packet.writeBytes(payload), headerBytes, index);
    }

    void resend(long now, int sequence) {
        Sent sent = history.get(sequence);
        if (sent == null) {
            return;
        }
        resent++;
        long index = nextRtxIndex++;
        ByteBuf packet =
                begin(now, identity.rtxPayloadType(), sent.marker(), index, sent.timestamp(), identity.rtxSsrc());
        rid(Extension.REPAIRED_RID);
        int headerBytes = writer.end();
        wire.send(packet.writeShort(sequence).writeBytes(sent.payload()), headerBytes, index);
    }

    void writeReport(ByteBuf compound, long ntpNanos, long timestamp) {
        if (packets > 0) {
            RtcpWriter.senderReport(compound, ssrc(), NtpTime.ofNanos(ntpNanos), timestamp, packets, octets);
        }
    }

    private ByteBuf begin(long now, int payloadType, boolean marker, long index, long timestamp, int ssrc) {
        ByteBuf packet = wire.buffer(1_200 + OVERHEAD_BYTES);
        ExtensionIds ids = identity.ids();
        writer.begin(packet, payloadType, marker, index, timestamp, ssrc)
                .extension(ids.id(Extension.MID), identity.mid().getBytes(StandardCharsets.US_ASCII))
                .extension24(ids.id(Extension.ABS_SEND_TIME), NtpTime.absSendTime(now))
                .extension16(ids.id(Extension.TRANSPORT_CC), wire.transportSequence());
        return packet;
    }

    private void rid(Extension extension) {
        if (!identity.rid().isEmpty()) {
            writer.extension(identity.ids().id(extension), identity.rid().getBytes(StandardCharsets.US_ASCII));
        }
    }
}
