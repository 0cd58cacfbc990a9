package dev.weir.media;

/**
 * The line from one stream's RTP time to server time: from its sender reports and the publisher's clock, and before the
 * first report from the arrivals, of which the least delayed counts.
 */
final class SourceLine {
    private final PublisherClock clock;
    private final int clockRate;

    private boolean reported;
    private long reportNtpNanos;
    private long reportTimestamp;
    private long leastArrivalOffset = Long.MAX_VALUE;

    SourceLine(PublisherClock clock, int clockRate) {
        this.clock = clock;
        this.clockRate = clockRate;
    }

    /** @param timestamp unwrapped */
    void onPacket(long now, long timestamp) {
        if (!reported) {
            leastArrivalOffset = Math.min(leastArrivalOffset, now - TimeBase.toNanos(timestamp, clockRate));
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
        if (reported && clock.known()) {
            return reportNtpNanos + TimeBase.toNanos(timestamp - reportTimestamp, clockRate) + clock.offsetNanos();
        }
        return leastArrivalOffset + TimeBase.toNanos(timestamp, clockRate);
    }
}
