package dev.weir.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class JoinQueueTest {
    private static final long MS = 1_000_000;
    private static final long TICK = 5 * MS;
    /** Half of the loop, so that a join of 1 ms leaves 500 a second. */
    private static final JoinLimits LIMITS = new JoinLimits(0.5, 1_000, 500 * MS);

    private final JoinQueue queue = new JoinQueue(LIMITS);
    private final List<Person> all = new ArrayList<>();
    private long now;
    private long costNanos = MS;

    private final class Person implements JoinQueue.Join {
        private final String name;
        private final long came = now;
        private long began = -1;
        private long retryAfterMs = -1;

        Person(String name) {
            this.name = name;
            all.add(this);
        }

        @Override
        public void begin(long when) {
            assertTrue(began < 0 && retryAfterMs < 0, "answered twice");
            began = when;
            queue.spent(costNanos);
        }

        @Override
        public void refuse(long afterMs) {
            assertTrue(began < 0 && retryAfterMs < 0, "answered twice");
            retryAfterMs = afterMs;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Test
    void inACalmAJoinBeginsAtOnce() {
        Person ada = arrive("ada");

        assertEquals(0, ada.began);
        assertEquals(0, queue.queued());
    }

    @Test
    void aStormTakesItsShareOfTheLoopAndNoMore() {
        long end = 4_000 * MS;
        for (; now < end; tick()) {
            for (int i = 0; i < 5; i++) {
                arrive("one of 1,000 a second");
            }
        }

        long begun = all.stream().filter(person -> person.began >= 0).count();
        double share = (double) begun * costNanos / end;
        assertTrue(share > 0.45 && share < 0.55, "joins took " + share + " of the loop");
        assertTrue(queue.costNanos() > 0.9 * MS && queue.costNanos() < 1.1 * MS, "cost " + queue.costNanos());
    }

    @Test
    void nobodyWaitsLongerThanIsWorthIt() {
        for (; now < 4_000 * MS; tick()) {
            for (int i = 0; i < 5; i++) {
                arrive("one of 1,000 a second");
            }
        }

        long longest = all.stream()
                .filter(person -> person.began >= 0)
                .mapToLong(person -> person.began - person.came)
                .max()
                .orElseThrow();
        assertTrue(longest > 300 * MS && longest <= 2 * LIMITS.waitNanos(), "waited " + longest / MS + " ms");
        assertTrue(queue.refused() > 0);
    }

    @Test
    void whoWasRefusedComesBackInTimeAndTheCrowdGetsInAtTheRateThatIsBearable() {
        PriorityQueue<Long> comingBack = new PriorityQueue<>(Comparator.naturalOrder());
        for (int i = 0; i < 2_000; i++) {
            comingBack.add(i * MS / 2);
        }
        int asked = 0;
        while (now < 8_000 * MS && begun() < 2_000) {
            while (!comingBack.isEmpty() && comingBack.peek() <= now) {
                comingBack.remove();
                asked++;
                Person person = arrive("one of a crowd");
                if (person.retryAfterMs >= 0) {
                    comingBack.add(now + person.retryAfterMs * MS);
                }
            }
            tick();
        }

        assertEquals(2_000, begun(), "all are in");
        // 2,000 joins of 1 ms in half of a loop take 4 s.
        assertTrue(now < 5_000 * MS, "it took " + now / MS + " ms");
        assertTrue(asked < 4_000, "they asked " + asked + " times");
    }

    @Test
    void whoWasInAMeetingGoesBeforeThoseWhoCome() {
        while (queue.queued() == 0) {
            arrive("a stranger");
        }
        Person stranger = all.getLast();
        Person back = new Person("one who was in");
        queue.offer(now, true, back);

        while (stranger.began < 0) {
            tick();
        }

        assertTrue(back.began >= 0 && back.began <= stranger.began, back.began + " and " + stranger.began);
    }

    @Test
    void whenJoinsBecomeDearerFewerAreTaken() {
        costNanos = 10 * MS;
        for (; now < 4_000 * MS; tick()) {
            arrive("one of 200 a second");
        }

        double share = (double) begun() * costNanos / now;
        assertTrue(share > 0.4 && share < 0.6, "joins took " + share + " of the loop");
    }

    @Test
    void nobodyBeginsWhileThoseBeforeAreStuckFurtherOn() {
        queue.onTick(now, true);
        Person ada = arrive("ada");
        for (int i = 0; i < 20; i++) {
            now += TICK;
            queue.onTick(now, true);
        }
        assertEquals(-1, ada.began);

        tick();

        assertEquals(now, ada.began);
    }

    @Test
    void whoWaitsForALoopThatIsStuckIsToldSo() {
        queue.onTick(now, true);
        Person ada = arrive("ada");
        now += 2 * LIMITS.waitNanos() + TICK;

        queue.onTick(now, true);

        assertTrue(ada.retryAfterMs >= 250, "told to come back after " + ada.retryAfterMs);
        assertEquals(0, queue.queued());
    }

    @Test
    void theQueueIsBoundedByNumberToo() {
        JoinQueue small = new JoinQueue(new JoinLimits(0.5, 10, 60_000 * MS));
        small.onTick(0, true);
        List<Long> told = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            small.offer(0, false, new JoinQueue.Join() {
                @Override
                public void begin(long when) {
                    throw new AssertionError("nobody begins");
                }

                @Override
                public void refuse(long retryAfterMs) {
                    told.add(retryAfterMs);
                }
            });
        }

        assertEquals(10, small.queued());
        assertEquals(5, told.size());
        assertTrue(told.stream().allMatch(ms -> ms <= 30_000));
    }

    private Person arrive(String name) {
        Person person = new Person(name);
        queue.offer(now, false, person);
        return person;
    }

    private void tick() {
        now += TICK;
        queue.onTick(now, false);
    }

    private long begun() {
        return all.stream().filter(person -> person.began >= 0).count();
    }
}
