package dev.weir.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session keys from a master key and salt by AES in counter mode (RFC 3711 section 4.3), with a key derivation rate of
 * zero: once per master key.
 */
final class KeyDerivation {
    static final int RTP_ENCRYPTION = 0;
    static final int RTP_AUTHENTICATION = 1;
    static final int RTP_SALT = 2;
    static final int RTCP_ENCRYPTION = 3;
    static final int RTCP_AUTHENTICATION = 4;
    static final int RTCP_SALT = 5;

    /** Where the label meets the salt: 48 bits of index follow it in the 112. */
    private static final int LABEL = 7;

    private static final int BLOCK_BYTES = 16;
    private static final int BLOCK_COUNTER = 15;

    private KeyDerivation() {}

    /** The first {@code bytes} (at most 4,096) of the key of that label. */
    static byte[] derive(SrtpKeys keys, int label, int bytes) {
        // A salt of 96 bits is moved to the upper end of the 112 (RFC 7714 section 11); the lowest 16 bits of the block
        // count.
        byte[] block = Arrays.copyOf(keys.masterSalt(), BLOCK_BYTES);
        block[LABEL] ^= (byte) label;
        byte[] derived = new byte[(bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES];
        try {
            Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.masterKey(), "AES"));
            for (int at = 0; at < derived.length; at += BLOCK_BYTES) {
                block[BLOCK_COUNTER] = (byte) (at / BLOCK_BYTES);
                aes.doFinal(block, 0, BLOCK_BYTES, derived, at);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES is part of every JDK", e);
        }
        return Arrays.copyOf(derived, bytes);
    }
}
