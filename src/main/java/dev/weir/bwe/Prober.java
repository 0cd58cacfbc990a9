package dev.weir.bwe;

/**
 * Decides when to probe and how high, and what a probe has shown. One probe at a time, each judged before the next.
 *
 * <ul>
 *   <li>At the start three times the start rate, then twice what was measured as long as each gains: 3x, 6x, ....
 *   <li>While less than the wanted rate is estimated and less than the estimate is sent, every few seconds twice the
 *       estimate, and on from there as above. Without that, an estimate cannot grow while little is sent, and little is
 *       sent while the estimate is low.
 *   <li>A flow that sends what it may grows by sending, and there probes take from the flows beside it. But far below
 *       what is wanted, growing takes a quarter of a minute: so once nothing has been in the way for some seconds, it is
 *       asked whether the path has become wider.
 *   <li>Until a first probe could be measured, one each second, whatever is sent; and also later while the estimate is
 *       hardly better than the start rate, the flow leaves much of it, and no overuse was ever found.
 *   <li>After a drop, once the delay is quiet again, one that looks whether the drop was a passing one.
 * </ul>
 */
final class Prober {
    private static final double FIRST_FACTOR = 3;
    private static final double FACTOR = 2;

    /** The wanted rate until the allocator names it, in start rates. */
    private static final int FIRST_WANTED_FACTOR = 6;

    /** Measured rates fall a little short of the probe's, so the last step aims over the wanted one. */
    private static final double WANTED_MARGIN = 1.1;

    private static final double CONTENT = 0.97;

    /** What is wanted follows measured rates and trembles with them: only so much more is a new wish. */
    private static final double MORE = 1.2;

    /** Gains less than this are the end of a row of probes. */
    private static final double GAIN = 1.15;

    /**
     * A probe that gained nothing may have met with jitter or a neighbour: asked again soon, then ever later; but not
     * later while none could be measured at all, since the estimate then is still the guess of the start.
     */
    private static final long FIRST_INTERVAL_NANOS = 1_000_000_000L;

    private static final long INTERVAL_NANOS = 5_000_000_000L;
    private static final long RECOVERY_NANOS = 2_000_000_000L;
    private static final double RECOVERY_SHARE = 0.85;
    private static final double RECOVERY_MOST_FACTOR = 3;
    private static final double DROP = 0.66;
    private static final long RETRY_NANOS = 200_000_000;

    /**
     * A flow that sends what it may is probed below this share of what is wanted, so long after the last probe and the
     * last decrease: one that fills its path decreases more often.
     */
    private static final double FAR_SHARE = 0.15;

    private static final double FAR_FACTOR = 1.5;
    private static final long FAR_INTERVAL_NANOS = 6_000_000_000L;

    /** A flow that fills its path delivers more than this share of its estimate. */
    private static final double SPARING_SHARE = 0.75;

    /** How long a probe may take to be sent, and then, besides the round trip, to be told of. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    /** Arriving more slowly than this share of how it was sent, a probe has filled the path. */
    private static final double SATURATED = 0.9;

    private static final double SATURATED_SHARE = 0.95;

    /** Beside other flows a short burst gets more than a lasting share, so then less of it is taken. */
    private static final double BUSY_SATURATED_SHARE = 0.85;

    private final BandwidthLimits limits;
    private final Probe probe = new Probe();
    private long wanted;

    /** The least that was wanted since more was last asked for. */
    private long least;

    private boolean started;
    private boolean waiting;
    private boolean settled;
    private long deadline;
    private long nextProbe = Long.MAX_VALUE;
    private long lastProbe;
    private long lastDecrease;
    private long interval = FIRST_INTERVAL_NANOS;
    private long recoveryBps;
    private long goodProbes;
    private long probes;

    Prober(BandwidthLimits limits) {
        this.limits = limits;
        this.wanted = FIRST_WANTED_FACTOR * limits.startBps();
        this.least = wanted;
    }

    Probe probe() {
        return probe;
    }

    /** Whether the first row of probes is over, or was not needed: what is estimated now is no start any more. */
    boolean settled() {
        return settled;
    }

    long probes() {
        return probes;
    }

    void wanted(long now, long bps, long estimate) {
        wanted = Math.min(bps, limits.maxBps());
        boolean more = wanted > MORE * least;
        least = more ? wanted : Math.min(least, wanted);
        if (more && started && wants(estimate) && recoveryBps == 0) {
            interval = FIRST_INTERVAL_NANOS;
            nextProbe = Math.min(nextProbe, now + RETRY_NANOS);
        }
    }

    private boolean wants(long estimate) {
        return estimate < CONTENT * wanted;
    }

    void onSent(long now, int bytes, int cluster, long estimate) {
        if (!started) {
            started = true;
            nextProbe = now + INTERVAL_NANOS;
            if (wants(estimate)) {
                begin(now, estimate * FIRST_FACTOR);
            } else {
                settled = true;
            }
        }
        if (probe.has(cluster)) {
            probe.onSent(now, bytes);
            if (!probe.active()) {
                waiting = true;
            }
        }
    }

    /** The estimate fell from {@code before} by overuse; each time anew while a row of decreases lasts. */
    void onDecrease(long now, long before, long estimate) {
        settled = true;
        lastDecrease = now;
        recoveryBps = estimate < DROP * before ? (long) (RECOVERY_SHARE * before) : 0;
        interval = FIRST_INTERVAL_NANOS;
        nextProbe = now + RECOVERY_NANOS;
    }

    /** Loss has bounded the estimate: much at once, as losses in a row do, may be over as soon. */
    void onLossBound(long now, long before, long estimate) {
        if (estimate < DROP * before) {
            onDecrease(now, before, estimate);
        }
    }

    long nextTimeout() {
        return probe.active() || waiting ? deadline : nextProbe;
    }

    /** @param quiet whether delay and loss are such that a probe would tell something. */
    void onTimeout(long now, long estimate, long acknowledged, boolean applicationLimited, boolean quiet) {
        if (probe.active() || waiting) {
            if (now >= deadline) {
                fail(now);
            }
            return;
        }
        if (now < nextProbe) {
            return;
        }
        if (!wants(estimate)) {
            nextProbe = now + INTERVAL_NANOS;
        } else if (!quiet) {
            nextProbe = now + RETRY_NANOS;
        } else if (recoveryBps > estimate) {
            begin(now, Math.min(recoveryBps, RECOVERY_MOST_FACTOR * estimate));
            recoveryBps = 0;
        } else if (applicationLimited || guessed(estimate, acknowledged)) {
            begin(now, FACTOR * estimate);
        } else if (estimate < FAR_SHARE * wanted && now - Math.max(lastProbe, lastDecrease) >= FAR_INTERVAL_NANOS) {
            begin(now, FAR_FACTOR * estimate);
        } else {
            nextProbe = now + RETRY_NANOS;
        }
    }

    /**
     * Whether the estimate is little better than the guess of the start: no probe could be measured, or those that were
     * fell short, as jitter has it, though no overuse ever bore them out and the flow does not fill what they left it.
     */
    private boolean guessed(long estimate, long acknowledged) {
        boolean doubted = lastDecrease == 0 && estimate < FACTOR * limits.startBps();
        return goodProbes == 0 || doubted && acknowledged < SPARING_SHARE * estimate;
    }

    private void begin(long now, double bps) {
        double most = Math.min(WANTED_MARGIN * wanted, limits.maxBps());
        probe.begin((long) Math.min(bps, most));
        lastProbe = now;
        probes++;
        waiting = false;
        deadline = now + 2 * PATIENCE_NANOS;
    }

    private void fail(long now) {
        probe.end();
        waiting = false;
        settled = true;
        nextProbe = now + interval;
        if (goodProbes > 0) {
            interval = Math.min(2 * interval, INTERVAL_NANOS);
        }
    }

    /** The feedback that told of the probe was lost, which says nothing of the path: asked again as soon as it may be. */
    private void unheard(long now) {
        probe.end();
        waiting = false;
        settled = true;
        nextProbe = now + RETRY_NANOS;
    }

    /**
     * Once per feedback, when all its packets have been told to {@link #probe}.
     *
     * @param newestSent when the newest packet was sent that this feedback calls received
     * @return what the path was shown to carry, or 0 if no probe has just ended
     */
    long onFeedback(long now, long newestSent, long estimate, boolean applicationLimited, double inherentLoss) {
        if (!waiting) {
            return 0;
        }
        if (!probe.complete()) {
            if (probe.sentBefore(newestSent)) {
                unheard(now);
            }
            return 0;
        }
        double sent = probe.sentBps();
        double received = probe.receivedBps(inherentLoss);
        boolean firstRow = !settled;
        boolean saturated = received < SATURATED * sent;
        double share = applicationLimited ? SATURATED_SHARE : BUSY_SATURATED_SHARE;
        long result = (long) (saturated ? share * received : Math.min(sent, received));
        goodProbes += result > 0 ? 1 : 0;
        fail(now);
        if (result == 0) {
            return 0;
        }
        if (result > GAIN * estimate) {
            interval = FIRST_INTERVAL_NANOS;
            if (wants(result) && (applicationLimited || !saturated)) {
                begin(now, FACTOR * result);
                settled = !firstRow;
            }
        }
        return result;
    }
}
