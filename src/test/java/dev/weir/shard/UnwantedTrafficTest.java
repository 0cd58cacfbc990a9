package dev.weir.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A call while 200,000 datagrams that nobody should send come to its port. */
class UnwantedTrafficTest {
    private static final int DATAGRAMS = 200_000;

    /** So many are under way at once, which the smallest socket buffer of a Linux holds. */
    private static final int WINDOW = 128;

    private static final long SEED = 4711;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What the server's memory may grow by, for good; the clients' notes of what they got are in the first. */
    private static final long MAX_HEAP_GROWTH = 12 << 20;

    private static final long MAX_DIRECT_GROWTH = 8 << 20;

    /** Sends a datagram. */
    private interface Way {
        void send(byte[] datagram) throws IOException;
    }

    /**
     * One sort of unwanted datagram.
     *
     * @param reasons the drops that it may be counted as
     */
    private record Sort(String name, Way way, Supplier<byte[]> datagrams, Set<String> reasons) {}

    private final Unwanted unwanted = new Unwanted(SEED);

    @Test
    void aCallDoesNotNotice() throws Exception {
        try (LeakWatch watch = new LeakWatch();
                LiveServer server = new LiveServer(1);
                LiveClients clients = new LiveClients(server);
                DatagramChannel stranger = socket()) {
            List<LiveClient> all = call(server, clients);
            stranger.connect(all.getFirst().serverAddress());
            List<byte[]> media = clients.on(() -> List.copyOf(all.getFirst().sentMedia()));
            List<Sort> sorts = sorts(all.getFirst(), stranger, media);
            for (Sort sort : sorts) {
                send(server, sort, 10 * WINDOW);
            }
            Footprint before = Footprint.now();
            long dropsBefore = sum(server.drops());
            int each = DATAGRAMS / sorts.size() + 1;
            for (Sort sort : sorts) {
                send(server, sort, each);
            }
            Footprint after = Footprint.now();
            int framesBefore = clients.on(() -> all.getLast().framesShown());
            clients.await("still seen", () -> all.getLast().framesShown() > framesBefore + 25);

            assertEquals((long) each * sorts.size(), sum(server.drops()) - dropsBefore, "each is counted");
            long heap = after.heapBytes() - before.heapBytes();
            long direct = after.directBytes() - before.directBytes();
            System.out.println("unwanted: " + each * sorts.size() + " datagrams, heap " + heap / 1_024
                    + " kB more, direct " + direct / 1_024 + " kB more, " + server.drops());
            assertTrue(heap < MAX_HEAP_GROWTH, () -> "the heap grew by " + heap);
            assertTrue(direct < MAX_DIRECT_GROWTH, () -> "direct memory grew by " + direct);
            assertEquals(before.descriptors(), after.descriptors());
            assertEquals(before.handshakes(), after.handshakes(), "no handshake with a stranger");
            for (LiveClient client : all) {
                assertEquals(List.of(), clients.on(client::faults));
                int missing = clients.on(client::missing);
                long kernel = kernelDrops(client.localPort())
                        + kernelDrops(client.serverAddress().getPort());
                assertTrue(missing <= kernel, () -> missing + " packets missing, the kernel lost " + kernel);
            }
            assertEquals(2, server.measured("weir_routes", "state").get("checked"));
            assertTrue(watch.leaks().isEmpty(), () -> watch.leaks().toString());
        }
    }

    @Test
    void aClientHelloFromAnAddressThatPassedNoCheckGetsNoAnswer() throws Exception {
        try (LiveServer server = new LiveServer(1);
                LiveClients clients = new LiveClients(server);
                DatagramChannel stranger = socket()) {
            LiveClient ada = call(server, clients).getFirst();
            stranger.connect(ada.serverAddress());
            byte[] hello = Unwanted.clientHello();
            for (int i = 0; i < 100; i++) {
                stranger.write(ByteBuffer.wrap(hello));
            }
            awaitDrops(server, "dtls_unchecked", 100);
            clients.goOn(Duration.ofMillis(500));
            stranger.configureBlocking(false);
            assertNull(stranger.receive(ByteBuffer.allocate(2_048)), "not a word");
            assertEquals(
                    2, server.measured("weir_dtls_handshakes_total", "result").get("completed"));
            assertEquals(2, Footprint.now().handshakes());
        }
    }

    /** What reaches a connection's own DTLS is for that to judge: the call must not care. */
    @Test
    void falseRecordsOnAnOpenConnectionDoNotEndIt() throws Exception {
        try (LiveServer server = new LiveServer(1);
                LiveClients clients = new LiveClients(server)) {
            List<LiveClient> all = call(server, clients);
            byte[] hello = Unwanted.clientHello();
            for (int i = 0; i < 5_000; i++) {
                all.getFirst().spoof(i % 10 == 0 ? hello : unwanted.dtls());
                if (i % WINDOW == 0) {
                    server.drops();
                }
            }
            clients.goOn(Duration.ofSeconds(1));
            for (LiveClient client : all) {
                int frames = clients.on(client::framesShown);
                clients.await("still seen", () -> client.framesShown() > frames + 25);
                assertEquals(null, client.machine().failure());
                assertEquals(0, clients.on(client::missing));
            }
            assertEquals(
                    2, server.measured("weir_dtls_handshakes_total", "result").get("completed"));
        }
    }

    private List<Sort> sorts(LiveClient known, DatagramChannel stranger, List<byte[]> media) throws Exception {
        Way far = datagram -> stranger.write(ByteBuffer.wrap(datagram));
        Way near = known::spoof;
        String ufrag = known.answer().iceUfrag();
        byte[] hello = Unwanted.clientHello();
        Set<String> refused = Set.of("forged", "replayed", "too_old", "malformed");
        return List.of(
                new Sort("noise", far, unwanted::noise, Set.of("unknown_source", "unknown_ufrag", "dtls_unchecked")),
                new Sort("oversized", far, unwanted::oversized, Set.of("oversized")),
                new Sort("check, wrong password", far, () -> unwanted.check(ufrag), Set.of("bad_check")),
                new Sort("check of nobody", far, () -> unwanted.check(unwanted.ufrag()), Set.of("unknown_ufrag")),
                new Sort(
                        "check cut short",
                        far,
                        () -> unwanted.truncated(unwanted.check(ufrag)),
                        Set.of("unknown_ufrag", "bad_check", "unknown_source")),
                new Sort("ClientHello", far, () -> hello, Set.of("dtls_unchecked")),
                new Sort("ClientHello cut short", far, () -> unwanted.truncated(hello), Set.of("dtls_unchecked")),
                new Sort("RTP", far, unwanted::rtp, Set.of("unknown_source")),
                new Sort("RTCP", far, unwanted::rtcp, Set.of("unknown_source")),
                new Sort("replay from elsewhere", far, () -> unwanted.oneOf(media), Set.of("unknown_source")),
                new Sort("RTP from a known address", near, unwanted::rtp, Set.of("forged", "malformed")),
                new Sort("RTCP from a known address", near, unwanted::rtcp, Set.of("forged", "malformed")),
                new Sort("replay", near, () -> unwanted.oneOf(media), Set.of("replayed", "too_old")),
                new Sort("cut short", near, () -> unwanted.truncated(unwanted.oneOf(media)), refused),
                new Sort("a bit flipped", near, () -> unwanted.flipped(unwanted.oneOf(media)), refused));
    }

    private static void send(LiveServer server, Sort sort, int count) throws Exception {
        Map<String, Long> before = server.drops();
        long base = sum(before);
        for (int sent = 0; sent < count; ) {
            int window = Math.min(WINDOW, count - sent);
            for (int i = 0; i < window; i++) {
                sort.way().send(sort.datagrams().get());
            }
            sent += window;
            awaitSum(server, sort, base + sent);
        }
        Map<String, Long> more = new HashMap<>(server.drops());
        before.forEach((reason, drops) -> more.merge(reason, -drops, Long::sum));
        more.values().removeIf(drops -> drops == 0);
        assertTrue(sort.reasons().containsAll(more.keySet()), () -> sort.name() + " is counted as " + more);
    }

    private static void awaitSum(LiveServer server, Sort sort, long wanted) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        long counted = sum(server.drops());
        while (counted < wanted) {
            if (System.nanoTime() > until) {
                throw new AssertionError(sort.name() + ": " + (wanted - counted) + " are not accounted for");
            }
            counted = sum(server.drops());
        }
    }

    private static void awaitDrops(LiveServer server, String reason, long wanted) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (server.drops().getOrDefault(reason, 0L) < wanted) {
            assertTrue(System.nanoTime() < until, "not counted as " + reason);
        }
    }

    private static List<LiveClient> call(LiveServer server, LiveClients clients) throws Exception {
        LiveClient ada = clients.join("fire", "Ada", ClientPlan.USUAL);
        LiveClient grace = clients.join("fire", "Grace", ClientPlan.USUAL);
        List<LiveClient> all = List.of(ada, grace);
        clients.await("both were told of the other's camera", () -> all.stream()
                .allMatch(client -> server.cameras(client.joined, client.name).size() == 1));
        ada.viewAll(360);
        grace.viewAll(360);
        clients.await("both see", () -> all.stream().allMatch(client -> client.framesShown() > 25));
        return all;
    }

    private static DatagramChannel socket() throws IOException {
        return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What the kernel dropped at a socket because its buffer was full. */
    private static long kernelDrops(int port) throws IOException {
        String hex = String.format(":%04X", port);
        return Files.readAllLines(Path.of("/proc/net/udp")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 12 && fields[1].endsWith(hex))
                .mapToLong(fields -> Long.parseLong(fields[fields.length - 1]))
                .sum();
    }
}
