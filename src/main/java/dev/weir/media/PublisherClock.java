package dev.weir.media;

/**
 * One publisher's NTP clock against the shard's: the offset that his audio, his video and all their layers share, which
 * is what keeps them in step. Estimated from his sender reports: the report that travelled fastest tells the truth, so
 * the least offset of the last one to two windows counts.
 */
public final class PublisherClock {
    private static final long WINDOW_NANOS = 30 * TimeBase.SECOND;

    private long windowStart = Long.MIN_VALUE;
    private long least = Long.MAX_VALUE;
    private long leastBefore = Long.MAX_VALUE;

    /**
     * @param now when the report came
     * @param ntpNanos the report's time on the publisher's clock
     */
    public void onSenderReport(long now, long ntpNanos) {
        if (windowStart == Long.MIN_VALUE || now - windowStart > WINDOW_NANOS) {
            windowStart = now;
            leastBefore = least;
            least = Long.MAX_VALUE;
        }
        least = Math.min(least, now - ntpNanos);
    }

    public boolean known() {
        return windowStart != Long.MIN_VALUE;
    }

    /** Server nanoseconds minus publisher nanoseconds. Only if {@link #known()}. */
    long offsetNanos() {
        return Math.min(least, leastBefore);
    }
}
