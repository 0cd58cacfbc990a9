package dev.weir.peer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * When the connections and branches of one shard are to be called next: a wheel, so that those for whom nothing is due
 * cost nothing. A {@link Timer} is told deadlines as they come up and never that one has moved out: who is called too
 * early looks at the time and says when next. One per shard, on its loop; allocates nothing once it has grown.
 */
public final class Deadlines {
    /** How precise it is: as often as a probe's runs are due. */
    public static final long TICK_NANOS = 5_000_000;

    /** What may be late is called at multiples of this, many together: waking up costs more than most that is done then. */
    private static final int COARSE_TICKS = 5;

    /** A round of 1.3 s; who waits for longer is called once a round. A power of two. */
    private static final int TICKS = 256;

    private static final int MASK = TICKS - 1;
    private static final int FIRST_CAPACITY = 4;
    private static final long NEVER = Long.MAX_VALUE;

    /** Who is called. */
    public interface Timeout {
        void onTimeout(long now);
    }

    private final Consumer<RuntimeException> mistakes;
    private final Timer[][] buckets = new Timer[TICKS][];
    private final int[] counts = new int[TICKS];
    private final BitSet occupied = new BitSet(TICKS);

    /** The first tick that is not over. */
    private long next;

    /** @param mistakes takes what was thrown by one who was called, which keeps nobody else's call back */
    public Deadlines(Consumer<RuntimeException> mistakes) {
        this.mistakes = mistakes;
    }

    public Timer timer(Timeout timeout) {
        return new Timer(timeout);
    }

    /** When {@link #advance} has somebody to call, at the earliest; {@link Long#MAX_VALUE}: never. */
    public long next() {
        int from = (int) next & MASK;
        int bucket = occupied.nextSetBit(from);
        if (bucket < 0) {
            bucket = occupied.nextSetBit(0);
        }
        return bucket < 0 ? NEVER : (next + (bucket - from & MASK)) * TICK_NANOS;
    }

    /** The last time of those at which {@link Timer#about} calls: what is due in whole intervals from there is on time. */
    public static long lastCommon(long now) {
        return now - now % (COARSE_TICKS * TICK_NANOS);
    }

    /** Calls who is due by now. After a pause everyone is called once for all that he missed. */
    public void advance(long now) {
        long last = now / TICK_NANOS;
        long first = Math.max(next, last - TICKS + 1);
        next = Math.max(next, last + 1);
        for (long tick = first; tick <= last; tick++) {
            turn((int) tick & MASK, last, now);
        }
    }

    /** Those that are called may come back in this very bucket, of a later round, and then stay. */
    private void turn(int bucket, long last, long now) {
        int kept = 0;
        for (int i = 0; i < counts[bucket]; i++) {
            Timer timer = buckets[bucket][i];
            if (timer.tick <= last) {
                call(timer, now);
            } else if (timer.tick != NEVER && (timer.tick & MASK) == bucket) {
                buckets[bucket][kept++] = timer;
            }
        }
        if (buckets[bucket] != null) {
            Arrays.fill(buckets[bucket], kept, counts[bucket], null);
        }
        counts[bucket] = kept;
        occupied.set(bucket, kept > 0);
    }

    private void call(Timer timer, long now) {
        timer.tick = NEVER;
        try {
            timer.timeout.onTimeout(now);
        } catch (RuntimeException mistake) {
            mistakes.accept(mistake);
        }
    }

    private void add(int bucket, Timer timer) {
        if (buckets[bucket] == null) {
            buckets[bucket] = new Timer[FIRST_CAPACITY];
        } else if (counts[bucket] == buckets[bucket].length) {
            buckets[bucket] = Arrays.copyOf(buckets[bucket], 2 * counts[bucket]);
        }
        buckets[bucket][counts[bucket]++] = timer;
        occupied.set(bucket);
    }

    /** One that may be called. What it left behind in the wheel as it was told an earlier time is passed over. */
    public final class Timer {
        private final Timeout timeout;
        private long tick = NEVER;

        private Timer(Timeout timeout) {
            this.timeout = timeout;
        }

        /** Is called at this time or some time before; {@link Long#MAX_VALUE}: no need. */
        public void at(long when) {
            if (when != Long.MAX_VALUE) {
                tick(tickOf(when));
            }
        }

        /** Is called 25 ms after this time at the latest, together with others. */
        public void about(long when) {
            if (when != Long.MAX_VALUE) {
                tick((tickOf(when) + COARSE_TICKS - 1) / COARSE_TICKS * COARSE_TICKS);
            }
        }

        private static long tickOf(long when) {
            return when / TICK_NANOS + (when % TICK_NANOS == 0 ? 0 : 1);
        }

        private void tick(long due) {
            long wanted = Math.clamp(due, next, next + TICKS - 2);
            if (wanted < tick) {
                tick = wanted;
                add((int) wanted & MASK, this);
            }
        }

        /** Is not called until the next {@link #at}. */
        public void cancel() {
            tick = NEVER;
        }
    }
}
