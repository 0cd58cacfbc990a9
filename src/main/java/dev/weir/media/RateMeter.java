package dev.weir.media;

import java.util.Arrays;

/** The bit rate of a stream over its last second, in ten buckets. */
final class RateMeter {
    private static final int BUCKETS = 10;
    private static final long BUCKET_NANOS = TimeBase.SECOND / BUCKETS;

    private final long[] bits = new long[BUCKETS];
    private long bucket = -1;
    private long first = -1;
    private long total;

    void add(long now, int bytes) {
        advance(now);
        bits[(int) (bucket % BUCKETS)] += 8L * bytes;
        total += 8L * bytes;
    }

    /** Bits per second; 0 before anything came. A stream younger than a second counts as if it went on as it began. */
    long bps(long now) {
        if (first < 0) {
            return 0;
        }
        advance(now);
        long buckets = Math.min(BUCKETS, bucket - first + 1);
        return total * BUCKETS / buckets;
    }

    private void advance(long now) {
        long current = now / BUCKET_NANOS;
        if (first < 0) {
            first = current;
            bucket = current;
        }
        if (current - bucket >= BUCKETS) {
            Arrays.fill(bits, 0);
            total = 0;
            bucket = current;
        }
        while (bucket < current) {
            bucket++;
            int slot = (int) (bucket % BUCKETS);
            total -= bits[slot];
            bits[slot] = 0;
        }
    }
}
