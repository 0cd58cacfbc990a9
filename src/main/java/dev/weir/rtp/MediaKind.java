package dev.weir.rtp;

/** What a stream carries; the media type of its m-line. */
public enum MediaKind {
    AUDIO,
    VIDEO
}
