package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A publisher's encoder of one layer, VP8 or H264 by name: makes packets that say in their payload which they are, and
 * delivers them to a layer as a peer does.
 */
final class FakeEncoder {
    static final int DESCRIPTOR_ID = 5;
    static final int LEVEL_ID = 6;
    static final ExtensionIds IDS =
            ExtensionIds.of(Map.of(Extension.DEPENDENCY_DESCRIPTOR, DESCRIPTOR_ID, Extension.AUDIO_LEVEL, LEVEL_ID));

    /** At the end of each payload: the encoder's SSRC and the packet's number, which never wraps. */
    static final int SERIAL_BYTES = Integer.BYTES + Long.BYTES;

    private static final int PAYLOAD_TYPE = 96;

    /**
     * @param number its low 16 bits are the sequence number
     * @param timestamp its low 32 bits are the packet's
     * @param payload empty: only padding
     */
    record Packet(
            FakeEncoder from,
            Codec codec,
            long number,
            long timestamp,
            boolean marker,
            boolean keyframe,
            byte[] payload) {
        boolean empty() {
            return payload.length == 0;
        }
    }

    final Layer layer;
    Codec codec;
    final ReceiveStream stream;
    final int ssrc;

    private final RtpWriter writer = new RtpWriter();
    private final RtpView view = new RtpView();
    private final ByteBuf buffer = Unpooled.buffer(2_048);
    private long nextNumber;
    private final long firstTimestamp;
    private int pictureId;
    private int tl0;
    boolean wantsKeyframe = true;
    int height = 720;

    /** Binds itself to the layer. @param start 0 to 65535; timestamps and picture ids begin as far below their wraps */
    FakeEncoder(Layer layer, Codec codec, int ssrc, int start, PublisherClock clock) {
        this.layer = layer;
        this.codec = codec;
        this.ssrc = ssrc;
        this.stream = new ReceiveStream(ssrc, codec.clockRate(), true, clock);
        this.nextNumber = start;
        this.firstTimestamp = (1L << 32) - (0x1_0000 - start) * 1_000L;
        this.pictureId = start & 0x7fff;
        this.tl0 = start & 0xff;
        layer.bind(stream, IDS);
    }

    /** Goes on with another codec on the same SSRC, as browsers do; a new encoder starts with a keyframe. */
    void change(Codec next) {
        wantsKeyframe |= next != codec;
        codec = next;
    }

    /** The timestamp of a picture taken at that time of the publisher's. Not wrapped. */
    long timestampAt(long captureNanos) {
        return firstTimestamp + captureNanos * 9 / 100_000;
    }

    /** A picture in this many packets; a keyframe if one was asked for. */
    List<Packet> frame(long captureNanos, int packets) {
        boolean key = wantsKeyframe;
        wantsKeyframe = false;
        List<Packet> frame = new ArrayList<>();
        long timestamp = timestampAt(captureNanos);
        for (int i = 0; i < packets; i++) {
            ByteBuf payload = Unpooled.buffer();
            boolean first = i == 0;
            if (codec == Codec.VP8) {
                vp8(payload, first, key);
            } else if (codec == Codec.H264) {
                payload.writeByte(first && key ? 0x65 : 0x41);
            }
            frame.add(packet(timestamp, i == packets - 1, key && first, payload));
        }
        pictureId = pictureId + 1 & 0x7fff;
        tl0 = tl0 + 1 & 0xff;
        return frame;
    }

    /** One without payload, as a publisher sends to probe the path. */
    Packet padding(long captureNanos) {
        return new Packet(this, codec, nextNumber++, timestampAt(captureNanos), false, false, new byte[0]);
    }

    private Packet packet(long timestamp, boolean marker, boolean keyframe, ByteBuf payload) {
        long number = nextNumber++;
        payload.writeZero((int) (number % 50) * 5);
        payload.writeInt(ssrc);
        payload.writeLong(number);
        byte[] bytes = new byte[payload.readableBytes()];
        payload.readBytes(bytes);
        return new Packet(this, codec, number, timestamp, marker, keyframe, bytes);
    }

    /** Descriptor with long picture id, TL0PICIDX and TID, then the frame's header, with the size of a keyframe. */
    private void vp8(ByteBuf payload, boolean first, boolean key) {
        payload.writeByte(0x80 | (first ? 0x10 : 0));
        payload.writeByte(0xe0);
        payload.writeShort(0x8000 | pictureId);
        payload.writeByte(tl0);
        payload.writeByte(0);
        if (first && key) {
            payload.writeByte(0).writeZero(2).writeMedium(0x9d012a);
            payload.writeShortLE(height * 16 / 9).writeShortLE(height);
        } else {
            payload.writeByte(1);
        }
    }

    /**
     * Takes a packet in as from the network.
     *
     * @param recovered came by retransmission
     * @return whether it reached the layer: false for one that came before
     */
    boolean deliver(long now, Packet packet, boolean recovered) {
        buffer.clear();
        byte[] descriptor = {(byte) packet.number(), (byte) (packet.number() >> 8), 7};
        writer.begin(buffer, PAYLOAD_TYPE, packet.marker(), packet.number(), packet.timestamp(), ssrc)
                .extension(DESCRIPTOR_ID, descriptor)
                .end();
        buffer.writeBytes(packet.payload());
        RtpWriter.pad(buffer, 0, packet.empty() ? 200 : (int) (packet.number() % 3) * 20);
        if (!view.wrap(buffer)) {
            throw new IllegalStateException("not a packet: " + packet);
        }
        long number = stream.onPacket(now, view.sequence(), view.timestamp(), buffer.readableBytes(), recovered);
        if (number == ReceiveStream.NONE) {
            return false;
        }
        layer.onPacket(now, packet.codec(), view, number, stream.lastTimestamp());
        return true;
    }

    boolean deliver(long now, Packet packet) {
        return deliver(now, packet, false);
    }

    /** Delivers a whole picture, in order. */
    void deliverFrame(long now, int packets) {
        frame(now, packets).forEach(packet -> deliver(now, packet));
    }
}
