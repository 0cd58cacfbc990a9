package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.DependencyDescriptor;
import dev.weir.rtp.DependencyDescriptorTest;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import dev.weir.rtp.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A publisher's encoder of one stream with layers, whose every frame knows what it needs. Pictures come in the order T0,
 * T2, T1, T2; dependency descriptors are made of structures recorded from Chromium.
 */
final class LayeredEncoder {
    enum Mode {
        VP8_T3(Codec.VP8, null, 1, 0),
        VP9_L2T3(Codec.VP9, null, 2, 0),
        VP9_L2T3_KEY(Codec.VP9, DependencyDescriptorTest.L3T3_KEY, 2, 0),
        AV1_L1T3(Codec.AV1, DependencyDescriptorTest.L1T3, 1, 0),
        AV1_L2T3(Codec.AV1, DependencyDescriptorTest.L3T3, 2, 1);

        final Codec codec;
        final String structure;
        final int spatialLayers;
        final int keyTemplate;

        Mode(Codec codec, String structure, int spatialLayers, int keyTemplate) {
            this.codec = codec;
            this.structure = structure == null ? null : Wire.hex(structure);
            this.spatialLayers = spatialLayers;
            this.keyTemplate = keyTemplate;
        }
    }

    /** @param id counts frames. @param needs ids of others */
    record Frame(LayeredEncoder from, long id, int spatial, int temporal, boolean key, Set<Long> needs, int packets) {}

    record Packet(
            Frame frame,
            long number,
            long timestamp,
            boolean first,
            boolean marker,
            byte[] payload,
            byte[] descriptor) {}

    static final int SERIAL_BYTES = Integer.BYTES + Long.BYTES;

    private static final int[] TEMPORAL = {0, 2, 1, 2};
    private static final int[] TEMPLATE = {0, 3, 2, 4};
    private static final int UPPER_TEMPLATES = 5;
    private static final int DESCRIPTOR_ID = FakeEncoder.DESCRIPTOR_ID;

    final Layer layer;
    final Mode mode;
    final int ssrc;
    final ReceiveStream stream;
    boolean wantsKeyframe = true;

    private final Random random;
    private final RtpWriter writer = new RtpWriter();
    private final RtpView view = new RtpView();
    private final ByteBuf buffer = Unpooled.buffer(2_048);
    private final DependencyDescriptor own = new DependencyDescriptor();
    final long firstTimestamp;
    long number;
    private long frameId = 1;
    private long picture;
    private int tl0;
    private int place;

    /** Ids of the last frame of each spatial and temporal layer. */
    private final long[][] last = new long[2][3];

    LayeredEncoder(Layer layer, Mode mode, int ssrc, Random random, PublisherClock clock) {
        this.layer = layer;
        this.mode = mode;
        this.ssrc = ssrc;
        this.random = random;
        this.stream = new ReceiveStream(ssrc, 90_000, true, clock);
        this.number = 0xffff - random.nextInt(300);
        this.firstTimestamp = (1L << 32) - random.nextInt(100) * 10_000L;
        this.picture = 0x7fff - random.nextInt(100);
        this.tl0 = random.nextInt(256);
        layer.bind(stream, FakeEncoder.IDS);
    }

    /** All packets of a picture. */
    List<Packet> picture(long captureNanos) {
        boolean key = wantsKeyframe;
        wantsKeyframe = false;
        place = key ? 0 : (place + 1) % TEMPORAL.length;
        picture++;
        if (key) {
            for (long[] layers : last) {
                Arrays.fill(layers, 0);
            }
        }
        int temporal = TEMPORAL[place];
        tl0 += temporal == 0 ? 1 : 0;
        boolean sync = temporal == 1 ? random.nextInt(3) == 0 : temporal == 2 && place == 1;
        long timestamp = firstTimestamp + captureNanos * 9 / 100_000;
        List<Packet> packets = new ArrayList<>();
        for (int spatial = 0; spatial < mode.spatialLayers; spatial++) {
            int count = 1 + random.nextInt(3);
            byte[] descriptor = mode.structure == null ? null : descriptor(spatial, key, true, true);
            Set<Long> needs = descriptor == null ? needs(spatial, temporal, key, sync) : needs(descriptor);
            Frame frame = new Frame(this, frameId, spatial, temporal, key && spatial == 0, needs, count);
            for (int i = 0; i < count; i++) {
                boolean end = i == count - 1;
                byte[] part = descriptor == null ? null : descriptor(spatial, key, i == 0, end);
                boolean marker = end && spatial == mode.spatialLayers - 1;
                byte[] payload = payload(frame, i == 0, end, sync, key);
                packets.add(new Packet(frame, number++, timestamp, i == 0, marker, payload, part));
            }
            last[spatial][temporal] = frameId++;
        }
        return packets;
    }

    private Set<Long> needs(int spatial, int temporal, boolean key, boolean sync) {
        Set<Long> needs = new HashSet<>();
        if (spatial > 0) {
            needs.add(frameId - 1);
        }
        for (int lower = 0; !key && lower <= (sync ? 0 : temporal); lower++) {
            boolean sameGroup = last[spatial][lower] >= last[spatial][0];
            // The highest layer's frames are nobody's; without a sync point, one layer needs its own last frame.
            if (lower < 2 && (sameGroup || lower == temporal && mode == Mode.VP8_T3)) {
                needs.add(last[spatial][lower]);
            }
        }
        needs.remove(0L);
        return needs;
    }

    private Set<Long> needs(byte[] descriptor) {
        own.read(Unpooled.wrappedBuffer(descriptor), 0, descriptor.length);
        Set<Long> needs = new HashSet<>();
        for (int i = 0; i < own.diffCount(); i++) {
            needs.add(frameId - own.diff(i));
        }
        return needs;
    }

    private byte[] descriptor(int spatial, boolean key, boolean first, boolean end) {
        int template = (key ? mode.keyTemplate : place == 0 ? 1 - mode.keyTemplate : TEMPLATE[place]);
        template += spatial * UPPER_TEMPLATES;
        byte[] bytes = key && spatial == 0 && first ? Wire.array(mode.structure) : new byte[3];
        bytes[0] = (byte) ((first ? 0x80 : 0) | (end ? 0x40 : 0) | template);
        bytes[1] = (byte) (frameId >> 8);
        bytes[2] = (byte) frameId;
        if (bytes.length > 3) {
            // All layers are made, whatever the recorded sender said.
            bytes[3] |= (byte) 0x80;
        }
        return bytes;
    }

    private byte[] payload(Frame frame, boolean first, boolean end, boolean sync, boolean key) {
        ByteBuf payload = Unpooled.buffer();
        switch (mode.codec) {
            case VP8 -> {
                payload.writeByte(0x80 | (first ? 0x10 : 0)).writeByte(0xe0).writeShort(0x8000 | (int) picture);
                payload.writeByte(tl0).writeByte(frame.temporal() << 6 | (sync ? 0x20 : 0));
                payload.writeByte(first && key ? 0 : 1).writeZero(9);
            }
            case VP9 -> {
                payload.writeByte(0xa0 | (key ? 0 : 0x40) | (first ? 8 : 0) | (end ? 4 : 0));
                payload.writeShort(0x8000 | (int) picture);
                payload.writeByte(frame.temporal() << 5 | (sync ? 0x10 : 0) | frame.spatial() << 1);
                payload.writeByte(tl0);
            }
            default -> payload.writeByte(first && frame.key() ? 0x18 : 0x10).writeByte(0x30);
        }
        payload.writeInt(ssrc).writeLong(number);
        byte[] bytes = new byte[payload.readableBytes()];
        payload.readBytes(bytes);
        return bytes;
    }

    /** Takes a packet in as from the network. @return whether it reached the layer */
    boolean deliver(long now, Packet packet) {
        buffer.clear();
        writer.begin(buffer, 96, packet.marker(), packet.number(), packet.timestamp(), ssrc);
        if (packet.descriptor() != null) {
            writer.extension(DESCRIPTOR_ID, packet.descriptor());
        }
        writer.end();
        buffer.writeBytes(packet.payload());
        view.wrap(buffer);
        long unwrapped = stream.onPacket(now, view.sequence(), view.timestamp(), buffer.readableBytes(), false);
        if (unwrapped == ReceiveStream.NONE) {
            return false;
        }
        layer.onPacket(now, mode.codec, view, unwrapped, stream.lastTimestamp());
        return true;
    }
}
