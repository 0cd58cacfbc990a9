package dev.weir.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The running outer face: all signaling verticles on one port. */
public final class WebServer {
    private static final String WEBROOT = "webroot";
    private static final int ANY_SHARED_PORT = -1;
    private static final String DESCRIPTION = "openapi.yaml";

    private final Vertx vertx;
    private final Parts parts;
    private final List<String> deployments = new ArrayList<>();
    private int port;

    private WebServer(Vertx vertx, Parts parts) {
        this.vertx = vertx;
        this.parts = parts;
    }

    /** What all verticles share; immutable or safe for use from any thread. */
    record Parts(
            WebConfig config,
            Backend backend,
            WebMetrics metrics,
            SocketLimits limits,
            StaticFiles files,
            Buffer description,
            Optional<CertificateWatch> certificate,
            Gatekeeper gate,
            Optional<IssuerKeys> issuerKeys) {

        /** Of the calling event loop. */
        SocketParts socketParts(Vertx vertx) {
            return new SocketParts(
                    vertx,
                    backend,
                    backend.bus().openDesk(),
                    new RoomEntry(backend, config.rules().onlyCreated()),
                    new IceServers(config.iceServers(), Clock.systemUTC()),
                    new SharedTexts(metrics),
                    metrics,
                    limits);
        }
    }

    /** Starts all verticles. Fails with a sentence for the operator when port, host or certificate will not do. */
    public static Future<WebServer> start(Vertx vertx, WebConfig config, Backend backend, WebMetrics metrics) {
        return start(vertx, config, backend, metrics, SocketLimits.DEFAULT, WEBROOT);
    }

    static Future<WebServer> start(
            Vertx vertx, WebConfig config, Backend backend, WebMetrics metrics, SocketLimits limits, String webroot) {
        Optional<URI> keySet = config.rules().keySet();
        Future<Optional<IssuerKeys>> issuerKeys = keySet.isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : IssuerKeys.start(vertx, keySet.get()).map(Optional::of);
        return issuerKeys.compose(keys -> vertx.executeBlocking(() -> new Parts(
                        config,
                        backend,
                        metrics,
                        limits,
                        StaticFiles.load(WebServer.class.getClassLoader(), webroot),
                        resource(DESCRIPTION),
                        certificate(config).map(first -> new CertificateWatch(vertx, config.tls(), first)),
                        new Gatekeeper(config, keys),
                        keys))
                .compose(parts -> new WebServer(vertx, parts).deploy())
                .onFailure(_ -> keys.ifPresent(IssuerKeys::stop)));
    }

    private static Buffer resource(String name) throws IOException {
        try (InputStream stream = WebServer.class.getClassLoader().getResourceAsStream(name)) {
            if (stream == null) {
                throw new FileNotFoundException("the class path holds no " + name);
            }
            return Buffer.buffer(stream.readAllBytes());
        }
    }

    private static Optional<ServerCertificate> certificate(WebConfig config) throws IOException {
        return switch (config.tls()) {
            case WebConfig.Tls.Off _ -> Optional.empty();
            case WebConfig.Tls.Files(var certificate, var key) -> Optional.of(ServerCertificate.read(certificate, key));
            case WebConfig.Tls.SelfSigned _ -> {
                Set<String> names = new TreeSet<>(config.publicHosts());
                names.add("localhost");
                List<InetAddress> addresses =
                        new ArrayList<>(config.ownAddresses().get());
                addresses.add(InetAddress.ofLiteral("127.0.0.1"));
                addresses.add(InetAddress.ofLiteral("::1"));
                yield Optional.of(ServerCertificate.selfSigned(names, addresses));
            }
        };
    }

    private Future<WebServer> deploy() {
        // To Vert.x a negative port is one free port that verticles share; by 0 each would find one of its own.
        int wanted =
                parts.config().port() == 0 ? ANY_SHARED_PORT : parts.config().port();
        List<SignalingVerticle> verticles = new ArrayList<>();
        Future<?> deployed = Future.succeededFuture();
        for (int i = 0; i < parts.config().verticles(); i++) {
            SignalingVerticle verticle = new SignalingVerticle(parts, wanted);
            verticles.add(verticle);
            deployed = deployed.compose(_ -> vertx.deployVerticle(verticle).onSuccess(deployments::add));
        }
        parts.certificate()
                .ifPresent(watch -> watch.start(certificate -> Future.all(verticles.stream()
                        .map(verticle -> verticle.use(certificate))
                        .toList())));
        return deployed.onSuccess(_ -> port = verticles.getFirst().actualPort()).map(this);
    }

    public int port() {
        return port;
    }

    /** What to open in a browser on this machine, or under the given host if it is one to connect to. */
    public String url() {
        String host = parts.config().host();
        boolean unspecified = Authority.parse(host.contains(":") ? "[" + host + "]" : host)
                .flatMap(Authority::address)
                .filter(InetAddress::isAnyLocalAddress)
                .isPresent();
        String shown = unspecified || host.equals("127.0.0.1") ? "localhost" : host;
        String bracketed = shown.contains(":") ? "[" + shown + "]" : shown;
        return (parts.certificate().isPresent() ? "https://" : "http://") + bracketed + ":" + port + "/";
    }

    /** SHA-256 of the certificate, as browsers show it; empty without https. */
    public Optional<String> fingerprint() {
        return parts.certificate().map(watch -> watch.current().fingerprint());
    }

    /** Looks now, and not only from time to time, whether the certificate's files changed. */
    Future<Void> lookForCertificate() {
        return parts.certificate().map(CertificateWatch::look).orElseGet(Future::succeededFuture);
    }

    /** Takes no more connections and closes the sockets with 1001. */
    public Future<?> stop() {
        parts.certificate().ifPresent(CertificateWatch::stop);
        parts.issuerKeys().ifPresent(IssuerKeys::stop);
        return Future.join(deployments.stream().map(vertx::undeploy).toList());
    }
}
