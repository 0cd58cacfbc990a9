package dev.weir.rtp;

/** What an m-line or a track carries. */
public enum MediaKind {
    AUDIO,
    VIDEO
}
