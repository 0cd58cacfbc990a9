package dev.weir.client;

import java.util.List;

/**
 * Sends frames in the shape of VP8 (RFC 7741) in two temporal layers, on all its simulcast layers at once, lowest
 * first, as Chromium does. A keyframe comes at the start and when one is asked for, on all layers.
 */
final class Camera {
    private static final long SECOND = 1_000_000_000L;

    /** A decoder that stands still asks again and again; an encoder has its pride. */
    private static final long KEYFRAME_INTERVAL_NANOS = 300_000_000;

    /** The upper temporal layer can be joined once in so many frames, as with libwebrtc's two layers. */
    private static final int SYNC_FRAMES = 8;

    private final List<ClientPlan.LayerPlan> plans;
    private final List<SendingStream> streams;
    private final int framesPerSecond;
    private final long baseTimestamp;
    private final int[] pictureIds;
    private final int[] tl0s;

    private boolean on;
    private long started;
    private int frames;
    private long lastKeyframe = -KEYFRAME_INTERVAL_NANOS;
    private boolean keyframeWanted = true;
    private boolean lowerTemporalLayer;
    private int sinceKeyframe;
    private int keyframes;

    /** @param firstPictureId a layer's own is higher by its place times 1,000 */
    Camera(ClientPlan plan, List<SendingStream> streams, long baseTimestamp, int firstPictureId) {
        this.plans = plan.layers();
        this.streams = streams;
        this.framesPerSecond = plan.framesPerSecond();
        this.baseTimestamp = baseTimestamp;
        this.pictureIds = new int[plans.size()];
        this.tl0s = new int[plans.size()];
        for (int i = 0; i < plans.size(); i++) {
            pictureIds[i] = firstPictureId + 1_000 * i & 0x7fff;
            tl0s[i] = firstPictureId & 0xff;
        }
    }

    List<SendingStream> streams() {
        return streams;
    }

    int keyframes() {
        return keyframes;
    }

    int frames() {
        return frames;
    }

    void start(long now) {
        on = true;
        started = now;
    }

    void stop() {
        on = false;
    }

    void wantKeyframe() {
        keyframeWanted = true;
    }

    long nextTimeout() {
        return on ? started + frames * SECOND / framesPerSecond : Long.MAX_VALUE;
    }

    void onTimeout(long now) {
        while (now >= nextTimeout()) {
            sendFrame(now, timestamp(nextTimeout()));
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
        sinceKeyframe = keyframe ? 0 : sinceKeyframe + 1;
        lowerTemporalLayer = sinceKeyframe % 2 == 0;
        for (int i = 0; i < plans.size(); i++) {
            ClientPlan.LayerPlan plan = plans.get(i);
            pictureIds[i] = pictureIds[i] + 1 & 0x7fff;
            tl0s[i] = tl0s[i] + (lowerTemporalLayer ? 1 : 0) & 0xff;
            for (int packet = 0; packet < plan.packets(); packet++) {
                boolean last = packet == plan.packets() - 1;
                streams.get(i).send(now, timestamp, last, payload(i, packet, keyframe), 0);
            }
        }
    }

    private byte[] payload(int layer, int packet, boolean keyframe) {
        ClientPlan.LayerPlan plan = plans.get(layer);
        VideoPayload payload = new VideoPayload(
                packet == 0,
                keyframe,
                pictureIds[layer],
                tl0s[layer],
                lowerTemporalLayer ? 0 : 1,
                sinceKeyframe % SYNC_FRAMES == 1,
                plan.width(),
                plan.height(),
                frames,
                packet,
                plan.packets());
        return payload.toBytes(plan.packetBytes());
    }
}
