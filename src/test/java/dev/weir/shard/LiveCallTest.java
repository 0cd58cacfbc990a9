package dev.weir.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.signal.RoomFigures;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls through real shards over loopback. */
class LiveCallTest {
    private static final int ENOUGH_FRAMES = 50;

    @Test
    void twoPeopleSeeAndHearEachOther() throws Exception {
        try (LiveServer server = new LiveServer(1)) {
            call(server, "one-loop");
        }
    }

    @Test
    void theOwnerOfARoomMaySitOnAnotherLoopThanItsPeople() throws Exception {
        try (LiveServer server = new LiveServer(2)) {
            RoomPlace apart = apart(server);
            assertNotEquals(apart.ownerShard(), apart.mediaShard());
            call(server, apart.room());
        }
    }

    /** A room whose owner is not where its people will sit. */
    private static RoomPlace apart(LiveServer server) {
        return IntStream.range(0, 100)
                .mapToObj(i -> {
                    try {
                        return server.place("room-" + i);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .filter(place -> !place.ownerShard().equals(place.mediaShard()))
                .findFirst()
                .orElseThrow();
    }

    private static void call(LiveServer server, String room) throws Exception {
        try (LeakWatch watch = new LeakWatch();
                LiveClients clients = new LiveClients(server)) {
            LiveClient ada = clients.join(room, "Ada", ClientPlan.SIMULCAST);
            LiveClient grace = clients.join(room, "Grace", ClientPlan.SIMULCAST);
            List<LiveClient> all = List.of(ada, grace);
            clients.await("both were told of the other's camera", () -> all.stream()
                    .allMatch(
                            client -> server.cameras(client.joined, client.name).size() == 1));
            ada.viewAll(720);
            grace.viewAll(720);
            clients.await(
                    "both see enough", () -> all.stream().allMatch(client -> client.framesShown() >= ENOUGH_FRAMES));
            clients.goOn(Duration.ofSeconds(1));
            for (LiveClient client : all) {
                assertEquals(List.of(), clients.on(client::faults));
                assertEquals(0, clients.on(client::missing));
                assertEquals(Map.of(), clients.on(client.machine()::refused));
            }
            clients.goOn(Duration.ofSeconds(3));
            RoomPlace place = server.place(room);
            RoomFigures figures =
                    ((ShardAnswer.Figured) server.ask(place.mediaShard(), new ShardRequest.Figures(room))).figures();
            assertEquals(2, figures.people().size());
            assertTrue(figures.ingressBps() > 100_000 && figures.egressBps() > 100_000, figures::toString);
            assertTrue(figures.packetsIn() > ENOUGH_FRAMES && figures.packetsOut() > ENOUGH_FRAMES, figures::toString);
            for (RoomFigures.Person person : figures.people()) {
                assertEquals(0, person.lossIn(), figures::toString);
                assertTrue(person.rttMs() > 0 && person.rttMs() < 5_000, figures::toString);
                assertTrue(person.layers().stream().anyMatch(layer -> layer.layer() != null), figures::toString);
            }
            Map<String, Long> drops = server.drops();
            // The keys and the flight that lets the client begin are posted as one, but by another thread.
            drops.remove("not_connected");
            assertEquals(Map.of(), drops);
            assertEquals(2, server.measured("weir_participants", "").get(""));
            assertTrue(watch.leaks().isEmpty(), () -> watch.leaks().toString());
        }
    }
}
