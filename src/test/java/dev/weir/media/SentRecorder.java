package dev.weir.media;

import dev.weir.rtp.Vp8Descriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A sink that keeps what it is given, written out as a peer would. */
final class SentRecorder implements PacketSink {
    /** What a receiver sees of a packet, apart from the slot's fixed mid. Payload and descriptor as hex. */
    record Sent(
            long now,
            int ssrc,
            long index,
            int payloadType,
            boolean marker,
            long timestamp,
            int csrc,
            String payload,
            String descriptor,
            int originalSequence) {

        boolean empty() {
            return payload.isEmpty();
        }

        boolean resent() {
            return originalSequence != OutgoingRtp.NONE;
        }

        /** The SSRC of the encoder that made it. Only if not {@link #empty()}. */
        int encoder() {
            return serial().getInt(0);
        }

        /** The number that the encoder gave it. Only if not {@link #empty()}. */
        long number() {
            return serial().getLong(Integer.BYTES);
        }

        private ByteBuf serial() {
            String tail = payload.substring(payload.length() - 2 * FakeEncoder.SERIAL_BYTES);
            return Unpooled.wrappedBuffer(HexFormat.of().parseHex(tail));
        }

        /** Its VP8 descriptor. */
        Vp8Descriptor vp8() {
            Vp8Descriptor vp8 = new Vp8Descriptor();
            ByteBuf bytes = Unpooled.wrappedBuffer(HexFormat.of().parseHex(payload));
            if (!vp8.wrap(bytes, 0, bytes.readableBytes())) {
                throw new IllegalStateException("no VP8: " + payload);
            }
            return vp8;
        }
    }

    final List<Sent> sent = new ArrayList<>();
    int undecodable;

    @Override
    public void undecodable() {
        undecodable++;
    }

    @Override
    public void sendRtp(long now, OutgoingRtp packet) {
        ByteBuf payload = Unpooled.buffer();
        packet.writePayload(payload);
        String descriptor = ByteBufUtil.hexDump(packet.descriptor());
        sent.add(new Sent(
                now,
                packet.ssrc(),
                packet.index(),
                packet.payloadType(),
                packet.marker(),
                packet.timestamp(),
                packet.csrc(),
                ByteBufUtil.hexDump(payload),
                descriptor,
                packet.originalSequence()));
    }

    Sent last() {
        return sent.getLast();
    }

    /** Without retransmissions. */
    List<Sent> media() {
        return sent.stream().filter(packet -> !packet.resent()).toList();
    }

    List<Sent> resent() {
        return sent.stream().filter(Sent::resent).toList();
    }
}
