package dev.weir.scale;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Simulated time: what is due is done in order, and within one moment in the order in which it was asked for. */
final class Timeline {
    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;

    private record Due(long at, long number, Runnable what) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private long now;
    private long asked;

    long now() {
        return now;
    }

    void after(long nanos, Runnable what) {
        due.add(new Due(now + nanos, asked++, what));
    }

    void runUntil(long end) {
        while (!due.isEmpty() && due.peek().at() <= end) {
            Due next = due.remove();
            now = next.at();
            next.what().run();
        }
        now = end;
    }
}
