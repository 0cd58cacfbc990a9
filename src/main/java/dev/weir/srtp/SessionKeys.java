package dev.weir.srtp;

/**
 * What a cipher works with, for RTP or for RTCP: derived from the master key and salt of one side. The arrays are not
 * copied.
 *
 * @param authentication empty where encryption authenticates too
 */
record SessionKeys(byte[] encryption, byte[] authentication, byte[] salt) {
    private static final int HMAC_SHA1_KEY_BYTES = 20;

    static SessionKeys rtp(SrtpProfile profile, SrtpKeys keys) {
        return derive(
                profile, keys, KeyDerivation.RTP_ENCRYPTION, KeyDerivation.RTP_AUTHENTICATION, KeyDerivation.RTP_SALT);
    }

    static SessionKeys rtcp(SrtpProfile profile, SrtpKeys keys) {
        return derive(
                profile,
                keys,
                KeyDerivation.RTCP_ENCRYPTION,
                KeyDerivation.RTCP_AUTHENTICATION,
                KeyDerivation.RTCP_SALT);
    }

    private static SessionKeys derive(
            SrtpProfile profile, SrtpKeys keys, int encryption, int authentication, int salt) {
        int authenticationBytes =
                switch (profile) {
                    case AEAD_AES_128_GCM -> 0;
                    case AES128_CM_HMAC_SHA1_80 -> HMAC_SHA1_KEY_BYTES;
                };
        return new SessionKeys(
                KeyDerivation.derive(keys, encryption, profile.keyBytes()),
                KeyDerivation.derive(keys, authentication, authenticationBytes),
                KeyDerivation.derive(keys, salt, profile.saltBytes()));
    }
}
