package dev.weir.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A timer for many: one bucket for each tick, round and round. Whoever is due is handed out once and must be scheduled
 * again; one that waits longer than a round is handed out early. When the owner is late, nobody is handed out twice for
 * the time that was missed: a loop that is too slow for its clients would otherwise fall behind for good.
 */
final class Wheel<T> {
    static final int TICKS = 32;

    private final List<List<T>> buckets = new ArrayList<>();
    private long next;

    Wheel(long firstTick) {
        next = firstTick;
        for (int i = 0; i < TICKS; i++) {
            buckets.add(new ArrayList<>());
        }
    }

    /** @param tick later than the one that {@link #advance} was last told, or it is taken for the next one */
    void schedule(T item, long tick) {
        long at = Math.clamp(tick, next, next + TICKS - 1);
        buckets.get((int) (at % TICKS)).add(item);
    }

    /** Hands out who is due up to and with this tick; those may be scheduled again meanwhile. */
    void advance(long tick, Consumer<T> due) {
        List<T> all = new ArrayList<>();
        for (next = Math.max(next, tick - TICKS + 1); next <= tick; next++) {
            List<T> bucket = buckets.get((int) (next % TICKS));
            all.addAll(bucket);
            bucket.clear();
        }
        all.forEach(due);
    }
}
