package dev.weir.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.weir.signal.CloseCode;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.ToSocket;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Nodes on addresses of loopback, with a secret, in one process. Real sockets and the wall clock. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final int NODES = 2;
    private static final int MAX_ROOMS = 3;

    private final List<Cluster> nodes = new ArrayList<>();
    private int port;

    @BeforeAll
    void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = 20_000 + free.getLocalPort() % 10_000;
        }
        for (int i = 1; i <= NODES; i++) {
            Cluster node = Cluster.start(settings(i), new VertxOptions().setEventLoopPoolSize(2), 1, MAX_ROOMS);
            nodes.add(node);
            ShardId shard = node.directory().shards().getFirst();
            node.bus().serveShard(shard, _ -> Future.succeededFuture(new ShardAnswer.Figured(null)));
            String url = "http://127.0.0." + i;
            await(node.open(() -> new ClusterSettings.Face("1", List.of("127.0.0.1"), Optional.of(url)), () -> false));
        }
        until(() -> nodes.stream().allMatch(node -> node.others().size() == NODES - 1));
    }

    @AfterAll
    void stop() throws Exception {
        for (Cluster node : nodes) {
            await(node.close());
            node.leave();
        }
    }

    private ClusterSettings settings(int i) {
        List<String> members = IntStream.rangeClosed(1, NODES)
                .mapToObj(n -> "127.0.0." + n + ":" + port)
                .toList();
        return new ClusterSettings("node" + i, "here", "127.0.0." + i, port, members, "", ClusterSecret.of(SECRET), 2);
    }

    @Test
    void theyKnowEachOther() {
        assertEquals(
                List.of("node2"),
                nodes.get(0).others().stream().map(NodeRecord::node).toList());
        assertTrue(nodes.get(0).directory().knows(new ShardId("node2", 0)));
        assertFalse(nodes.get(0).directory().knows(new ShardId("node2", 1)));
        assertFalse(nodes.get(0).directory().knows(new ShardId("node3", 0)));
    }

    @Test
    void aShardOfAnotherNodeAnswers() throws Exception {
        ShardAnswer answer = await(nodes.get(0).bus().ask(new ShardId("node2", 0), new ShardRequest.Figures("room")));

        assertEquals(new ShardAnswer.Figured(null), answer);
    }

    @Test
    void wordsToASocketArriveInTheirOrderWhereverItIs() throws Exception {
        BlockingQueue<ToSocket> heard = new LinkedBlockingQueue<>();
        Desk desk = nodes.get(0).bus().openDesk();
        await(nodes.get(0).bus().reachable());
        String socketId = desk.open(heard::add);
        List<ToSocket> said = IntStream.range(0, 1_000)
                .<ToSocket>mapToObj(i -> new ToSocket.Close(CloseCode.LEFT, "word " + i))
                .toList();

        nodes.get(1)
                .vertx()
                .runOnContext(_ -> said.forEach(
                        word -> nodes.get(1).bus().toSockets(List.of(new ToSocket.Letter(socketId, word)))));

        for (ToSocket word : said) {
            assertEquals(word, heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void roomsAreSharedAndTheOneBeyondANodesLimitGoesElsewhere() throws Exception {
        Directory one = nodes.get(0).directory();
        Directory two = nodes.get(1).directory();
        List<RoomPlace> made = new ArrayList<>();
        for (int i = 0; i < nodes.size() * MAX_ROOMS; i++) {
            made.add(await(one.findOrCreate("shared-" + i)).orElseThrow());
            assertEquals(Optional.of(made.getLast()), await(two.find("shared-" + i)));
        }
        for (Cluster node : nodes) {
            assertEquals(MAX_ROOMS, node.directory().rooms());
        }
        assertEquals(Optional.empty(), await(one.findOrCreate("one-more")));

        for (Cluster node : nodes) {
            made.forEach(place -> node.directory().remove(place.room(), place.epoch()));
        }
        until(() -> await(two.find("shared-0")).isEmpty());
    }

    @Test
    void aMemberWithoutTheSecretSeesNoRoomAndItsEntriesAreIgnored() throws Exception {
        RoomPlace place = await(nodes.get(0).directory().findOrCreate("hidden")).orElseThrow();
        Config config = Member.config(settings(1));
        // It knows the cluster's name and sits in its network, which is all that Hazelcast asks for.
        Config strange = new Config(null).setClusterName(config.getClusterName());
        strange.getNetworkConfig()
                .setPort(port)
                .getJoin()
                .getTcpIpConfig()
                .setEnabled(true)
                .addMember("127.0.0.1:" + port);
        strange.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        strange.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        strange.setProperty("hazelcast.logging.type", "slf4j");
        strange.setProperty("hazelcast.phone.home.enabled", "false");
        strange.setProperty("hazelcast.wait.seconds.before.join", "0");
        HazelcastInstance stranger = Hazelcast.newHazelcastInstance(strange);
        try {
            assertEquals(NODES + 1, stranger.getCluster().getMembers().size(), "it is a member");
            StringBuilder all = new StringBuilder();
            stranger.getMap(Member.ROOMS).forEach((key, value) -> all.append(key)
                    .append(new String((byte[]) value, StandardCharsets.ISO_8859_1)));
            stranger.getMap(Member.NODES).forEach((key, value) -> all.append(key)
                    .append(new String((byte[]) value, StandardCharsets.ISO_8859_1)));
            assertFalse(all.isEmpty());
            assertFalse(all.toString().contains("hidden") || all.toString().contains("127.0.0"));

            stranger.getMap(Member.NODES).set("garbage", new byte[100]);
            Object key = stranger.getMap(Member.ROOMS).keySet().iterator().next();
            stranger.getMap(Member.ROOMS).set(key, new byte[100]);
            assertEquals(Optional.of(place), await(nodes.get(0).directory().find("hidden")));
            assertEquals(Optional.empty(), await(nodes.get(1).directory().find("hidden")));
            assertTrue(await(nodes.get(1).directory().findOrCreate("hidden")).isPresent());
        } finally {
            stranger.shutdown();
            for (Cluster node : nodes) {
                await(node.directory().find("hidden"))
                        .ifPresent(found -> node.directory().remove("hidden", found.epoch()));
            }
            until(() -> nodes.stream().allMatch(node -> node.others().size() == NODES - 1));
        }
    }

    @Test
    void aClientFindsNoDoor() {
        ClientConfig config =
                new ClientConfig().setClusterName(Member.config(settings(1)).getClusterName());
        config.getNetworkConfig().addAddress("127.0.0.1:" + port);
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(1_500);
        config.setProperty("hazelcast.logging.type", "slf4j");

        assertThrows(IllegalStateException.class, () -> HazelcastClient.newHazelcastClient(config));
    }

    @Test
    void theEventBusLetsNobodyInWithoutTheCertificate() {
        var client = nodes.get(0)
                .vertx()
                .createHttpClient(
                        new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));

        assertThrows(
                Exception.class,
                () -> await(client.request(HttpMethod.GET, port + ClusterSettings.BUS_PORT_OFFSET, "127.0.0.2", "/")
                        .compose(request -> request.send())));
    }

    @Test
    void garbageAtThePortsDoesNothing() throws Exception {
        byte[] garbage = new byte[200_000];
        new Random(3).nextBytes(garbage);
        for (int to : new int[] {port, port + ClusterSettings.BUS_PORT_OFFSET}) {
            for (int i = 0; i < 2; i++) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress("127.0.0.1", to), 1_000);
                    OutputStream out = socket.getOutputStream();
                    out.write(garbage);
                } catch (java.io.IOException closed) {
                    // As soon as it has read enough of it.
                }
            }
        }

        aShardOfAnotherNodeAnswers();
        assertNotEquals(List.of(), nodes.get(1).others());
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "in 20 s");
            Thread.sleep(50);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
