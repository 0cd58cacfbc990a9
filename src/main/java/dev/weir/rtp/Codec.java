package dev.weir.rtp;

/** The codecs that Weir forwards, with their names and clock rates of the RTP payload format registry. */
public enum Codec {
    OPUS(MediaKind.AUDIO, "opus", 48_000),
    VP8(MediaKind.VIDEO, "VP8", 90_000),
    VP9(MediaKind.VIDEO, "VP9", 90_000),
    H264(MediaKind.VIDEO, "H264", 90_000),
    AV1(MediaKind.VIDEO, "AV1", 90_000);

    private final MediaKind kind;
    private final String encodingName;
    private final int clockRate;

    Codec(MediaKind kind, String encodingName, int clockRate) {
        this.kind = kind;
        this.encodingName = encodingName;
        this.clockRate = clockRate;
    }

    public MediaKind kind() {
        return kind;
    }

    public String encodingName() {
        return encodingName;
    }

    /** RTP timestamp units a second. */
    public int clockRate() {
        return clockRate;
    }
}
