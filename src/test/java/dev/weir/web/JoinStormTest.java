package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a room that fills at once costs, counted and not timed: texts are made per event, not per event and member. */
class JoinStormTest {
    @ParameterizedTest
    @ValueSource(ints = {50, 100, 200})
    void eachJoinWritesTwoTextsHoweverManyAreThere(int people) throws Exception {
        try (LiveWeb live = new LiveWeb(TestServer.OPEN, 10)) {
            List<TestSocket> sockets = new ArrayList<>();
            for (int i = 0; i < people; i++) {
                sockets.add(live.connect("/ws/storm"));
            }
            sockets.forEach(socket -> socket.send(TestSocket.JOIN));

            int told = 0;
            for (TestSocket socket : sockets) {
                told += hearOfEverybody(socket, people);
            }

            int pairs = people * (people - 1) / 2;
            assertEquals(pairs, told, "each is told of each who came after him");
            String page = live.http().get("/metrics").body();
            int verticles = TestServer.OPEN.verticles();
            double events = sample(page, "weir_texts_written_total{of=\"event\"}");
            double parts = sample(page, "weir_texts_written_total{of=\"part\"}");
            double characters = sample(page, "weir_signaling_characters_total");
            System.out.printf(
                    "%d join at once: %d events told, %.0f event texts and %.0f participants written, %.0f characters"
                            + " a join, %.0f of them for each who is there%n",
                    people, told, events, parts, characters / people, characters / people / people);
            assertEquals(pairs, sample(page, "weir_events_total"));
            assertTrue(events <= (double) people * verticles, () -> "texts of events: " + events);
            assertTrue(parts <= (double) people * verticles, () -> "texts of participants: " + parts);
            assertTrue(characters <= 600.0 * people * people, () -> "characters: " + characters);
        }
    }

    /** Reads until all are known, from the snapshot or by an event. @return how many by an event */
    private static int hearOfEverybody(TestSocket socket, int people) throws InterruptedException {
        Set<String> known = new HashSet<>();
        JsonNode answer = socket.nextOk();
        answer.path("snapshot").path("participants").forEach(member -> known.add(idOf(member)));
        long seq = answer.path("seq").asLong();
        int events = 0;
        while (known.size() < people) {
            JsonNode event = socket.next();
            assertEquals(++seq, event.path("seq").asLong(), event::toString);
            assertEquals("participant:join", event.path("type").asText(), event::toString);
            assertTrue(known.add(idOf(event)), () -> "told twice of " + event);
            events++;
        }
        return events;
    }

    private static String idOf(JsonNode member) {
        return member.path("participantId").asText();
    }

    private static double sample(String page, String name) {
        return page.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }
}
