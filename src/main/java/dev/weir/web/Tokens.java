package dev.weir.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Identity;
import dev.weir.signal.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that let one into a room (PROTOCOL section 3): JWTs (RFC 7519) signed with HS256. The algorithm is ours to
 * know: a token that names another one, {@code none} above all, is refused before its signature is looked at.
 */
public final class Tokens {
    private static final String ALGORITHM = "HS256";
    /** In a token: any room. */
    public static final String ANY_ROOM = "*";

    private static final int MAX_LENGTH = 8192;
    /** How far ahead of ours the clock of whoever issued a token may run. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    /** The year 9999; a later one is out of every clock's range. */
    private static final long LATEST_EXPIRY = 253_402_300_799L;

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final Clock clock;

    /** @param secret 32 bytes or more in UTF-8 */
    public Tokens(String secret) {
        this(secret, Clock.systemUTC());
    }

    Tokens(String secret, Clock clock) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = clock;
    }

    /**
     * What a token says.
     *
     * @param room {@code *}: any
     */
    public record Claims(String subject, String name, String room, Role role, boolean admin) {}

    /** What became of a token. */
    sealed interface Verdict {
        /** @param expiry empty: never, which is open mode */
        record Valid(Identity identity, Optional<Instant> expiry) implements Verdict {}

        /** @param code {@code unauthorized} or {@code forbidden} */
        record Refused(ErrorCode code, String message) implements Verdict {}
    }

    public String sign(Claims claims, Duration timeToLive) {
        ObjectNode body = JSON.createObjectNode()
                .put("sub", claims.subject())
                .put("name", claims.name())
                .put("room", claims.room())
                .put("role", claims.role().word())
                .put("admin", claims.admin())
                .put("exp", clock.instant().plus(timeToLive).getEpochSecond());
        String header = encode(JSON.createObjectNode().put("alg", ALGORITHM).put("typ", "JWT"));
        String signed = header + "." + encode(body);
        return signed + "." + ENCODER.encodeToString(mac(signed));
    }

    private static String encode(ObjectNode part) {
        return ENCODER.encodeToString(part.toString().getBytes(StandardCharsets.UTF_8));
    }

    Verdict verify(String token, String room) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > MAX_LENGTH || parts.length != 3) {
            return unauthorized("The token is no JWT.");
        }
        Optional<JsonNode> header = decode(parts[0]);
        if (header.isEmpty()
                || !header.get().path("alg").asText().equals(ALGORITHM)
                || header.get().has("crit")) {
            return unauthorized("The token is not signed with " + ALGORITHM + ".");
        }
        if (!isSignature(parts[0] + "." + parts[1], parts[2])) {
            return unauthorized("The token's signature is not right.");
        }
        return decode(parts[1])
                .map(claims -> judge(claims, room))
                .orElseGet(() -> unauthorized("The token holds no claims."));
    }

    private Verdict judge(JsonNode claims, String room) {
        Instant now = clock.instant();
        if (!claims.path("exp").isNumber()) {
            return unauthorized("The token does not say when it expires.");
        }
        Instant expiry = Instant.ofEpochSecond(Math.min(claims.path("exp").asLong(), LATEST_EXPIRY));
        if (!now.isBefore(expiry)) {
            return unauthorized("The token has expired.");
        }
        if (claims.path("nbf").isNumber()
                && now.plus(CLOCK_SKEW).getEpochSecond() < claims.path("nbf").asLong()) {
            return unauthorized("The token is not valid yet.");
        }
        Optional<Role> role = claims.has("role") ? Role.of(claims.path("role").asText()) : Optional.of(Role.GUEST);
        if (role.isEmpty()) {
            return unauthorized("The token names an unknown role.");
        }
        String allowed = claims.path("room").asText();
        if (!allowed.equals(ANY_ROOM) && !allowed.equals(room)) {
            return new Verdict.Refused(ErrorCode.FORBIDDEN, "The token is for another room.");
        }
        String name = claims.path("name").asText("");
        boolean admin = claims.path("admin").isBoolean() && claims.path("admin").asBoolean();
        return new Verdict.Valid(
                new Identity(claims.path("sub").asText(""), Names.isDisplayName(name) ? name : "", role.get(), admin),
                Optional.of(expiry));
    }

    private static Optional<JsonNode> decode(String part) {
        try {
            JsonNode node = JSON.readTree(Base64.getUrlDecoder().decode(part));
            return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (IllegalArgumentException | JacksonException _) {
            return Optional.empty();
        } catch (IOException unexpected) {
            throw new IllegalStateException("reading from memory failed", unexpected);
        }
    }

    private boolean isSignature(String signed, String signature) {
        try {
            return MessageDigest.isEqual(mac(signed), Base64.getUrlDecoder().decode(signature));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private byte[] mac(String signed) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
    }

    private static Verdict unauthorized(String message) {
        return new Verdict.Refused(ErrorCode.UNAUTHORIZED, message);
    }
}
