package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.dtls.DtlsCertificate;
import dev.weir.peer.RunLimits;
import dev.weir.room.RoomTimes;
import dev.weir.shard.HandshakeTurns;
import dev.weir.shard.Shard;
import dev.weir.shard.ShardSettings;
import dev.weir.signal.Role;
import dev.weir.signal.ShardId;
import dev.weir.srtp.CryptoChoice;
import dev.weir.srtp.PacketCrypto;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The real outer face before two real shards, on free ports. */
final class LiveWeb implements AutoCloseable {
    private static final int SHARDS = 2;
    private static final long STORE_BYTES = 1 << 20;

    final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    final WebServer server;
    private final WebMetrics metrics;
    private final WebSocketClient client =
            vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(2_000));

    LiveWeb(WebConfig config, int maxRooms) throws Exception {
        this(config, maxRooms, RoomTimes.DEFAULT);
    }

    LiveWeb(WebConfig config, int maxRooms, RoomTimes times) throws Exception {
        Bus bus = new Bus(vertx);
        Directory directory = new Directory("here", SHARDS, maxRooms);
        metrics = new WebMetrics(directory);
        SecureRandom random = new SecureRandom();
        ShardSettings settings = new ShardSettings(
                0,
                List.of(),
                DtlsCertificate.generate(random),
                random,
                PacketCrypto.choose(CryptoChoice.JDK, Optional.empty()),
                HandshakeTurns.ofMachine(),
                RunLimits.DEFAULT,
                STORE_BYTES,
                times);
        for (ShardId shard : directory.shards()) {
            TestServer.await(vertx.deployVerticle(new Shard(shard, settings, bus, directory)));
        }
        server = TestServer.await(WebServer.start(vertx, config, new Backend(bus, directory, () -> false), metrics));
    }

    /** The settings of {@link TestServer}, tokens asked or not, with these rules. */
    static WebConfig config(Optional<String> secret, boolean open, WebConfig.Rules rules) {
        WebConfig it = TestServer.OPEN;
        return new WebConfig(
                it.host(),
                0,
                it.publicHosts(),
                it.allowOrigins(),
                it.trustedProxies(),
                it.tls(),
                secret,
                open,
                it.iceServers(),
                it.verticles(),
                it.ownAddresses(),
                it.version(),
                rules);
    }

    static WebConfig closed() {
        return config(Optional.of(TestServer.SECRET), false, WebConfig.Rules.DEFAULT);
    }

    /** A header with a token that is good for an hour. */
    static String bearer(String room, Role role, boolean admin) {
        return "Authorization: Bearer "
                + new Tokens(TestServer.SECRET)
                        .sign(new Tokens.Claims("somebody", "Somebody", room, role, admin), Duration.ofHours(1));
    }

    Replies http() {
        return new Replies(server.port());
    }

    TestSocket connect(String path) throws Exception {
        return TestSocket.open(
                client,
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(server.port())
                        .setURI(path));
    }

    TestSocket join(String room) throws Exception {
        TestSocket socket = connect("/ws/" + room);
        socket.send(TestSocket.JOIN);
        return socket;
    }

    @Override
    public void close() {
        try {
            TestServer.await(server.stop());
            metrics.close();
            TestServer.await(vertx.close());
        } catch (Exception failed) {
            throw new AssertionError("the server did not stop", failed);
        }
    }
}
