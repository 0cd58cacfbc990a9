package dev.weir.web;

import dev.weir.signal.ErrorCode;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who may talk to us from where: the rules on {@code Host} and {@code Origin} of PROTOCOL section 1. They keep a
 * foreign page from using a visitor's browser against a server on his own machine, also by a name that was rebound to a
 * local address.
 */
final class AccessRules {
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final WebConfig config;
    private final Set<String> publicHosts;
    private final Set<WebOrigin> allowedOrigins;
    private final boolean tls;

    AccessRules(WebConfig config) {
        this.config = config;
        this.tls = !(config.tls() instanceof WebConfig.Tls.Off);
        this.publicHosts =
                config.publicHosts().stream().map(AccessRules::withoutPort).collect(Collectors.toUnmodifiableSet());
        this.allowedOrigins = config.allowOrigins().stream()
                .flatMap(origin -> WebOrigin.parse(origin).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String withoutPort(String host) {
        return Authority.parse(host).map(Authority::host).orElse(host.toLowerCase(Locale.ROOT));
    }

    Optional<Problem> refusalOfHost(HttpServerRequest request) {
        boolean ours = hostOf(request).filter(this::isOurs).isPresent();
        return ours
                ? Optional.empty()
                : Optional.of(new Problem(
                        Problem.MISDIRECTED,
                        ErrorCode.BAD_REQUEST,
                        "This server is not known by that host name; --public-host makes it known."));
    }

    Optional<Problem> refusalOfOrigin(HttpServerRequest request, boolean upgrade) {
        if (!upgrade && SAFE.contains(request.method())) {
            return Optional.empty();
        }
        List<String> origins = request.headers().getAll("Origin");
        boolean welcome = origins.isEmpty() || origins.size() == 1 && isWelcome(request, origins.getFirst());
        return welcome
                ? Optional.empty()
                : Optional.of(Problem.of(
                        ErrorCode.FORBIDDEN,
                        "Pages of that origin may not use this server; --allow-origin lets them."));
    }

    private boolean isWelcome(HttpServerRequest request, String text) {
        Optional<WebOrigin> origin = WebOrigin.parse(text);
        return origin.isPresent() && (origin.equals(ownOrigin(request)) || allowedOrigins.contains(origin.get()));
    }

    /** The request's origin when it is one of those that the configuration allows: what CORS has to name. */
    Optional<String> allowedOrigin(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Origin"))
                .filter(text ->
                        WebOrigin.parse(text).filter(allowedOrigins::contains).isPresent());
    }

    /** Under which origin the client sees this server. */
    Optional<WebOrigin> ownOrigin(HttpServerRequest request) {
        Forwarding forwarding = isFromTrustedProxy(request) ? Forwarding.of(request.headers()) : Forwarding.NONE;
        String scheme = forwarding.scheme().orElse(tls ? "https" : "http");
        Optional<Authority> authority =
                forwarding.host().isPresent() ? forwarding.host().flatMap(Authority::parse) : hostOf(request);
        return authority.map(found -> WebOrigin.of(scheme, found));
    }

    /**
     * Where the request comes from: the nearest address on its way that is no trusted proxy's. What a client claims of
     * itself does not count, since only what a trusted proxy wrote is read.
     */
    InetAddress clientAddress(HttpServerRequest request) {
        InetAddress nearest = peer(request);
        for (String hop : Forwarding.hops(request.headers()).reversed()) {
            Optional<InetAddress> before = Authority.parse(hop).flatMap(Authority::address);
            if (!isTrusted(nearest) || before.isEmpty()) {
                return nearest;
            }
            nearest = before.get();
        }
        return nearest;
    }

    /** Whether it comes from this machine itself, by no proxy, to a name that only this machine has. */
    boolean isLocal(HttpServerRequest request) {
        return peer(request).isLoopbackAddress()
                && !Forwarding.isForwarded(request.headers())
                && hostOf(request).filter(AccessRules::isLoopback).isPresent();
    }

    private boolean isFromTrustedProxy(HttpServerRequest request) {
        return isTrusted(peer(request));
    }

    private boolean isTrusted(InetAddress address) {
        return config.trustedProxies().stream().anyMatch(block -> block.contains(address));
    }

    private static InetAddress peer(HttpServerRequest request) {
        String remote = request.remoteAddress().hostAddress();
        return remote == null
                ? InetAddress.ofLiteral("0.0.0.0")
                : InetAddress.ofLiteral(remote.replaceFirst("%.*", ""));
    }

    private static boolean isLoopback(Authority authority) {
        return authority.address().map(InetAddress::isLoopbackAddress).orElseGet(() -> authority
                .host()
                .equals("localhost"));
    }

    private static Optional<Authority> hostOf(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("Host");
        return hosts.size() == 1 ? Authority.parse(hosts.getFirst()) : Optional.empty();
    }

    private boolean isOurs(Authority authority) {
        return isLoopback(authority)
                || authority
                        .address()
                        .filter(address -> config.ownAddresses().get().contains(address))
                        .isPresent()
                || publicHosts.contains(authority.host());
    }
}
