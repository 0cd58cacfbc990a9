package dev.weir.bwe;

/**
 * The delay-based estimate: additive or multiplicative increase, multiplicative decrease (draft-ietf-rmcat-gcc-02
 * section 5.5), driven by what the {@link OveruseDetector} says once per feedback.
 *
 * <p>Far from the rate at which the path was last found full, it grows by 8 % a second, at
 * least 40 kbps; near it, by 40 kbps. An overuse sets it to 0.83 of what the path delivered, except where so little was sent that this says
 * nothing: see {@link #decrease}.
 */
final class RateControl {
    private static final double BETA = 0.83;
    private static final double GROWTH_PER_SECOND = 1.08;

    /** Without proof the estimate stays below this much of what is acknowledged, and a constant for small rates. */
    private static final double PROOF_FACTOR = 1.5;

    private static final long PROOF_BPS = 10_000;

    /**
     * The draft's half packet per response time is this at a response time of 120 ms, and less on longer paths, where
     * flows then starve beside those on short ones (RFC 8867 section 5.5). The same for all, it is fair.
     */
    private static final double INCREASE_BPS = 40_000;

    /** Less delivered than this share of what was sent in the same time means that the path is what limits. */
    private static final double BOTTLENECK_SHARE = 0.9;

    private static final long DECREASE_SPAN_NANOS = 1_000_000_000;

    private static final double CAPACITY_SMOOTHING = 0.05;
    private static final double CAPACITY_DEVIATIONS = 3;
    private static final double LEAST_DEVIATION = 0.4;
    private static final double MOST_DEVIATION = 2.5;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final BandwidthLimits limits;
    private long estimate;
    private boolean hold;
    private long lastUpdate;
    private long lastDecrease = NEVER;
    private long beforeDecrease;

    /** Where overuse was found, in kbps, smoothed, with its normalised deviation; 0 if not known. */
    private double capacityKbps;

    private double capacityDeviation = LEAST_DEVIATION;

    RateControl(BandwidthLimits limits) {
        this.limits = limits;
        this.estimate = limits.startBps();
    }

    long bps() {
        return estimate;
    }

    /** When the last overuse lowered the estimate; far in the past if none did. */
    long lastDecrease() {
        return lastDecrease;
    }

    /** The estimate before the last row of decreases. */
    long beforeDecrease() {
        return beforeDecrease;
    }

    /** Once per feedback. Rates are 0 where not known. */
    void onFeedback(long now, Usage usage, long acknowledged, long sent, boolean applicationLimited, long rtt) {
        switch (usage) {
            case NORMAL -> {
                if (!hold && acknowledged > 0) {
                    increase(now, acknowledged);
                }
                hold = false;
            }
            case UNDERUSE -> hold = true;
            case OVERUSE -> {
                if (acknowledged > 0 && mayDecrease(now, acknowledged, rtt)) {
                    decrease(now, acknowledged, sent, applicationLimited);
                }
                hold = true;
            }
        }
        lastUpdate = now;
    }

    /** A probe has shown that the path carries this. */
    void raise(long bps) {
        if (bps > estimate) {
            estimate = limits.clamp(bps);
            capacityKbps = 0;
        }
    }

    /** Something else than delay has shown that the path carries no more than this. */
    void lower(long bps) {
        estimate = limits.clamp(Math.min(estimate, bps));
    }

    private void increase(long now, long acknowledged) {
        if (capacityKbps > 0 && acknowledged / 1_000.0 > capacityBound(1)) {
            capacityKbps = 0;
        }
        double seconds = Math.min(now - lastUpdate, NANOS_PER_SECOND) / NANOS_PER_SECOND;
        double added = estimate + INCREASE_BPS * seconds;
        double grown = capacityKbps > 0 ? added : Math.max(added, estimate * Math.pow(GROWTH_PER_SECOND, seconds));
        long proven = (long) (PROOF_FACTOR * acknowledged) + PROOF_BPS;
        estimate = limits.clamp((long) Math.min(grown, Math.max(proven, estimate)));
    }

    /** A decrease shows its effect after a round trip; until then only a path that gave way much further counts. */
    private boolean mayDecrease(long now, long acknowledged, long rtt) {
        return now - lastDecrease >= Math.clamp(rtt, 10_000_000, 200_000_000) || acknowledged < estimate / 2;
    }

    /**
     * Where as much arrives as is sent, and that is little, the acknowledged rate is the application's and not the
     * path's. The first overuse then takes 15 % off the estimate, and each that follows within a second goes half of the
     * way to what is acknowledged: a blip costs little, and a path that has become that narrow is believed soon.
     */
    private void decrease(long now, long acknowledged, long sent, boolean applicationLimited) {
        boolean first = now - lastDecrease > DECREASE_SPAN_NANOS;
        if (first) {
            beforeDecrease = estimate;
        }
        long target = (long) (BETA * acknowledged);
        if (applicationLimited && acknowledged >= BOTTLENECK_SHARE * sent) {
            long gentle = first ? (long) (BETA * estimate) : (estimate + target) / 2;
            estimate = limits.clamp(Math.min(estimate, Math.max(gentle, target)));
            lastDecrease = now;
            return;
        }
        if (target > estimate && capacityKbps > 0) {
            target = (long) (BETA * capacityKbps * 1_000);
        }
        if (acknowledged / 1_000.0 < capacityBound(-1)) {
            capacityKbps = 0;
        }
        learnCapacity(acknowledged / 1_000.0);
        estimate = limits.clamp(Math.min(estimate, target));
        lastDecrease = now;
    }

    private double capacityBound(int sign) {
        return capacityKbps + sign * CAPACITY_DEVIATIONS * Math.sqrt(capacityDeviation * capacityKbps);
    }

    private void learnCapacity(double kbps) {
        if (capacityKbps == 0) {
            capacityKbps = kbps;
        } else {
            capacityKbps += CAPACITY_SMOOTHING * (kbps - capacityKbps);
        }
        double error = capacityKbps - kbps;
        double normalised = error * error / Math.max(capacityKbps, 1);
        capacityDeviation = Math.clamp(
                (1 - CAPACITY_SMOOTHING) * capacityDeviation + CAPACITY_SMOOTHING * normalised,
                LEAST_DEVIATION,
                MOST_DEVIATION);
    }
}
