package dev.weir.media;

/**
 * The line from one stream's RTP time to server time: from its sender reports and the publisher's clock, and before the
 * first report from the arrivals, of which the least delayed counts. A report that is far from what the arrivals tell is
 * not believed: it would move the slot's time for good.
 */
final class SourceLine {
    /** More than packets are ever late, and than clocks drift apart in a day. */
    static final long MAX_DISAGREEMENT_NANOS = 10 * TimeBase.SECOND;

    private final PublisherClock clock;
    private final int clockRate;

    private boolean reported;
    private long reportNtpNanos;
    private long reportTimestamp;
    private long leastArrivalOffset = Long.MAX_VALUE;
    private long lastArrivalOffset;

    SourceLine(PublisherClock clock, int clockRate) {
        this.clock = clock;
        this.clockRate = clockRate;
    }

    /** @param timestamp unwrapped */
    void onPacket(long now, long timestamp) {
        lastArrivalOffset = now - TimeBase.toNanos(timestamp, clockRate);
        if (!reported) {
            leastArrivalOffset = Math.min(leastArrivalOffset, lastArrivalOffset);
        }
    }

    /** @param timestamp unwrapped */
    void onSenderReport(long ntpNanos, long timestamp) {
        reported = true;
        reportNtpNanos = ntpNanos;
        reportTimestamp = timestamp;
    }

    /** When the sample with this unwrapped timestamp was taken, in server time. Needs one packet first. */
    long serverNanos(long timestamp) {
        long arrival = TimeBase.toNanos(timestamp, clockRate) + lastArrivalOffset;
        if (reported && clock.known()) {
            long told = reportNtpNanos + TimeBase.toNanos(timestamp - reportTimestamp, clockRate) + clock.offsetNanos();
            return Math.abs(told - arrival) <= MAX_DISAGREEMENT_NANOS ? told : arrival;
        }
        return leastArrivalOffset + TimeBase.toNanos(timestamp, clockRate);
    }
}
