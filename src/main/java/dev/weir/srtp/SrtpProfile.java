package dev.weir.srtp;

import java.util.Optional;

/** The protection profiles that Weir offers in a DTLS handshake, the preferred one first. */
public enum SrtpProfile {
    /** RFC 7714 section 14.2. */
    AEAD_AES_128_GCM(0x0007, 12, 16),
    /** RFC 5764 section 4.1.2. */
    AES128_CM_HMAC_SHA1_80(0x0001, 14, 10);

    /** The E bit and the 31-bit index of an SRTCP packet. */
    static final int RTCP_INDEX_BYTES = 4;

    private static final int KEY_BYTES = 16;

    private final int id;
    private final int saltBytes;
    private final int tagBytes;

    SrtpProfile(int id, int saltBytes, int tagBytes) {
        this.id = id;
        this.saltBytes = saltBytes;
        this.tagBytes = tagBytes;
    }

    /** The profile of that number in the use_srtp extension, if it is one of ours. */
    public static Optional<SrtpProfile> byId(int id) {
        for (SrtpProfile profile : values()) {
            if (profile.id == id) {
                return Optional.of(profile);
            }
        }
        return Optional.empty();
    }

    /** Its number in the use_srtp extension, 16 bits (RFC 5764 section 4.1.2). */
    public int id() {
        return id;
    }

    /** Size of a master key. */
    public int keyBytes() {
        return KEY_BYTES;
    }

    /** Size of a master salt. */
    public int saltBytes() {
        return saltBytes;
    }

    /** What to export from the handshake: both sides' master keys and salts (RFC 5764 section 4.2). */
    public int keyingMaterialBytes() {
        return 2 * (KEY_BYTES + saltBytes);
    }

    /** By how much protection makes an RTP packet longer. */
    public int rtpOverheadBytes() {
        return tagBytes;
    }

    /** By how much protection makes a compound RTCP packet longer. */
    public int rtcpOverheadBytes() {
        return tagBytes + RTCP_INDEX_BYTES;
    }
}
