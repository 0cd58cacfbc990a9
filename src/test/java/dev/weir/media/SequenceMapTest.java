package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SequenceMapTest {
    private final SequenceMap map = new SequenceMap(999);

    @Test
    void theFirstPacketOfASourceGetsTheNextNumber() {
        map.start(70_000);

        assertEquals(1_000, map.map(70_000));
        assertEquals(1_001, map.map(70_001));
        map.start(5);
        assertEquals(1_002, map.map(5));
    }

    @Test
    void aLostPacketsNumberWaitsForIt() {
        map.start(10);
        map.map(10);

        assertEquals(1_003, map.map(13));
        assertEquals(1_002, map.map(12));
        assertEquals(1_001, map.map(11));
        assertEquals(SequenceMap.NONE, map.map(11), "it came before");
    }

    @Test
    void aPacketNotForwardedTakesNoNumber() {
        map.start(10);
        map.map(10);

        assertEquals(SequenceMap.NONE, map.skip(11));
        assertEquals(1_001, map.map(12));
    }

    @Test
    void aLatePacketNotForwardedGivesBackTheNumberThatWasPromised() {
        map.start(10);
        map.map(10);
        map.map(12);

        assertEquals(1_001, map.skip(11));
        assertEquals(SequenceMap.NONE, map.map(11));
    }

    @Test
    void whatWasSentBeforeTheStartGetsNoNumber() {
        map.start(100);
        map.map(100);

        assertEquals(SequenceMap.NONE, map.map(99));
    }

    @Test
    void aJumpBeyondItsReachIsALeap() {
        map.start(100);
        map.map(100);

        assertFalse(map.leaps(100 + SequenceMap.REACH));
        assertTrue(map.leaps(101 + SequenceMap.REACH));
    }

    @Test
    void tooLatePacketsGetNoNumberAndDisturbNoOther() {
        map.start(0);
        map.map(0);
        long in = 0;
        for (; in < 2_000; in += 2) {
            map.map(in + 2);
        }

        assertEquals(SequenceMap.NONE, map.map(in - 1_025), "1025 late");
        assertEquals(999 + in, map.map(in - 1), "1 late: odd numbers are reserved");
        assertEquals(999 + in - 1_022, map.map(in - 1_023), "1023 late");
    }

    @Test
    void numbersAreNeverGivenTwiceAndGapsAreLosses() {
        for (int seed = 0; seed < 200; seed++) {
            String seeded = "seed " + seed;
            Random random = new Random(seed);
            SequenceMap sequences = new SequenceMap(random.nextInt(32_768) - 1L);
            Set<Long> given = new HashSet<>();
            for (int source = 0; source < 10; source++) {
                long start = random.nextLong(1L << 40);
                sequences.start(start);
                Source packets = new Source(random, start);
                Map<Long, Long> numbers = new HashMap<>();
                for (long in : packets.order) {
                    long number = packets.skipped.contains(in) ? sequences.skip(in) : sequences.map(in);
                    if (number != SequenceMap.NONE) {
                        assertTrue(given.add(number), seeded + ": twice " + number);
                        numbers.put(in, number);
                    }
                }
                packets.check(numbers, seeded);
            }
        }
    }

    /** Numbers of one source from a start on, in an order that a network makes of them. */
    private static final class Source {
        final List<Long> order = new ArrayList<>();
        final Set<Long> skipped = new HashSet<>();
        private final long start;

        Source(Random random, long start) {
            this.start = start;
            order.add(start);
            int packets = 1 + random.nextInt(1_500);
            for (int i = 1; i < packets; i++) {
                long in = start + i;
                if (random.nextInt(10) == 0) {
                    skipped.add(in);
                }
                int copies = random.nextInt(12) == 0 ? 0 : random.nextInt(12) == 0 ? 2 : 1;
                for (int copy = 0; copy < copies; copy++) {
                    int back = random.nextInt(5) == 0 ? random.nextInt(Math.min(order.size(), 200)) : 0;
                    order.add(order.size() - back, in);
                }
            }
        }

        /** Packets forwarded in order and numbers without a gap, but for those that never came. */
        void check(Map<Long, Long> numbers, String seeded) {
            Set<Long> came = new HashSet<>(order);
            long last = start;
            for (long in = start + 1; in <= start + 1_500; in++) {
                boolean forwarded = came.contains(in) && !skipped.contains(in);
                if (!forwarded) {
                    continue;
                }
                long lostBetween = 0;
                for (long between = last + 1; between < in; between++) {
                    lostBetween += came.contains(between) && !numbers.containsKey(between) ? 0 : 1;
                }
                assertEquals(numbers.get(last) + 1 + lostBetween, numbers.get(in), seeded + ": of " + in);
                last = in;
            }
        }
    }
}
