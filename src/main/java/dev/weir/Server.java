package dev.weir;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
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

    /** Past this, a stop gives up on what does not close. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final WebServer web;
    private final URI url;
    private final AtomicBoolean draining;

    private Server(Vertx vertx, WebServer web, URI url, AtomicBoolean draining) {
        this.vertx = vertx;
        this.web = web;
        this.url = url;
        this.draining = draining;
    }

    /** Returns when the server takes people; blocks, so it is not called from an event loop. */
    public static Server start(Configuration configuration) throws StartFailure, InterruptedException {
        ShardSettings shard = shardSettings(configuration);
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops(configuration)));
        if (!vertx.isNativeTransportEnabled()) {
            LOG.info("epoll is not available, NIO is used: {}", reason(vertx.unavailableNativeTransportCause()));
        }
        try {
            AtomicBoolean draining = new AtomicBoolean();
            WebServer web = await(deploy(vertx, configuration, shard, draining::get));
            return new Server(vertx, web, url(configuration, web.port()), draining);
        } catch (StartFailure | RuntimeException | InterruptedException e) {
            vertx.close();
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
                    .eventually(vertx::close)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
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

    /** Deploys shards, then what takes people in. */
    private static Future<WebServer> deploy(
            Vertx vertx, Configuration configuration, ShardSettings shard, BooleanSupplier draining) {
        Bus bus = new Bus(vertx);
        Directory directory = new Directory(
                Directory.newNode(shard.random()),
                configuration.media().loops(),
                configuration.limits().maxRooms());
        WebMetrics metrics = new WebMetrics(directory);
        OwnAddresses addresses = new OwnAddresses(configuration.media().advertise());
        vertx.setPeriodic(OwnAddresses.REFRESH_MS, _ -> vertx.executeBlocking(addresses::refresh));
        return vertx.executeBlocking(addresses::refresh)
                .compose(_ -> deployWebhooks(vertx, configuration, bus, metrics))
                .compose(_ -> deployShards(vertx, shard, bus, directory))
                .compose(_ -> WebServer.start(
                        vertx,
                        Composition.web(configuration, addresses),
                        new Backend(bus, directory, draining),
                        metrics));
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

    /** One event loop per shard and one for HTTP and signaling. */
    private static int loops(Configuration configuration) {
        return configuration.media().loops() + Composition.WEB_VERTICLES;
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
        boolean tls = configuration.tls().enabled();
        String host = http.host();
        if (!http.publicHosts().isEmpty()) {
            host = http.publicHosts().getFirst();
        } else if (host.equals("0.0.0.0") || host.equals("::")) {
            host = "localhost";
        }
        boolean bare = port == (tls ? 443 : 80);
        return URI.create((tls ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host)
                + (bare ? "" : ":" + port) + "/");
    }

    private static String reason(Throwable cause) {
        return cause == null ? "no native library for this platform" : String.valueOf(cause.getMessage());
    }
}
