package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookQueueTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long GIVE_UP = 600 * SECOND;

    private final WebhookQueue queue = queueOf(100);
    private long now;

    private static WebhookQueue queueOf(int entries) {
        return new WebhookQueue(new WebhookQueue.Limits(entries, GIVE_UP), new Random(1));
    }

    private static WebhookMessage message(String room, int number) {
        return new WebhookMessage(room + " " + number, room, new byte[0]);
    }

    private WebhookQueue.Entry next() {
        return queue.next(now).orElseThrow();
    }

    private static String idOf(WebhookQueue.Entry entry) {
        return entry.message().id();
    }

    @Test
    void aRoomsNextMessageWaitsForTheOneBefore() {
        queue.add(now, message("a", 1));
        queue.add(now, message("a", 2));
        queue.add(now, message("b", 1));
        WebhookQueue.Entry first = next();
        assertEquals("a 1", idOf(first));
        assertEquals("b 1", idOf(next()));
        assertEquals(Optional.empty(), queue.next(now));
        queue.delivered(now, first);
        assertEquals("a 2", idOf(next()));
    }

    @Test
    void aRefusedMessageIsTriedAgainLaterEachTimeAndHoldsBackItsOwnRoomOnly() {
        queue.add(now, message("a", 1));
        queue.add(now, message("a", 2));
        long longest = WebhookQueue.FIRST_PAUSE_NANOS;
        for (int attempt = 0; attempt < 10; attempt++) {
            WebhookQueue.Entry entry = next();
            assertEquals("a 1", idOf(entry));
            assertTrue(queue.failed(now, entry));
            long pause = queue.nextTimeout() - now;
            assertTrue(pause >= longest / 2 && pause <= longest, attempt + ": " + pause);
            assertEquals(Optional.empty(), queue.next(now + pause - 1));
            queue.add(now, message("b", attempt));
            WebhookQueue.Entry other = next();
            assertEquals("b " + attempt, idOf(other));
            queue.delivered(now, other);
            now += pause;
            longest = Math.min(2 * longest, WebhookQueue.LONGEST_PAUSE_NANOS);
        }
        queue.delivered(now, next());
        assertEquals("a 2", idOf(next()));
    }

    @Test
    void afterASuccessTheFirstPauseIsShortAgain() {
        queue.add(now, message("a", 1));
        queue.add(now, message("a", 2));
        for (int attempt = 0; attempt < 5; attempt++) {
            queue.failed(now, next());
            now = queue.nextTimeout();
        }
        queue.delivered(now, next());
        queue.failed(now, next());
        assertTrue(queue.nextTimeout() - now <= WebhookQueue.FIRST_PAUSE_NANOS);
    }

    @Test
    void whatIsNotTakenForTooLongIsGivenUpAndTheNextIsTriedNoSooner() {
        queue.add(now, message("a", 1));
        now += 1;
        queue.add(now, message("a", 2));
        WebhookQueue.Entry entry = next();
        while (queue.failed(now, entry)) {
            now = queue.nextTimeout();
            entry = next();
        }
        assertEquals("a 1", idOf(entry));
        assertTrue(now >= GIVE_UP && now <= GIVE_UP + WebhookQueue.LONGEST_PAUSE_NANOS, "given up at " + now);
        assertEquals(1, queue.size());
        assertTrue(queue.nextTimeout() > now + WebhookQueue.LONGEST_PAUSE_NANOS / 2 - 1, "the receiver is left alone");
        now = queue.nextTimeout();
        assertEquals("a 2", idOf(next()));
    }

    @Test
    void aFullQueueTakesNoMoreUntilThereIsRoom() {
        WebhookQueue small = queueOf(3);
        for (int i = 0; i < 3; i++) {
            assertTrue(small.add(0, message("a", i)));
        }
        assertFalse(small.add(0, message("a", 3)));
        assertFalse(small.add(0, message("b", 0)));
        WebhookQueue.Entry first = small.next(0).orElseThrow();
        assertFalse(small.add(0, message("b", 0)), "what is under way has its place still");
        small.delivered(0, first);
        assertTrue(small.add(0, message("b", 0)));
        assertEquals(3, small.size());
    }

    @Test
    void soManyAreUnderWayAtATime() {
        for (int room = 0; room < 20; room++) {
            queue.add(now, message("room " + room, 0));
        }
        List<WebhookQueue.Entry> underWay = new ArrayList<>();
        for (Optional<WebhookQueue.Entry> next = queue.next(now); next.isPresent(); next = queue.next(now)) {
            underWay.add(next.get());
        }
        assertEquals(WebhookQueue.MOST_UNDER_WAY, underWay.size());
        assertEquals(Long.MAX_VALUE, queue.nextTimeout());
        queue.delivered(now, underWay.getFirst());
        assertEquals("room 8 0", idOf(next()));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverTheReceiverDoesEachRoomIsInOrderAndNothingIsLostOrTwice(long seed) {
        Random random = new Random(seed);
        Map<String, Integer> added = new HashMap<>();
        Map<String, List<Integer>> settled = new HashMap<>();
        List<WebhookQueue.Entry> underWay = new ArrayList<>();
        WebhookQueue chaotic = queueOf(50);
        int taken = 0;
        for (int step = 0; step < 20_000 || chaotic.size() > 0; step++) {
            now += random.nextLong(SECOND);
            String room = "room " + random.nextInt(12);
            int number = added.getOrDefault(room, 0);
            if (step < 20_000 && random.nextInt(4) == 0 && chaotic.add(now, message(room, number))) {
                added.put(room, number + 1);
                taken++;
            }
            chaotic.next(now).ifPresent(underWay::add);
            if (!underWay.isEmpty() && random.nextBoolean()) {
                WebhookQueue.Entry entry = underWay.remove(random.nextInt(underWay.size()));
                boolean done = random.nextInt(3) > 0;
                if (done) {
                    chaotic.delivered(now, entry);
                } else {
                    done = !chaotic.failed(now, entry);
                }
                if (done) {
                    String id = idOf(entry);
                    settled.computeIfAbsent(entry.message().room(), _ -> new ArrayList<>())
                            .add(Integer.parseInt(id.substring(id.lastIndexOf(' ') + 1)));
                }
            }
        }
        assertEquals(taken, settled.values().stream().mapToInt(List::size).sum());
        settled.forEach((room, numbers) -> {
            for (int i = 0; i < numbers.size(); i++) {
                assertEquals(i, numbers.get(i), room);
            }
        });
        assertTrue(taken > 1000, "only " + taken + " messages");
    }
}
