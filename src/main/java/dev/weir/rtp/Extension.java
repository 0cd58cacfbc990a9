package dev.weir.rtp;

/** The RTP header extensions that Weir negotiates. */
public enum Extension {
    /** The m-line a packet belongs to (RFC 9143). */
    MID("urn:ietf:params:rtp-hdrext:sdes:mid"),
    /** The encoding of a simulcast track (RFC 8852). */
    RID("urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
    /** The encoding that a retransmission repairs (RFC 8852). */
    REPAIRED_RID("urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"),
    /** The transport-wide sequence number, 16 bits. */
    TRANSPORT_CC("http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"),
    /** The time of sending, 24 bits of 6.18 fixed-point seconds. */
    ABS_SEND_TIME("http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"),
    /** Voice activity in the top bit, level in -dBov below it (RFC 6464). */
    AUDIO_LEVEL("urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
    /** Which frames and layers a packet is part of, for codecs without a descriptor of their own. */
    DEPENDENCY_DESCRIPTOR("https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension");

    private final String uri;

    Extension(String uri) {
        this.uri = uri;
    }

    /** The name in {@code a=extmap}. */
    public String uri() {
        return uri;
    }
}
