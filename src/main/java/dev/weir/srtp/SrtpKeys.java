package dev.weir.srtp;

import java.util.Arrays;

/** The master key and salt of one direction. The arrays are copied on the way in. */
public final class SrtpKeys {
    private final byte[] masterKey;
    private final byte[] masterSalt;

    /** Sizes are those of the profile that the keys are for. */
    public SrtpKeys(byte[] masterKey, byte[] masterSalt) {
        this.masterKey = masterKey.clone();
        this.masterSalt = masterSalt.clone();
    }

    /** What the DTLS client protects with. {@code exported} is {@link SrtpProfile#keyingMaterialBytes} long. */
    public static SrtpKeys client(SrtpProfile profile, byte[] exported) {
        return side(profile, exported, 0);
    }

    /** What the DTLS server protects with. {@code exported} is {@link SrtpProfile#keyingMaterialBytes} long. */
    public static SrtpKeys server(SrtpProfile profile, byte[] exported) {
        return side(profile, exported, 1);
    }

    /** RFC 5764 section 4.2: client key, server key, client salt, server salt. */
    private static SrtpKeys side(SrtpProfile profile, byte[] exported, int side) {
        if (exported.length != profile.keyingMaterialBytes()) {
            throw new IllegalArgumentException(exported.length + " bytes of keying material for " + profile);
        }
        int key = side * profile.keyBytes();
        int salt = 2 * profile.keyBytes() + side * profile.saltBytes();
        return new SrtpKeys(
                Arrays.copyOfRange(exported, key, key + profile.keyBytes()),
                Arrays.copyOfRange(exported, salt, salt + profile.saltBytes()));
    }

    byte[] masterKey() {
        return masterKey;
    }

    byte[] masterSalt() {
        return masterSalt;
    }
}
