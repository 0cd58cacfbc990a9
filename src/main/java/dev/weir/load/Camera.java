package dev.weir.load;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sends the frames of all its simulcast layers, lowest first, as Chromium does. A keyframe comes at the start and when
 * one is asked for, on all layers.
 */
final class Camera {
    /** Whoever stands still asks again and again; an encoder answers once. */
    static final long KEYFRAME_INTERVAL_NANOS = 300_000_000;

    private static final long SECOND = 1_000_000_000;

    /** So late a frame is not sent any more: the generator is overloaded, and a burst would load the server falsely. */
    private static final long MAX_LATE_NANOS = 200_000_000;

    private final List<Layer> layers;
    private final int framesPerSecond;
    private final boolean temporal;
    private final long baseTimestamp;

    private boolean on;
    private long started;
    private long frames;
    private long lastKeyframe = -KEYFRAME_INTERVAL_NANOS;
    private boolean keyframeWanted = true;
    private boolean upper;
    private int keyframes;
    private int skipped;

    private static final class Layer {
        final LayerShape shape;
        final SendStream stream;
        final FrameSizes sizes;
        boolean active = true;
        int due;
        int pictureId;
        int tl0;

        Layer(LayerShape shape, SendStream stream, int pictureId) {
            this.shape = shape;
            this.stream = stream;
            this.sizes = new FrameSizes(shape);
            this.pictureId = pictureId;
        }
    }

    /** @param streams one for each shape */
    Camera(List<LayerShape> shapes, List<SendStream> streams, int temporalLayers, RandomGenerator random) {
        layers = shapes.stream()
                .map(shape -> new Layer(shape, streams.get(shapes.indexOf(shape)), random.nextInt(1 << 15)))
                .toList();
        framesPerSecond =
                shapes.stream().mapToInt(LayerShape::framesPerSecond).max().orElse(1);
        temporal = temporalLayers > 1;
        baseTimestamp = random.nextInt(1 << 30);
    }

    /** The first frame comes within one frame's time, so that many cameras do not beat as one. */
    void start(long now, RandomGenerator random) {
        on = true;
        started = now + random.nextLong(SECOND / framesPerSecond);
    }

    void wantKeyframe() {
        keyframeWanted = true;
    }

    /** The server wants a layer, or does not. A layer that comes back begins with a keyframe. */
    void activate(String rid, boolean active) {
        for (Layer layer : layers) {
            if (layer.shape.rid().equals(rid)) {
                keyframeWanted |= active && !layer.active;
                layer.active = active;
            }
        }
    }

    int keyframes() {
        return keyframes;
    }

    /** Frames left out since the generator was too slow for them. */
    int skipped() {
        return skipped;
    }

    long nextTimeout() {
        return on ? started + frames * SECOND / framesPerSecond : Long.MAX_VALUE;
    }

    void onTimeout(long now) {
        while (now >= nextTimeout()) {
            if (now - nextTimeout() > MAX_LATE_NANOS) {
                skipped++;
            } else {
                sendFrame(now, timestamp(nextTimeout()));
            }
            frames++;
        }
    }

    /** Of a moment on our clock. */
    long timestamp(long now) {
        return baseTimestamp + (now - started) / 1_000 * 90 / 1_000;
    }

    private void sendFrame(long now, long timestamp) {
        boolean keyframe = keyframeWanted && now - lastKeyframe >= KEYFRAME_INTERVAL_NANOS;
        if (keyframe) {
            keyframeWanted = false;
            lastKeyframe = now;
            keyframes++;
        }
        upper = temporal && !keyframe && !upper;
        for (Layer layer : layers) {
            layer.due += layer.shape.framesPerSecond();
            if (layer.active && (keyframe || layer.due >= framesPerSecond)) {
                send(layer, now, timestamp, keyframe);
            }
            layer.due = layer.due >= framesPerSecond ? layer.due - framesPerSecond : layer.due;
        }
    }

    private void send(Layer layer, long now, long timestamp, boolean keyframe) {
        layer.pictureId++;
        layer.tl0 += upper ? 0 : 1;
        layer.sizes.next(keyframe);
        int packets = layer.sizes.packets();
        int bytes = layer.sizes.packetBytes() - SendStream.HEADER_BYTES;
        for (int i = 0; i < packets; i++) {
            int bits = Vp8Payload.bits(layer.pictureId, layer.tl0, upper, i == 0, keyframe);
            layer.stream.send(now, timestamp, i == packets - 1, bits, bytes, 0);
        }
    }
}
