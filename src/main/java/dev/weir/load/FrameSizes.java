package dev.weir.load;

/**
 * How an encoder's frames become packets: a keyframe is four times a frame, what it took too much is paid back over the
 * following ones, and all packets of a frame are equal in size, as Chromium makes them.
 */
final class FrameSizes {
    /** An RTP packet before its authentication tag. */
    static final int MAX_PACKET_BYTES = 1_200;

    static final int KEYFRAME_FRAMES = 4;

    /** Of what is owed or saved a frame makes good so much. */
    private static final int CREDIT_SHARE = 8;

    private static final int MIN_PACKET_BYTES = 120;

    private final int frameBytes;
    private int creditBytes;
    private int packets;
    private int packetBytes;

    FrameSizes(LayerShape shape) {
        frameBytes = shape.bitrateBps() / 8 / shape.framesPerSecond();
    }

    /** Decides on the next frame. */
    void next(boolean keyframe) {
        int wanted = keyframe
                ? KEYFRAME_FRAMES * frameBytes
                : Math.clamp(frameBytes + creditBytes / CREDIT_SHARE, frameBytes / 2, 2 * frameBytes);
        packets = Math.max(1, (wanted + MAX_PACKET_BYTES / 2) / MAX_PACKET_BYTES);
        packetBytes = Math.clamp((wanted + packets - 1) / packets, MIN_PACKET_BYTES, MAX_PACKET_BYTES);
        creditBytes += frameBytes - packets * packetBytes;
    }

    int packets() {
        return packets;
    }

    /** Of each, with its RTP header. */
    int packetBytes() {
        return packetBytes;
    }
}
