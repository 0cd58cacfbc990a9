package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Identity;
import dev.weir.signal.Role;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokensTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final String SECRET = TestServer.SECRET;
    private static final Tokens.Claims ADA = new Tokens.Claims("ada", "Ada", "lab", Role.COHOST, true);

    private final Tokens tokens = new Tokens(SECRET, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void takesWhatItSigned() {
        var valid = assertInstanceOf(
                Tokens.Verdict.Valid.class, tokens.verify(tokens.sign(ADA, Duration.ofHours(1)), "lab"));
        assertEquals(new Identity("ada", "Ada", Role.COHOST, true), valid.identity());
        assertEquals(NOW.plusSeconds(3600), valid.expiry());
    }

    /** Signed with Python's hmac module. */
    @Test
    void takesATokenThatAnotherToolSigned() {
        String token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhIiwicm9vbSI6IioiLCJleHAiOjQxMDI0NDQ4MDB9."
                + "-F-u7aO8_fqAaupmvaK0zp96NZwHWyw2v6x47SK5lOQ";
        var valid = assertInstanceOf(Tokens.Verdict.Valid.class, tokens.verify(token, "any"));
        assertEquals(new Identity("a", "", Role.GUEST, false), valid.identity());
    }

    @Test
    void refusesAnExpiredOneFromTheSecondOnThatItNames() {
        assertRefused(ErrorCode.UNAUTHORIZED, tokens.sign(ADA, Duration.ZERO));
    }

    @Test
    void refusesOneForAnotherRoomAndTakesOneForAll() {
        String elsewhere = tokens.sign(new Tokens.Claims("a", "A", "kitchen", Role.GUEST, false), Duration.ofHours(1));
        String everywhere = tokens.sign(new Tokens.Claims("a", "A", "*", Role.GUEST, false), Duration.ofHours(1));
        assertRefused(ErrorCode.FORBIDDEN, elsewhere);
        assertInstanceOf(Tokens.Verdict.Valid.class, tokens.verify(everywhere, "lab"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\"}",
                "{\"alg\":\"None\"}",
                "{\"alg\":\"HS512\"}",
                "{\"alg\":\"RS256\"}",
                "{\"alg\":\"hs256\"}",
                "{\"typ\":\"JWT\"}",
                "{\"alg\":[\"HS256\"]}",
                "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
                "[]"
            })
    void refusesEveryOtherHeaderHoweverWellSigned(String header) throws Exception {
        String claims = "{\"room\":\"*\",\"exp\":4102444800}";
        assertRefused(ErrorCode.UNAUTHORIZED, signed(header, claims));
        assertRefused(ErrorCode.UNAUTHORIZED, encode(header) + "." + encode(claims) + ".");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"room\":\"*\"}",
                "{\"room\":\"*\",\"exp\":\"4102444800\"}",
                "{\"room\":\"*\",\"exp\":4102444800,\"role\":\"king\"}",
                "{\"room\":\"*\",\"exp\":4102444800,\"nbf\":4102444700}",
                "[]",
                "nonsense"
            })
    void refusesClaimsThatItCannotTrust(String claims) throws Exception {
        assertRefused(ErrorCode.UNAUTHORIZED, signed("{\"alg\":\"HS256\"}", claims));
    }

    @Test
    void refusesATokenWithAnyBitOfItsTextBent() {
        String token = tokens.sign(ADA, Duration.ofHours(1));
        byte[] text = token.getBytes(StandardCharsets.US_ASCII);
        // The last character of a part has bits that stand for nothing; those before it have none.
        for (int i = 0; i < text.length - 1; i++) {
            byte[] bent = text.clone();
            bent[i] = (byte) (bent[i] == 'A' ? 'B' : 'A');
            if (text[i] != '.' && i + 1 < text.length && text[i + 1] == '.') {
                continue;
            }
            assertRefused(ErrorCode.UNAUTHORIZED, new String(bent, StandardCharsets.US_ASCII));
        }
        assertRefused(ErrorCode.UNAUTHORIZED, new Tokens("x".repeat(32)).sign(ADA, Duration.ofDays(9999)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "\u00e4.\u00f6.\u00fc"})
    void refusesWhatIsNoToken(String token) {
        assertRefused(ErrorCode.UNAUTHORIZED, token);
    }

    private void assertRefused(ErrorCode code, String token) {
        assertEquals(
                code,
                assertInstanceOf(Tokens.Verdict.Refused.class, tokens.verify(token, "lab"), token)
                        .code());
    }

    private static String signed(String header, String claims) throws Exception {
        String text = encode(header) + "." + encode(claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return text + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String encode(String part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(StandardCharsets.UTF_8));
    }
}
