package dev.weir.bwe;

/**
 * The estimate for a receiver that sends no transport-wide feedback: what it says in REMB
 * (draft-alvestrand-rmcat-remb-03), and the loss of its receiver reports as in draft-ietf-rmcat-gcc-02 section 6: up to
 * 2 % it grows by 8 % a second, up to 10 % it stays, above that half of the loss is taken off.
 */
final class ReportedRate {
    private static final double LOW_LOSS = 0.02;
    private static final double HIGH_LOSS = 0.10;
    private static final double GROWTH_PER_SECOND = 1.08;
    private static final double FRACTION = 256;
    private static final long DECREASE_NANOS = 300_000_000;

    /** After loss, REMB does not raise the rate for this long, or each one would undo what reports have lowered. */
    private static final long TRUST_NANOS = 5_000_000_000L;

    /** By the second one, a second after the first, transport-wide feedback would have come if there was to be any. */
    private static final int TELLING_REPORTS = 2;

    private static final double NANOS_PER_SECOND = 1e9;

    private final BandwidthLimits limits;
    private long rate;
    private long remb = Long.MAX_VALUE;
    private int reports;
    private long lastReport;
    private long lastDecrease = Long.MIN_VALUE / 2;

    ReportedRate(BandwidthLimits limits) {
        this.limits = limits;
        this.rate = limits.startBps();
    }

    long bps() {
        return limits.clamp(Math.min(rate, remb));
    }

    /** Whether the receiver has said enough for this to be more than a guess. */
    boolean known() {
        return remb != Long.MAX_VALUE || reports >= TELLING_REPORTS;
    }

    void onRemb(long now, long bps) {
        remb = Math.max(bps, 0);
        if (now - lastDecrease > TRUST_NANOS) {
            // The receiver has measured it: no need to grow up to there by reports.
            rate = limits.clamp(Math.max(rate, remb));
        }
    }

    /** {@code fractionLost} as on the wire, 0..255. */
    void onReport(long now, int fractionLost, long rtt) {
        double loss = fractionLost / FRACTION;
        double seconds = reports > 0 ? Math.min(now - lastReport, NANOS_PER_SECOND) / NANOS_PER_SECOND : 0;
        if (loss <= HIGH_LOSS) {
            rate = limits.clamp((long) (rate * factor(loss, seconds)));
        } else if (now - lastDecrease >= DECREASE_NANOS + rtt) {
            rate = limits.clamp((long) (bps() * factor(loss, seconds)));
            lastDecrease = now;
        }
        reports = Math.min(reports + 1, TELLING_REPORTS);
        lastReport = now;
    }

    /** What so much loss makes of a rate in so much time. */
    static double factor(double loss, double seconds) {
        if (loss <= LOW_LOSS) {
            return Math.pow(GROWTH_PER_SECOND, seconds);
        }
        return loss > HIGH_LOSS ? 1 - loss / 2 : 1;
    }

    void scale(double factor) {
        rate = limits.clamp((long) (bps() * factor));
    }
}
