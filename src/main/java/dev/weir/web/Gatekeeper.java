package dev.weir.web;

import dev.weir.signal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds out who asks, by the token that he shows. Refused tokens are counted by address, and above a limit answered by
 * 429; a good token is taken at any time, so that nobody can lock out those who share his address. Stateless but for
 * those counts; shared by all verticles.
 */
final class Gatekeeper {
    private static final String BEARER = "Bearer ";
    private static final String BEARER_PROTOCOL = "bearer.";

    private final WebConfig config;
    private final AccessRules rules;
    private final Optional<IssuerKeys> issuerKeys;
    private final Tokens tokens;
    private final AddressLimits failures;
    private final AddressLimits joins;

    Gatekeeper(WebConfig config, Optional<IssuerKeys> issuerKeys) {
        this.config = config;
        this.rules = new AccessRules(config);
        this.issuerKeys = issuerKeys;
        this.tokens = new Tokens(
                config.authSecret(),
                () -> issuerKeys.flatMap(IssuerKeys::now),
                config.rules().issuer(),
                config.rules().audience(),
                Clock.systemUTC());
        this.failures = new AddressLimits(config.rules().failuresPerMinute());
        this.joins = new AddressLimits(config.rules().joinsPerMinute());
    }

    AccessRules rules() {
        return rules;
    }

    Tokens tokens() {
        return tokens;
    }

    /** Fails with a {@link Refusal}. */
    Future<Caller> caller(HttpServerRequest request) {
        return caller(request, ofHeader(request));
    }

    /** The token may also come as a browser's WebSocket can give it. Fails with a {@link Refusal}. */
    Future<Caller> socketCaller(HttpServerRequest request, String room) {
        return caller(request, ofHeader(request).or(() -> ofSocket(request))).map(caller -> {
            if (!caller.mayEnter(room)) {
                throw Refusal.of(ErrorCode.FORBIDDEN, "The token is for another room.");
            }
            return caller;
        });
    }

    /** Counts a socket. Not those from this machine, which are tests and load generators. */
    Optional<Problem> refusalOfJoin(HttpServerRequest request) {
        var address = rules.clientAddress(request);
        OptionalInt wait = address.isLoopbackAddress() ? OptionalInt.empty() : joins.take(address, System.nanoTime());
        return wait.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.tooMany("Too many joins from your address; wait.", wait.getAsInt()));
    }

    private Future<Caller> caller(HttpServerRequest request, Optional<String> token) {
        boolean checked = config.authSecret().isPresent() || issuerKeys.isPresent();
        if (config.open() && (token.isEmpty() || !checked)) {
            return Future.succeededFuture(Caller.open(rules.isLocal(request)));
        }
        if (token.isEmpty()) {
            return Future.failedFuture(Refusal.of(ErrorCode.UNAUTHORIZED, "A token is needed."));
        }
        return switch (tokens.verify(token.get())) {
            case Tokens.Verdict.UnknownKey _ -> afterRenewal(request, token.get());
            case Tokens.Verdict verdict -> settled(request, verdict);
        };
    }

    private Future<Caller> afterRenewal(HttpServerRequest request, String token) {
        return issuerKeys.orElseThrow().renew().compose(_ -> settled(request, tokens.verify(token)));
    }

    private Future<Caller> settled(HttpServerRequest request, Tokens.Verdict verdict) {
        return switch (verdict) {
            case Tokens.Verdict.Valid valid -> Future.succeededFuture(Caller.of(valid));
            case Tokens.Verdict.Refused(var code, var sentence) -> refused(request, code, sentence);
            case Tokens.Verdict.UnknownKey _ ->
                refused(request, ErrorCode.UNAUTHORIZED, "The token is signed by a key that is not known here.");
        };
    }

    private Future<Caller> refused(HttpServerRequest request, ErrorCode code, String sentence) {
        OptionalInt wait = failures.take(rules.clientAddress(request), System.nanoTime());
        return Future.failedFuture(
                wait.isEmpty()
                        ? Refusal.of(code, sentence)
                        : new Refusal(
                                Problem.tooMany("Too many refused tokens from your address; wait.", wait.getAsInt())));
    }

    private static Optional<String> ofHeader(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(authorization.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private static Optional<String> ofSocket(HttpServerRequest request) {
        return request.headers().getAll("Sec-WebSocket-Protocol").stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(String::strip)
                .filter(protocol -> protocol.startsWith(BEARER_PROTOCOL))
                .map(protocol -> protocol.substring(BEARER_PROTOCOL.length()))
                .findFirst()
                .or(() -> Optional.ofNullable(request.getParam("access_token")));
    }
}
