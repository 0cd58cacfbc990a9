package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.room.RoomTimes;
import dev.weir.web.Replies.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Both limits, exactly, and under a race. Open mode, from this machine. */
final class RoomLimitsTest {
    private static final String ROOMS = "/api/v1/rooms";

    @Test
    void fiveHundredRaceForTwoHundredSeatsFromAsManySockets() throws Exception {
        try (LiveWeb live = new LiveWeb(TestServer.OPEN, 10)) {
            List<TestSocket> sockets = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                sockets.add(live.connect("/ws/race"));
            }
            sockets.forEach(socket -> socket.send(TestSocket.JOIN));

            Map<String, Integer> outcomes = new TreeMap<>();
            for (TestSocket socket : sockets) {
                var answer = socket.next();
                while (answer.path("id").isMissingNode()) {
                    answer = socket.next();
                }
                outcomes.merge(
                        answer.path("type").asText() + answer.path("code").asText(), 1, Integer::sum);
            }

            assertEquals(Map.of("ok", 200, "errorroomFull", 300), outcomes);
            Reply room = live.http().get(ROOMS + "/race");
            assertEquals(200, Examples.parse(room.body()).path("count").asInt());
        }
    }

    @Test
    void aHundredRaceForFortyRooms() throws Exception {
        try (LiveWeb live = new LiveWeb(TestServer.OPEN, 40);
                ExecutorService threads = Executors.newFixedThreadPool(20)) {
            List<Callable<Reply>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String body = "{\"name\":\"room-" + i + "\"}";
                calls.add(() -> live.http().send("POST", ROOMS, body));
            }
            Map<Integer, Integer> outcomes = new TreeMap<>();
            for (Future<Reply> reply : threads.invokeAll(calls)) {
                outcomes.merge(reply.get().status(), 1, Integer::sum);
                if (reply.get().status() == 503) {
                    assertEquals("roomLimit", reply.get().code());
                }
            }
            assertEquals(Map.of(201, 40, 503, 60), outcomes);
            live.join("one-more").nextError("roomLimit");
        }
    }

    @Test
    void aRoomThatMustBeCreatedIsNotJoinedBefore() throws Exception {
        WebConfig.Rules rules =
                new WebConfig.Rules(Optional.empty(), Optional.empty(), Optional.empty(), true, true, 0, 0, "");
        try (LiveWeb live = new LiveWeb(LiveWeb.config(Optional.empty(), true, rules), 10)) {
            live.join("later").nextError("notFound");
            assertEquals(
                    201, live.http().send("POST", ROOMS, "{\"name\":\"later\"}").status());
            live.join("later").nextOk();
        }
    }

    @Test
    void aCreatedRoomThatNobodyComesToGoes() throws Exception {
        RoomTimes soon = new RoomTimes(50_000_000, 50_000_000);
        try (LiveWeb live = new LiveWeb(TestServer.OPEN, 10, soon)) {
            assertEquals(
                    201, live.http().send("POST", ROOMS, "{\"name\":\"idle\"}").status());
            long deadline = System.nanoTime() + 5_000_000_000L;
            int status = 200;
            while (status == 200 && System.nanoTime() < deadline) {
                status = live.http().get(ROOMS + "/idle").status();
            }
            assertEquals(404, status);
        }
    }
}
