package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.signal.ShardId;
import dev.weir.signal.ToSocket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** The real outer face on a free port, before two fake shards. */
final class TestServer implements AutoCloseable {
    static final String SECRET = "an-excellent-secret-of-32-bytes-or-more";
    static final SocketLimits PATIENT = SocketLimits.DEFAULT;
    static final WebConfig OPEN = new WebConfig(
            "127.0.0.1",
            0,
            Set.of("weir.example.org"),
            List.of("https://friend.example.org"),
            List.of(),
            new WebConfig.Tls.Off(),
            Optional.empty(),
            true,
            List.of(),
            2,
            () -> Set.of(InetAddress.ofLiteral("192.0.2.7"), InetAddress.ofLiteral("2001:db8::7")),
            "0.1.0",
            WebConfig.Rules.DEFAULT);

    final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    final Bus bus = new Bus(vertx);
    final Directory directory;
    final List<FakeShard> shards = new ArrayList<>();
    final AtomicBoolean draining = new AtomicBoolean();
    final WebMetrics metrics;
    /** One for all, since a client that nobody holds any more takes its sockets with it. */
    private final WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
            .setMaxFrameSize(8 << 20)
            .setMaxMessageSize(8 << 20)
            .setClosingTimeout(1));

    final WebServer server;

    TestServer() throws Exception {
        this(OPEN, PATIENT, 1000);
    }

    TestServer(WebConfig config) throws Exception {
        this(config, PATIENT, 1000);
    }

    TestServer(WebConfig config, SocketLimits limits, int maxRooms) throws Exception {
        directory = new Directory("here", 2, maxRooms);
        metrics = new WebMetrics(directory);
        directory.shards().forEach(shard -> shards.add(new FakeShard(shard, bus)));
        try {
            server = await(WebServer.start(
                    vertx,
                    config,
                    new Backend(bus, directory, draining::get),
                    metrics,
                    limits,
                    "dev/weir/web/testroot"));
        } catch (Exception failed) {
            close();
            throw failed;
        }
    }

    static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }

    /** The settings of a closed server: a token is needed. */
    static WebConfig closed() {
        return new WebConfig(
                OPEN.host(),
                0,
                OPEN.publicHosts(),
                OPEN.allowOrigins(),
                OPEN.trustedProxies(),
                OPEN.tls(),
                Optional.of(SECRET),
                false,
                OPEN.iceServers(),
                1,
                OPEN.ownAddresses(),
                OPEN.version(),
                OPEN.rules());
    }

    int port() {
        return server.port();
    }

    WebSocketConnectOptions to(String path) {
        return new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port())
                .setURI(path);
    }

    TestSocket connect(String path) throws Exception {
        return connect(path, UnaryOperator.identity());
    }

    TestSocket connect(String path, UnaryOperator<WebSocketConnectOptions> how) throws Exception {
        return TestSocket.open(client, how.apply(to(path)));
    }

    TestSocket join(String room) throws Exception {
        TestSocket socket = connect("/ws/" + room);
        socket.send(TestSocket.JOIN);
        socket.nextOk();
        return socket;
    }

    /** Where the room's people are to sit. */
    ShardId mediaShardOf(String room) throws Exception {
        return await(directory.findOrCreate(room)).orElseThrow().mediaShard();
    }

    FakeShard shardOf(String room) throws Exception {
        return shards.get(mediaShardOf(room).index());
    }

    /** As a session's shard would. */
    void tell(String socketId, ToSocket message) {
        bus.toSockets(List.of(new ToSocket.Letter(socketId, message)));
    }

    Replies http() {
        return new Replies(port());
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                await(server.stop());
            }
            metrics.close();
            await(vertx.close());
        } catch (Exception failed) {
            throw new AssertionError("the server did not stop", failed);
        }
    }
}
