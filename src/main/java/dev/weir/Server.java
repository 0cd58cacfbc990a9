package dev.weir;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Cluster;
import dev.weir.cluster.ClusterSettings;
import dev.weir.cluster.Directory;
import dev.weir.shard.LocalAddresses;
import dev.weir.shard.Shard;
import dev.weir.shard.ShardSettings;
import dev.weir.signal.ShardId;
import dev.weir.srtp.CryptoUnavailable;
import dev.weir.web.Backend;
import dev.weir.web.WebMetrics;
import dev.weir.web.WebServer;
import dev.weir.web.Webhooks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: starts Vert.x, deploys what the server consists of, and stops it in the reverse order. */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** For the event bus as server and as client, and for what keeps the node's record. */
    private static final int CLUSTER_LOOPS = 3;

    /** Past this, a stop gives up on what does not close. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Optional<Cluster> cluster;
    private final WebServer web;
    private final URI url;
    private final AtomicBoolean draining;

    private Server(Vertx vertx, Optional<Cluster> cluster, WebServer web, URI url, AtomicBoolean draining) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.web = web;
        this.url = url;
        this.draining = draining;
    }

    /** Returns when the server takes people; blocks, so it is not called from an event loop. */
    public static Server start(Configuration configuration) throws StartFailure, InterruptedException {
        ShardSettings shard = shardSettings(configuration);
        VertxOptions options =
                new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops(configuration));
        Optional<Cluster> cluster = cluster(configuration, options);
        Vertx vertx = cluster.map(Cluster::vertx).orElseGet(() -> Vertx.vertx(options));
        if (!vertx.isNativeTransportEnabled()) {
            LOG.info("epoll is not available, NIO is used: {}", reason(vertx.unavailableNativeTransportCause()));
        }
        try {
            AtomicBoolean draining = new AtomicBoolean();
            OwnAddresses addresses = new OwnAddresses(configuration.media().advertise());
            Backend backend = backend(vertx, cluster, configuration, shard.random(), draining::get);
            WebServer web = await(deploy(vertx, configuration, shard, backend, addresses));
            Server server = new Server(vertx, cluster, web, url(configuration, web.port()), draining);
            if (cluster.isPresent()) {
                await(cluster.get().open(() -> Composition.face(configuration, addresses, web.port()), draining::get));
            }
            return server;
        } catch (StartFailure | RuntimeException | InterruptedException e) {
            vertx.close();
            cluster.ifPresent(Cluster::leave);
            throw e;
        }
    }

    /** Where people open it. */
    public URI url() {
        return url;
    }

    /** SHA-256 of the TLS certificate; empty without https. */
    public Optional<String> fingerprint() {
        return web.fingerprint();
    }

    /** Takes no new rooms, closes the sockets with 1001, then all else, and returns when that is done. */
    public void stop() {
        draining.set(true);
        try {
            web.stop()
                    .eventually(() -> cluster.<Future<?>>map(Cluster::close).orElseGet(vertx::close))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            cluster.ifPresent(Cluster::leave);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the server did not stop in good order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says whose crypto this server uses, and what its JVM lacks. */
    private static ShardSettings shardSettings(Configuration configuration) throws StartFailure {
        SecureRandom random = new SecureRandom();
        JvmFlags.ofProcess().complaint().ifPresent(LOG::info);
        try {
            Crypto crypto = Crypto.choose(configuration.media().crypto(), random);
            crypto.notes().forEach(LOG::info);
            LOG.info(
                    "packets are protected by {}, handshakes computed by {}",
                    crypto.packets().name(),
                    crypto.handshakes().name());
            return Composition.shard(configuration, crypto, random);
        } catch (CryptoUnavailable e) {
            throw new StartFailure(Settings.CRYPTO.key() + " is "
                    + configuration.media().crypto().name().toLowerCase(Locale.ROOT) + ", but: " + e.getMessage());
        }
    }

    private static Optional<Cluster> cluster(Configuration configuration, VertxOptions options)
            throws StartFailure, InterruptedException {
        if (!configuration.cluster().enabled()) {
            return Optional.empty();
        }
        try {
            ClusterSettings settings =
                    ClusterRules.settings(configuration.cluster(), LocalAddresses.find(), new SecureRandom());
            return Optional.of(Cluster.start(
                    settings,
                    options,
                    configuration.media().loops(),
                    configuration.limits().maxRooms()));
        } catch (IOException | RuntimeException e) {
            throw new StartFailure("this node cannot join a cluster: " + e.getMessage());
        }
    }

    private static Backend backend(
            Vertx vertx,
            Optional<Cluster> cluster,
            Configuration configuration,
            SecureRandom random,
            BooleanSupplier draining) {
        return cluster.map(
                        it -> new Backend(it.bus(), it.directory(), draining, it::others, Optional.of(it.passports())))
                .orElseGet(() -> new Backend(
                        new Bus(vertx),
                        new Directory(
                                ClusterRules.nodeName(configuration.cluster(), random),
                                configuration.media().loops(),
                                configuration.limits().maxRooms()),
                        draining));
    }

    /** Deploys shards, then what takes people in. */
    private static Future<WebServer> deploy(
            Vertx vertx, Configuration configuration, ShardSettings shard, Backend backend, OwnAddresses addresses) {
        WebMetrics metrics = new WebMetrics(backend.directory());
        vertx.setPeriodic(OwnAddresses.REFRESH_MS, _ -> vertx.executeBlocking(addresses::refresh));
        return vertx.executeBlocking(addresses::refresh)
                .compose(_ -> deployWebhooks(vertx, configuration, backend.bus(), metrics))
                .compose(_ -> deployShards(vertx, shard, backend.bus(), backend.directory()))
                .compose(_ -> WebServer.start(vertx, Composition.web(configuration, addresses), backend, metrics));
    }

    private static Future<?> deployWebhooks(Vertx vertx, Configuration configuration, Bus bus, WebMetrics metrics) {
        return Composition.webhooks(configuration.webhooks())
                .<Future<?>>map(settings -> vertx.deployVerticle(new Webhooks(bus, settings, metrics, Main.version())))
                .orElseGet(Future::succeededFuture);
    }

    /** One after the other: each gets the next event loop, and the first that cannot bind says why. */
    private static Future<?> deployShards(Vertx vertx, ShardSettings settings, Bus bus, Directory directory) {
        Future<?> deployed = Future.succeededFuture();
        for (ShardId id : directory.shards()) {
            Shard shard = new Shard(id, settings, bus, directory);
            deployed = deployed.compose(_ -> vertx.deployVerticle(shard));
        }
        return deployed;
    }

    /** One event loop per shard and one for HTTP and signaling, and apart from them those that talk to other nodes. */
    private static int loops(Configuration configuration) {
        int own = configuration.media().loops() + Composition.WEB_VERTICLES;
        return configuration.cluster().enabled() ? own + CLUSTER_LOOPS : own;
    }

    private static <T> T await(Future<T> future) throws StartFailure, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StartFailure failure -> throw failure;
                case IOException refused -> throw new StartFailure(refused.getMessage());
                case RuntimeException bug -> throw bug;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }

    static URI url(Configuration configuration, int port) {
        Configuration.Http http = configuration.http();
        String host = http.host();
        if (!http.publicHosts().isEmpty()) {
            host = http.publicHosts().getFirst();
        } else if (host.equals("0.0.0.0") || host.equals("::")) {
            host = "localhost";
        }
        return url(configuration, host, port);
    }

    static URI url(Configuration configuration, String host, int port) {
        boolean tls = configuration.tls().enabled();
        boolean bare = port == (tls ? 443 : 80);
        return URI.create((tls ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host)
                + (bare ? "" : ":" + port) + "/");
    }

    private static String reason(Throwable cause) {
        return cause == null ? "no native library for this platform" : String.valueOf(cause.getMessage());
    }
}
