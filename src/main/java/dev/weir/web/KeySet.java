package dev.weir.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The public keys of whoever issues tokens, as a JWK set (RFC 7517, RFC 8037). Each key is for one algorithm, by its
 * own kind and not by what a token says. Keys of other kinds, shared secrets above all, are passed over. The JDK has
 * the algorithms, so all that is done here is to read three shapes of key.
 */
final class KeySet {
    static final int MAX_KEYS = 100;
    /** RFC 7518 section 3.3. */
    private static final int MIN_RSA_BITS = 2048;

    private static final int P256_BYTES = 32;
    private static final int ED25519_BYTES = 32;
    /** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Key> keys;

    private KeySet(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /** What a key set cannot be read for; the message is a sentence. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String sentence) {
            super(sentence);
        }
    }

    private record Key(Optional<String> id, Algorithm algorithm, PublicKey key) {}

    /** The algorithms of tokens that public keys check (RFC 7518 section 3.1, RFC 8037 section 3.1). */
    enum Algorithm {
        RS256("SHA256withRSA"),
        ES256("SHA256withECDSAinP1363Format"),
        EDDSA("Ed25519");

        private final String jdkName;

        Algorithm(String jdkName) {
            this.jdkName = jdkName;
        }

        static Optional<Algorithm> of(String name) {
            return switch (name) {
                case "RS256" -> Optional.of(RS256);
                case "ES256" -> Optional.of(ES256);
                case "EdDSA" -> Optional.of(EDDSA);
                default -> Optional.empty();
            };
        }

        private boolean isNamed(String name) {
            return of(name).filter(this::equals).isPresent() || this == EDDSA && name.equals("Ed25519");
        }
    }

    static KeySet parse(String text) throws Malformed {
        JsonNode list;
        try {
            list = JSON.readTree(text).path("keys");
        } catch (JacksonException _) {
            throw new Malformed("is no JSON");
        }
        if (!list.isArray() || list.size() > MAX_KEYS) {
            throw new Malformed("has to hold a list 'keys' of at most " + MAX_KEYS);
        }
        List<Key> keys = new ArrayList<>();
        for (JsonNode key : list) {
            read(key).ifPresent(keys::add);
        }
        if (keys.isEmpty()) {
            throw new Malformed("holds no key for RS256 (2048 bits or more), ES256 or EdDSA (Ed25519)");
        }
        return new KeySet(keys);
    }

    private static Optional<Key> read(JsonNode key) {
        String use = key.path("use").asText("sig");
        try {
            Optional<Key> read = use.equals("sig") ? readKind(key) : Optional.empty();
            return read.filter(it ->
                    !key.has("alg") || it.algorithm().isNamed(key.path("alg").asText()));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<Key> readKind(JsonNode key) throws GeneralSecurityException {
        Optional<String> id =
                key.path("kid").isTextual() ? Optional.of(key.path("kid").textValue()) : Optional.empty();
        String curve = key.path("crv").asText();
        return switch (key.path("kty").asText()) {
            case "RSA" -> rsa(key).map(it -> new Key(id, Algorithm.RS256, it));
            case "EC" ->
                curve.equals("P-256") ? Optional.of(new Key(id, Algorithm.ES256, p256(key))) : Optional.empty();
            case "OKP" ->
                curve.equals("Ed25519") ? Optional.of(new Key(id, Algorithm.EDDSA, ed25519(key))) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<PublicKey> rsa(JsonNode key) throws GeneralSecurityException {
        RSAPublicKey made = (RSAPublicKey)
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
        return made.getModulus().bitLength() < MIN_RSA_BITS ? Optional.empty() : Optional.of(made);
    }

    private static PublicKey p256(JsonNode key) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(
                new BigInteger(1, bytes(key, "x", P256_BYTES)), new BigInteger(1, bytes(key, "y", P256_BYTES)));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static PublicKey ed25519(JsonNode key) throws GeneralSecurityException {
        byte[] encoded = new byte[ED25519_PREFIX.length + ED25519_BYTES];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(bytes(key, "x", ED25519_BYTES), 0, encoded, ED25519_PREFIX.length, ED25519_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static BigInteger number(JsonNode key, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asText()));
    }

    private static byte[] bytes(JsonNode key, String name, int length) {
        byte[] bytes = Base64.getUrlDecoder().decode(key.path(name).asText());
        if (bytes.length != length) {
            throw new IllegalArgumentException(name);
        }
        return bytes;
    }

    /** Whether there is a key that a token with this header could be checked by. */
    boolean knows(Algorithm algorithm, Optional<String> keyId) {
        return keys.stream().anyMatch(key -> fits(key, algorithm, keyId));
    }

    boolean isSignature(Algorithm algorithm, Optional<String> keyId, byte[] signed, byte[] signature) {
        return keys.stream()
                .filter(key -> fits(key, algorithm, keyId))
                .anyMatch(key -> isSignature(key, signed, signature));
    }

    private static boolean fits(Key key, Algorithm algorithm, Optional<String> keyId) {
        return key.algorithm() == algorithm
                && (keyId.isEmpty() || key.id().isEmpty() || key.id().equals(keyId));
    }

    private static boolean isSignature(Key key, byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(key.algorithm().jdkName);
            verifier.initVerify(key.key());
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException _) {
            // What is no signature at all, by its length or form.
            return false;
        }
    }
}
