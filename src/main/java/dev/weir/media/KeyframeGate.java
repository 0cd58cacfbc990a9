package dev.weir.media;

import java.util.Arrays;

/**
 * The one door for keyframe requests to a source, so that many viewers cost the publisher no more than one: after a
 * second of quiet a request passes at once, else when that second is over. A request whose keyframe does not come is
 * repeated. While keyframes take more than their share of the source's bits, which ruins the pictures between them,
 * requests wait; but a viewer without any picture does not wait for that longer than two seconds.
 */
final class KeyframeGate {
    static final long MIN_INTERVAL_NANOS = TimeBase.SECOND;

    /** Of the source's bits, by {@link #WINDOW_SECONDS}. */
    static final double MAX_SHARE = 0.15;

    /** Asked for by then, the keyframe is there within the two seconds. */
    static final long MAX_WAIT_NANOS = 1_500_000_000;

    static final int WINDOW_SECONDS = 10;

    /** How often a request that the share holds back looks again. */
    private static final long RETRY_NANOS = 100_000_000;

    private static final long NEVER = -1;

    private final long[] bytes = new long[WINDOW_SECONDS];
    private final long[] keyframeBytes = new long[WINDOW_SECONDS];
    private long total;
    private long totalOfKeyframes;
    private long second = NEVER;
    private long firstSecond;

    private boolean wanted;
    private long urgentSince = NEVER;
    private long lastRequest = -MIN_INTERVAL_NANOS;
    private long heldUntil;

    /** @param urgent a viewer has no picture without it */
    void want(long now, boolean urgent) {
        wanted = true;
        if (urgent && urgentSince == NEVER) {
            urgentSince = now;
            heldUntil = Math.min(heldUntil, now + MAX_WAIT_NANOS);
        }
    }

    void onKeyframe() {
        wanted = false;
        urgentSince = NEVER;
    }

    /** Something of the source came, of a keyframe or not. */
    void onBytes(long now, int count, boolean ofKeyframe) {
        advance(now);
        int bucket = (int) (second % WINDOW_SECONDS);
        bytes[bucket] += count;
        total += count;
        if (ofKeyframe) {
            keyframeBytes[bucket] += count;
            totalOfKeyframes += count;
        }
    }

    long nextTimeout() {
        return wanted ? Math.max(lastRequest + MIN_INTERVAL_NANOS, heldUntil) : Long.MAX_VALUE;
    }

    /** Whether a request is to go out now; it stays wanted until the keyframe is there. */
    boolean pass(long now) {
        if (!wanted || now < nextTimeout()) {
            return false;
        }
        boolean waitedLong = urgentSince != NEVER && now - urgentSince >= MAX_WAIT_NANOS;
        if (!waitedLong && share(now) > MAX_SHARE) {
            heldUntil = now + RETRY_NANOS;
            return false;
        }
        lastRequest = now;
        return true;
    }

    /** What keyframes took over the window. A source younger than that counts as if it went on as it began. */
    double share(long now) {
        if (second == NEVER) {
            return 0;
        }
        advance(now);
        long seconds = Math.min(WINDOW_SECONDS, second - firstSecond + 1);
        double expected = (double) total * WINDOW_SECONDS / seconds;
        return expected == 0 ? 0 : totalOfKeyframes / expected;
    }

    private void advance(long now) {
        long current = now / TimeBase.SECOND;
        if (second == NEVER) {
            firstSecond = current;
            second = current;
        }
        if (current - second >= WINDOW_SECONDS) {
            Arrays.fill(bytes, 0);
            Arrays.fill(keyframeBytes, 0);
            total = 0;
            totalOfKeyframes = 0;
            second = current;
        }
        while (second < current) {
            second++;
            int bucket = (int) (second % WINDOW_SECONDS);
            total -= bytes[bucket];
            totalOfKeyframes -= keyframeBytes[bucket];
            bytes[bucket] = 0;
            keyframeBytes[bucket] = 0;
        }
    }
}
