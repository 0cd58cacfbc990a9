package dev.weir.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What all nodes of a cluster know and nobody else. Hazelcast's community edition encrypts nothing and asks a member
 * for no proof, so what is put into its maps is sealed here, under names that tell nothing. Keys for other uses are
 * derived, each for its purpose. Immutable.
 */
public final class ClusterSecret {
    private static final String HKDF = "HKDF-SHA256";
    private static final String HMAC = "HmacSHA256";
    private static final byte[] SALT = "weir cluster 1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;
    /** NIST SP 800-38D section 8.2.2: random nonces are good for 2^32 values of one key, far more than are ever sealed. */
    private static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;
    private static final int NAME_BYTES = 16;

    private final SecretKeySpec input;
    private final SecretKeySpec names;
    private final SecretKeySpec seal;
    private final boolean known;
    private final SecureRandom random = new SecureRandom();

    private ClusterSecret(String secret, boolean known) {
        this.input = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "Generic");
        this.known = known;
        this.names = new SecretKeySpec(derive("names", KEY_BYTES), HMAC);
        this.seal = new SecretKeySpec(derive("seal", KEY_BYTES), "AES");
    }

    public static ClusterSecret of(String secret) {
        return new ClusterSecret(secret, false);
    }

    /** Of a cluster that never leaves its machine: everything works as with a secret, and protects nothing. */
    public static ClusterSecret none() {
        return new ClusterSecret("no secret", true);
    }

    /** Whether anybody may know it. */
    boolean isNone() {
        return known;
    }

    /** Key material for one purpose (RFC 5869). */
    public byte[] derive(String purpose, int bytes) {
        try {
            return KDF.getInstance(HKDF)
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(input)
                            .addSalt(SALT)
                            .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a key of a map is called, for those who know the secret. */
    String name(String map, String key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(names);
            mac.update((map + "\0" + key).getBytes(StandardCharsets.UTF_8));
            byte[] name = new byte[NAME_BYTES];
            System.arraycopy(mac.doFinal(), 0, name, 0, NAME_BYTES);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param place where it is to stand: in another one it cannot be unsealed */
    byte[] seal(String place, byte[] value) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, place, nonce);
            byte[] sealed = cipher.doFinal(value);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty for what was not sealed by this secret for this place. */
    Optional<byte[]> unseal(String place, byte[] sealed) {
        if (sealed.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            return Optional.empty();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 0, nonce, 0, NONCE_BYTES);
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, place, nonce)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, String place, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, seal, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    @Override
    public String toString() {
        return "ClusterSecret";
    }
}
