package dev.weir.rtp;

import java.util.Optional;

/** The codecs that Weir forwards, with what session descriptions say of them. */
public enum Codec {
    OPUS("opus", 48_000, MediaKind.AUDIO),
    /** Opus with Opus of before as redundancy (RFC 2198); goes beside it, never alone. */
    RED("red", 48_000, MediaKind.AUDIO),
    VP8("VP8", 90_000, MediaKind.VIDEO),
    VP9("VP9", 90_000, MediaKind.VIDEO),
    H264("H264", 90_000, MediaKind.VIDEO),
    AV1("AV1", 90_000, MediaKind.VIDEO);

    private final String encodingName;
    private final int clockRate;
    private final MediaKind kind;

    Codec(String encodingName, int clockRate, MediaKind kind) {
        this.encodingName = encodingName;
        this.clockRate = clockRate;
        this.kind = kind;
    }

    /** The video codec of this name, compared as in {@code a=rtpmap}. */
    public static Optional<Codec> video(String encodingName) {
        for (Codec codec : values()) {
            if (codec.kind == MediaKind.VIDEO && codec.encodingName.equalsIgnoreCase(encodingName)) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }

    /** The name in {@code a=rtpmap}; compared without regard to case (RFC 8866 section 6.6). */
    public String encodingName() {
        return encodingName;
    }

    /** Ticks of the RTP timestamp per second. */
    public int clockRate() {
        return clockRate;
    }

    public MediaKind kind() {
        return kind;
    }
}
