package dev.weir.bwe;

import java.util.Arrays;

/**
 * Tells whether a queue has stood on the path for seconds without ever having been nearly empty. Flows that heed the
 * delay empty it each time they back off; so it is kept by flows that do not, as loss-based TCP, and giving way to them
 * further gives them everything. The test is that of Copa (Arun and Balakrishnan, NSDI 2018, section 2.2).
 *
 * <p>The least delay of the last four seconds against the least of the last minute, both in buckets. Within a minute
 * clocks that differ by 200 ppm drift by 12 ms.
 */
final class StandingQueue {
    private static final int RECENT_BUCKETS = 4;
    private static final double RECENT_BUCKET_MILLIS = 1_000;
    private static final int BASE_BUCKETS = 12;
    private static final double BASE_BUCKET_MILLIS = 5_000;

    private static final double STANDING_MILLIS = 50;

    private final double[] recent = new double[RECENT_BUCKETS];
    private final double[] base = new double[BASE_BUCKETS];
    private boolean started;
    private double recentStart;
    private double baseStart;

    /** The time of an arrival and its delay against any fixed zero, in milliseconds. */
    void onDelay(double arrival, double delay) {
        if (!started) {
            started = true;
            recentStart = arrival;
            baseStart = arrival;
            Arrays.fill(recent, delay);
            Arrays.fill(base, delay);
        }
        while (arrival - recentStart >= RECENT_BUCKET_MILLIS) {
            recentStart += RECENT_BUCKET_MILLIS;
            shift(recent, delay);
        }
        while (arrival - baseStart >= BASE_BUCKET_MILLIS) {
            baseStart += BASE_BUCKET_MILLIS;
            shift(base, delay);
        }
        recent[0] = Math.min(recent[0], delay);
        base[0] = Math.min(base[0], delay);
    }

    void reset() {
        started = false;
    }

    boolean stands() {
        return started && least(recent) - least(base) > STANDING_MILLIS;
    }

    private static void shift(double[] buckets, double delay) {
        System.arraycopy(buckets, 0, buckets, 1, buckets.length - 1);
        buckets[0] = delay;
    }

    private static double least(double[] values) {
        double least = values[0];
        for (double value : values) {
            least = Math.min(least, value);
        }
        return least;
    }
}
