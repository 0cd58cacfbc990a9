package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.signal.ErrorCode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer with three keys, and the classic attacks on them. */
final class KeySetTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final long EXPIRY = NOW.getEpochSecond() + 3600;
    private static final String CLAIMS = "{\"sub\":\"ada\",\"room\":\"lab\",\"role\":\"host\",\"exp\":" + EXPIRY
            + ",\"iss\":\"us\",\"aud\":[\"weir\"]}";

    private static KeyPair rsa;
    private static KeyPair ec;
    private static KeyPair ed;
    private static String rsaKey;
    private static String set;
    private static Tokens tokens;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = generate("RSA", 2048);
        KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
        curve.initialize(new ECGenParameterSpec("secp256r1"));
        ec = curve.generateKeyPair();
        ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        RSAPublicKey rsaPublic = (RSAPublicKey) rsa.getPublic();
        ECPublicKey ecPublic = (ECPublicKey) ec.getPublic();
        byte[] edDer = ed.getPublic().getEncoded();
        rsaKey = "{\"kty\":\"RSA\",\"kid\":\"r\",\"alg\":\"RS256\",\"n\":\"%s\",\"e\":\"%s\"}"
                .formatted(
                        encode(unsigned(rsaPublic.getModulus(), 256)),
                        encode(rsaPublic.getPublicExponent().toByteArray()));
        set = "{\"keys\":[%s,{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e\",\"x\":\"%s\",\"y\":\"%s\"},"
                        .formatted(
                                rsaKey,
                                encode(unsigned(ecPublic.getW().getAffineX(), 32)),
                                encode(unsigned(ecPublic.getW().getAffineY(), 32)))
                + "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"d\",\"x\":\"%s\"},"
                        .formatted(encode(Arrays.copyOfRange(edDer, edDer.length - 32, edDer.length)))
                + "{\"kty\":\"oct\",\"kid\":\"o\",\"alg\":\"HS256\",\"k\":\"%s\"}]}"
                        .formatted(encode(TestServer.SECRET.getBytes(StandardCharsets.UTF_8)));
        KeySet keys = KeySet.parse(set);
        tokens = new Tokens(
                Optional.empty(),
                () -> Optional.of(keys),
                Optional.of("us"),
                Optional.of("weir"),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @CsvSource({"RS256,r", "ES256,e", "EdDSA,d", "RS256,", "ES256,", "EdDSA,"})
    void takesWhatTheIssuerSigned(String algorithm, String kid) throws Exception {
        var valid = assertInstanceOf(Tokens.Verdict.Valid.class, tokens.verify(signed(algorithm, kid, CLAIMS), "lab"));
        assertEquals("ada", valid.identity().subject());
        assertEquals(Instant.ofEpochSecond(EXPIRY), valid.expiry());
    }

    /** The public key as a secret, in each form that it is known by. */
    @Test
    void neverTakesAPublicKeyForASecret() throws Exception {
        byte[] der = rsa.getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        Tokens both = new Tokens(
                Optional.of(TestServer.SECRET),
                () -> Optional.of(parsed()),
                Optional.empty(),
                Optional.empty(),
                Clock.fixed(NOW, ZoneOffset.UTC));
        for (byte[] secret : new byte[][] {
            der,
            pem.getBytes(StandardCharsets.UTF_8),
            pem.strip().getBytes(StandardCharsets.UTF_8),
            rsaKey.getBytes(StandardCharsets.UTF_8)
        }) {
            for (String header : new String[] {"{\"alg\":\"HS256\"}", "{\"alg\":\"HS256\",\"kid\":\"r\"}"}) {
                String token = hmac(header, CLAIMS, secret);
                assertRefused(tokens.verify(token, "lab"));
                assertRefused(both.verify(token, "lab"));
            }
        }
    }

    @Test
    void neverTakesASharedSecretOutOfAKeySet() throws Exception {
        String token =
                hmac("{\"alg\":\"HS256\",\"kid\":\"o\"}", CLAIMS, TestServer.SECRET.getBytes(StandardCharsets.UTF_8));
        assertRefused(tokens.verify(token, "lab"));
    }

    @ParameterizedTest
    @CsvSource({"RS256,e,RSA", "ES256,r,EC", "EdDSA,r,Ed25519", "RS256,unknown,RSA"})
    void doesNotKnowAKeyByAnotherNameOrForAnotherAlgorithm(String algorithm, String kid, String kind) throws Exception {
        assertInstanceOf(Tokens.Verdict.UnknownKey.class, tokens.verify(signed(algorithm, kid, CLAIMS), "lab"), kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "", "HS256", "HS384", "RS512", "PS256", "ES384", "ES256K"})
    void refusesEveryOtherAlgorithm(String algorithm) throws Exception {
        String[] parts = signed("RS256", "r", CLAIMS).split("\\.");
        String header = encode(("{\"alg\":\"" + algorithm + "\",\"kid\":\"r\"}").getBytes(StandardCharsets.UTF_8));
        assertRefused(tokens.verify(header + "." + parts[1] + "." + parts[2], "lab"));
        assertRefused(tokens.verify(header + "." + parts[1] + ".", "lab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256,r", "ES256,e", "EdDSA,d"})
    void refusesTamperedOnesAndEmptySignatures(String kind) throws Exception {
        String token = signed(kind.split(",")[0], kind.split(",")[1], CLAIMS);
        String[] parts = token.split("\\.");
        String other = encode(CLAIMS.replace("ada", "eve").getBytes(StandardCharsets.UTF_8));
        assertRefused(tokens.verify(parts[0] + "." + other + "." + parts[2], "lab"));
        assertRefused(tokens.verify(parts[0] + "." + parts[1] + ".", "lab"));
        // All zero: what passed for any ECDSA signature in some JDKs (CVE-2022-21449).
        assertRefused(tokens.verify(parts[0] + "." + parts[1] + "." + encode(new byte[64]), "lab"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"room\":\"lab\",\"exp\":EXP,\"iss\":\"us\",\"aud\":\"weir\"}",
                "{\"sub\":\"a\",\"exp\":EXP,\"iss\":\"us\",\"aud\":\"weir\"}",
                "{\"sub\":\"a\",\"room\":\"lab\",\"iss\":\"us\",\"aud\":\"weir\"}",
                "{\"sub\":\"a\",\"room\":\"lab\",\"exp\":1,\"iss\":\"us\",\"aud\":\"weir\"}",
                "{\"sub\":\"a\",\"room\":\"lab\",\"exp\":EXP,\"nbf\":EXP,\"iss\":\"us\",\"aud\":\"weir\"}",
                "{\"sub\":\"a\",\"room\":\"lab\",\"exp\":EXP,\"iat\":EXP,\"iss\":\"us\",\"aud\":\"weir\"}",
                "{\"sub\":\"a\",\"room\":\"lab\",\"exp\":EXP,\"iat\":\"soon\",\"iss\":\"us\",\"aud\":\"weir\"}",
                "{\"sub\":\"a\",\"room\":\"lab\",\"exp\":EXP,\"iss\":\"them\",\"aud\":\"weir\"}",
                "{\"sub\":\"a\",\"room\":\"lab\",\"exp\":EXP,\"iss\":\"us\",\"aud\":\"other\"}",
                "{\"sub\":\"a\",\"room\":\"lab\",\"exp\":EXP,\"iss\":\"us\"}"
            })
    void refusesClaimsThatAreMissingOrNotForNow(String claims) throws Exception {
        assertRefused(tokens.verify(signed("ES256", "e", claims.replace("EXP", "" + EXPIRY)), "lab"));
    }

    @Test
    void bearsAClockThatIsALittleAhead() throws Exception {
        String claims = CLAIMS.replace("\"sub\"", "\"nbf\":" + (NOW.getEpochSecond() + 9) + ",\"sub\"");
        assertInstanceOf(Tokens.Verdict.Valid.class, tokens.verify(signed("EdDSA", "d", claims), "lab"));
    }

    @Test
    void isForItsOwnRoomOnly() throws Exception {
        var refused =
                assertInstanceOf(Tokens.Verdict.Refused.class, tokens.verify(signed("ES256", "e", CLAIMS), "kitchen"));
        assertEquals(ErrorCode.FORBIDDEN, refused.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":7}",
                "nonsense",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"
            })
    void refusesSetsWithoutAKey(String text) {
        assertThrows(KeySet.Malformed.class, () -> KeySet.parse(text));
    }

    @Test
    void refusesAnRsaKeyThatIsTooShort() throws Exception {
        RSAPublicKey weak = (RSAPublicKey) generate("RSA", 1024).getPublic();
        String text = "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}]}"
                .formatted(encode(unsigned(weak.getModulus(), 128)));
        assertThrows(KeySet.Malformed.class, () -> KeySet.parse(text));
    }

    private static void assertRefused(Tokens.Verdict verdict) {
        assertEquals(
                ErrorCode.UNAUTHORIZED,
                assertInstanceOf(Tokens.Verdict.Refused.class, verdict).code());
    }

    private static KeySet parsed() {
        try {
            return KeySet.parse(set);
        } catch (KeySet.Malformed wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static String signed(String algorithm, String kid, String claims) throws Exception {
        String header = "{\"alg\":\"" + algorithm + "\"" + (kid == null ? "}" : ",\"kid\":\"" + kid + "\"}");
        String text =
                encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        Signature signer =
                switch (algorithm) {
                    case "RS256" -> Signature.getInstance("SHA256withRSA");
                    case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
                    default -> Signature.getInstance("Ed25519");
                };
        signer.initSign(
                switch (algorithm) {
                    case "RS256" -> rsa.getPrivate();
                    case "ES256" -> ec.getPrivate();
                    default -> ed.getPrivate();
                });
        signer.update(text.getBytes(StandardCharsets.UTF_8));
        return text + "." + encode(signer.sign());
    }

    private static String hmac(String header, String claims, byte[] secret) throws Exception {
        String text =
                encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return text + "." + encode(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static KeyPair generate(String kind, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    private static byte[] unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int count = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - count, fixed, length - count, count);
        return fixed;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
