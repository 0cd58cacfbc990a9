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
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that let one into a room (PROTOCOL section 3): JWTs (RFC 7519) signed with HS256 by our secret, or with RS256,
 * ES256 or EdDSA by a key of the issuer. Which algorithms there are is ours to know: a token that names another one,
 * {@code none} above all, is refused before its signature is looked at, and a public key is never taken for a secret.
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

    private final Optional<SecretKeySpec> secret;
    private final Supplier<Optional<KeySet>> issuerKeys;
    private final Optional<String> issuer;
    private final Optional<String> audience;
    private final Clock clock;

    /** @param secret 32 bytes or more in UTF-8 */
    public Tokens(String secret) {
        this(secret, Clock.systemUTC());
    }

    Tokens(String secret, Clock clock) {
        this(Optional.of(secret), Optional::empty, Optional.empty(), Optional.empty(), clock);
    }

    /**
     * @param issuerKeys the public keys as they are now; empty: none, or none yet
     * @param issuer what {@code iss} has to be; empty: anything
     * @param audience what {@code aud} has to hold; empty: anything
     */
    Tokens(
            Optional<String> secret,
            Supplier<Optional<KeySet>> issuerKeys,
            Optional<String> issuer,
            Optional<String> audience,
            Clock clock) {
        this.secret = secret.map(text -> new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        this.issuerKeys = issuerKeys;
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    /** Whether there is a secret to sign with. */
    boolean maySign() {
        return secret.isPresent();
    }

    /**
     * What a token says.
     *
     * @param room {@code *}: any
     */
    public record Claims(String subject, String name, String room, Role role, boolean admin) {}

    /** What became of a token. */
    sealed interface Verdict {
        /** @param room {@code *}: any; empty: none, which is an administrator's */
        record Valid(Identity identity, String room, Instant expiry) implements Verdict {}

        /** @param code {@code unauthorized} or {@code forbidden} */
        record Refused(ErrorCode code, String message) implements Verdict {}

        /** It is signed by a key that is not among the issuer's as we know them: newer ones may tell. */
        record UnknownKey() implements Verdict {}
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
        return signed + "." + ENCODER.encodeToString(mac(signed.getBytes(StandardCharsets.UTF_8)));
    }

    private static String encode(ObjectNode part) {
        return ENCODER.encodeToString(part.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether this token lets its bearer into a room. */
    Verdict verify(String token, String room) {
        Verdict verdict = verify(token);
        return verdict instanceof Verdict.Valid valid
                        && !valid.room().equals(ANY_ROOM)
                        && !valid.room().equals(room)
                ? new Verdict.Refused(ErrorCode.FORBIDDEN, "The token is for another room.")
                : verdict;
    }

    /** What this token is good for. */
    Verdict verify(String token) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > MAX_LENGTH || parts.length != 3) {
            return unauthorized("The token is no JWT.");
        }
        Optional<JsonNode> header = decode(parts[0]).filter(it -> !it.has("crit"));
        String algorithm = header.map(it -> it.path("alg").asText()).orElse("");
        Optional<byte[]> signature = decodeBytes(parts[2]);
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8);
        Optional<KeySet.Algorithm> asymmetric = KeySet.Algorithm.of(algorithm);
        if (algorithm.equals(ALGORITHM) && secret.isPresent()) {
            if (signature.filter(it -> MessageDigest.isEqual(mac(signed), it)).isEmpty()) {
                return unauthorized("The token's signature is not right.");
            }
        } else if (asymmetric.isPresent() && issuerKeys.get().isPresent()) {
            JsonNode kid = header.orElseThrow().path("kid");
            Optional<String> keyId = kid.isTextual() ? Optional.of(kid.textValue()) : Optional.empty();
            KeySet keys = issuerKeys.get().orElseThrow();
            if (!keys.knows(asymmetric.get(), keyId)) {
                return new Verdict.UnknownKey();
            }
            if (signature
                    .filter(it -> keys.isSignature(asymmetric.get(), keyId, signed, it))
                    .isEmpty()) {
                return unauthorized("The token's signature is not right.");
            }
        } else {
            return unauthorized("The token is not signed in a way that is taken here.");
        }
        return decode(parts[1]).map(this::judge).orElseGet(() -> unauthorized("The token holds no claims."));
    }

    private Verdict judge(JsonNode claims) {
        Instant now = clock.instant();
        if (!claims.path("exp").isNumber()) {
            return unauthorized("The token does not say when it expires.");
        }
        Instant expiry = Instant.ofEpochSecond(Math.min(claims.path("exp").asLong(), LATEST_EXPIRY));
        if (!now.isBefore(expiry)) {
            return unauthorized("The token has expired.");
        }
        if (isAhead(claims.path("nbf"), now) || isAhead(claims.path("iat"), now)) {
            return unauthorized("The token is not valid yet.");
        }
        if (!claims.path("sub").isTextual() || claims.path("sub").textValue().isEmpty()) {
            return unauthorized("The token does not say whose it is.");
        }
        if (issuer.isPresent() && !claims.path("iss").asText().equals(issuer.get())
                || audience.isPresent() && !isFor(claims.path("aud"), audience.get())) {
            return unauthorized("The token is of another issuer or for another service.");
        }
        boolean admin = claims.path("admin").isBoolean() && claims.path("admin").asBoolean();
        if (!admin && !claims.path("room").isTextual()) {
            return unauthorized("The token does not say which room it is for.");
        }
        Optional<Role> role = claims.has("role") ? Role.of(claims.path("role").asText()) : Optional.of(Role.GUEST);
        if (role.isEmpty()) {
            return unauthorized("The token names an unknown role.");
        }
        String name = claims.path("name").asText("");
        Identity identity =
                new Identity(claims.path("sub").textValue(), Names.isDisplayName(name) ? name : "", role.get(), admin);
        return new Verdict.Valid(identity, claims.path("room").asText(""), expiry);
    }

    /** A time that is no number cannot be trusted, either. */
    private static boolean isAhead(JsonNode time, Instant now) {
        return !time.isMissingNode()
                && (!time.isNumber() || now.plus(CLOCK_SKEW).getEpochSecond() < time.asLong());
    }

    private static boolean isFor(JsonNode audience, String wanted) {
        if (audience.isTextual()) {
            return audience.textValue().equals(wanted);
        }
        for (JsonNode one : audience) {
            if (one.asText().equals(wanted)) {
                return true;
            }
        }
        return false;
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

    private static Optional<byte[]> decodeBytes(String part) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(part));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private byte[] mac(byte[] signed) {
        SecretKeySpec key = secret.orElseThrow();
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return mac.doFinal(signed);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
    }

    private static Verdict unauthorized(String message) {
        return new Verdict.Refused(ErrorCode.UNAUTHORIZED, message);
    }
}
