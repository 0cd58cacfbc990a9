package dev.weir.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final long MILLI = 1_000_000;
    private static final long TICK = Deadlines.TICK_NANOS;
    private static final long ROUND = 256 * TICK;

    private final List<RuntimeException> mistakes = new ArrayList<>();
    private final Deadlines deadlines = new Deadlines(mistakes::add);
    private final List<Long> calls = new ArrayList<>();
    private final Deadlines.Timer timer = deadlines.timer(calls::add);

    private void run(long from, long until) {
        for (long now = from; now <= until; now += TICK) {
            deadlines.advance(now);
        }
    }

    @Test
    void callsOnceAtTheTickBehindTheDeadline() {
        run(0, 10 * MILLI);
        timer.at(23 * MILLI);
        run(15 * MILLI, 3 * ROUND);
        assertEquals(List.of(25 * MILLI), calls);
    }

    @Test
    void whatMayBeLateIsCalledTogether() {
        run(0, 10 * MILLI);
        timer.about(23 * MILLI);
        deadlines.timer(calls::add).about(11 * MILLI);
        deadlines.timer(calls::add).about(25 * MILLI);
        run(15 * MILLI, 3 * ROUND);
        assertEquals(List.of(25 * MILLI, 25 * MILLI, 25 * MILLI), calls);
        assertEquals(25 * MILLI, Deadlines.lastCommon(49 * MILLI));
    }

    /** Whoever sleeps until then, again and again, misses nothing. */
    @Test
    void saysWhenItHasSomebodyToCall() {
        Random random = new Random(7);
        assertEquals(Long.MAX_VALUE, deadlines.next());
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            long due = now + random.nextLong(ROUND - 2 * TICK);
            timer.at(due);
            while (calls.isEmpty()) {
                assertTrue(deadlines.next() < Long.MAX_VALUE, "in " + i);
                now = Math.max(now, deadlines.next());
                deadlines.advance(now);
            }
            assertTrue(calls.getFirst() >= due && calls.getFirst() < due + TICK, due + " was at " + calls);
            calls.clear();
        }
        assertEquals(Long.MAX_VALUE, deadlines.next());
    }

    @Test
    void anEarlierDeadlineCounts() {
        timer.at(500 * MILLI);
        timer.at(20 * MILLI);
        timer.at(400 * MILLI);
        run(0, 3 * ROUND);
        assertEquals(List.of(20 * MILLI), calls);
    }

    @Test
    void whoIsCalledMayComeBackAtOnce() {
        Deadlines.Timer[] own = new Deadlines.Timer[1];
        own[0] = deadlines.timer(now -> {
            calls.add(now);
            own[0].at(0);
        });
        own[0].at(0);
        run(0, 4 * TICK);
        assertEquals(List.of(0L, TICK, 2 * TICK, 3 * TICK, 4 * TICK), calls);
    }

    @Test
    void whatIsFurtherThanARoundIsCalledEarly() {
        timer.at(10 * ROUND);
        run(0, ROUND);
        assertEquals(1, calls.size());
    }

    @Test
    void afterAPauseEveryoneIsCalledOnce() {
        Deadlines.Timer other = deadlines.timer(now -> {
            calls.add(now);
            timer.at(now);
        });
        timer.at(TICK);
        other.at(100 * TICK);
        deadlines.advance(5 * ROUND);
        assertEquals(List.of(5 * ROUND, 5 * ROUND), calls);
        deadlines.advance(5 * ROUND + TICK);
        assertEquals(3, calls.size(), "and who came back, at the next tick");
    }

    @Test
    void whoeverIsCancelledIsNotCalled() {
        timer.at(20 * MILLI);
        timer.cancel();
        run(0, 2 * ROUND);
        assertEquals(List.of(), calls);
        timer.at(2 * ROUND + 20 * MILLI);
        run(2 * ROUND + TICK, 4 * ROUND);
        assertEquals(1, calls.size());
    }

    @Test
    void aMistakeOfOneKeepsNobodyElseBack() {
        RuntimeException mistake = new IllegalStateException("ours");
        deadlines
                .timer(_ -> {
                    throw mistake;
                })
                .at(TICK);
        timer.at(TICK);
        deadlines.advance(TICK);
        assertEquals(List.of(mistake), mistakes);
        assertEquals(List.of(TICK), calls);
    }

    /** Against the plain way: nobody is called late by more than a tick, nor when he told no deadline. */
    @Test
    void nobodyIsForgottenWhateverIsTold() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        long[] due = new long[50];
        Deadlines.Timer[] timers = new Deadlines.Timer[due.length];
        long[] now = new long[1];
        for (int i = 0; i < due.length; i++) {
            int each = i;
            due[i] = Long.MAX_VALUE;
            timers[i] = deadlines.timer(at -> {
                calls.add(at);
                if (due[each] == Long.MAX_VALUE) {
                    throw new AssertionError("called for nothing, seed " + seed);
                }
                if (due[each] <= at) {
                    due[each] = Long.MAX_VALUE;
                } else {
                    timers[each].at(due[each]);
                }
            });
        }
        for (int step = 0; step < 100_000; step++) {
            now[0] += random.nextInt(20) == 0 ? random.nextLong(2 * ROUND) : TICK;
            deadlines.advance(now[0]);
            for (int i = 0; i < due.length; i++) {
                if (due[i] != Long.MAX_VALUE && due[i] < now[0] - TICK) {
                    throw new AssertionError("forgotten at " + now[0] + ", seed " + seed);
                }
            }
            int which = random.nextInt(due.length);
            due[which] = Math.min(due[which], now[0] + random.nextLong(3 * ROUND));
            timers[which].at(due[which]);
        }
        assertEquals(List.of(), mistakes, "seed " + seed);
    }
}
