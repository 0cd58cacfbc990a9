package dev.weir.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.signal.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** People who come and go leave nothing behind. */
class ComingAndGoingTest {
    private static final int AT_ONCE = 5;

    /** Classes are loaded and pools filled until then. */
    private static final int WARM_UP_JOINS = 25;

    private static final Map<String, Long> ONE = Map.of("", 1L);
    /** What is there for a while, as the rings of those who stay, and what the host's own record of each join takes. */
    private static final long MAX_HEAP_GROWTH = 12 << 20;

    private static final long RECORDED_BYTES = 2_048;
    private static final long MAX_DIRECT_GROWTH = 4 << 20;

    @Test
    void twoHundredJoinsLeaveNothingBehind() throws Exception {
        comeAndGo(200);
    }

    @Test
    @Tag("long")
    void twoThousandJoinsLeaveNothingBehind() throws Exception {
        comeAndGo(2_000);
    }

    @Test
    @Tag("long")
    void aRoomThatAllHaveLeftIsForgotten() throws Exception {
        try (LiveServer server = new LiveServer(1);
                LiveClients clients = new LiveClients(server)) {
            joinAndLeave(server, clients, "forgotten", 0);
            assertEquals(1, server.directory.rooms());
            clients.await("the room is forgotten", Duration.ofSeconds(40), () -> server.directory.rooms() == 0);
        }
    }

    /** One stays all the time, so that the room stays too. */
    private static void comeAndGo(int joins) throws Exception {
        try (LeakWatch watch = new LeakWatch();
                LiveServer server = new LiveServer(2);
                LiveClients clients = new LiveClients(server)) {
            LiveClient host = clients.join("door", "host", ClientPlan.USUAL);
            clients.await("the host is connected", host.machine()::connected);
            for (int done = 0; done < WARM_UP_JOINS; done += AT_ONCE) {
                joinAndLeave(server, clients, "door", done);
            }
            Footprint before = Footprint.now();
            Map<String, Long> routes = server.measured("weir_routes", "state");
            for (int done = 0; done < joins; done += AT_ONCE) {
                joinAndLeave(server, clients, "door", WARM_UP_JOINS + done);
            }
            Footprint after = Footprint.now();
            System.out.println("joins: " + joins + ", before " + before + ", after " + after);

            assertEquals(Map.of("expected", 1L, "checked", 1L), routes);
            LiveServer.awaitMeasure("sessions are forgotten", () -> server.measured("weir_sessions", "none"), ONE);
            assertEquals(routes, server.measured("weir_routes", "state"));
            assertEquals(ONE, server.measured("weir_participants", "none"));
            assertEquals(Map.of("audio", 1L, "video", 1L), server.measured("weir_tracks", "kind"));
            assertEquals(1, server.directory.rooms());
            assertEquals(before.descriptors(), after.descriptors());
            assertEquals(before.lastingThreads(), after.lastingThreads());
            assertEquals(before.handshakes(), after.handshakes());
            long heap = after.heapBytes() - before.heapBytes();
            long direct = after.directBytes() - before.directBytes();
            assertTrue(heap < MAX_HEAP_GROWTH + RECORDED_BYTES * joins, () -> "the heap grew by " + heap);
            assertTrue(direct < MAX_DIRECT_GROWTH, () -> "direct memory grew by " + direct);
            assertTrue(watch.leaks().isEmpty(), () -> watch.leaks().toString());
        }
    }

    private static void joinAndLeave(LiveServer server, LiveClients clients, String room, int number) throws Exception {
        List<LiveClient> all = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            LiveClient client = clients.join(room, "guest-" + (number + i), ClientPlan.USUAL);
            client.viewAll(360);
            all.add(client);
        }
        clients.await("all hear something", () -> all.stream().allMatch(LiveClient::hears));
        for (LiveClient client : all) {
            client.ask(new Request.Leave());
        }
        clients.await("all were told that it is over", () -> all.stream().allMatch(client -> "closed by the other side"
                .equals(client.machine().failure())));
        for (LiveClient client : all) {
            clients.forget(client);
            server.forget(client.name);
        }
    }
}
