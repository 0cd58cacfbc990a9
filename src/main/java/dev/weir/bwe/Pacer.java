package dev.weir.bwe;

/**
 * How much one peer may send now: a bucket that fills at the pacing rate. Plain arithmetic; the queue is the peer's.
 *
 * <p>The rate is 2.5 times the estimate, so that a picture leaves in less than half of its time, and at least what
 * empties the queue before its packets have waited {@link #DRAIN_NANOS} on average. A burst is at most 40 ms at that rate,
 * 20 ms while losses cluster inside runs. While a probe is active, its rate is the pacing rate, in runs of
 * {@link Probe#RUN_NANOS}; but before the path is known pictures do not wait for probes.
 */
public final class Pacer {
    public static final double FACTOR = 2.5;
    public static final long BURST_NANOS = 40_000_000;

    /** What waits longer than this is late for a call, whatever the path does with it. */
    public static final long DRAIN_NANOS = 1_000_000_000;

    /**
     * The least pace before anything is known of the path, so that a first keyframe is there at once: 30 kB leave
     * within 20 ms. On a narrow path it then waits at the bottleneck instead of here, once.
     */
    public static final long FIRST_BPS = 5_000_000;

    /** The least time in which a queue is emptied, however late it is. */
    private static final long LEAST_DRAIN_NANOS = 10_000_000;

    /** What leaves regardless of the pace, as voices do, is made up for by this much waiting at most. */
    private static final long MOST_DEBT_NANOS = 500_000_000;

    /** What has waited goes on when a run of this length is due, rather than packet by packet. */
    private static final long QUANTUM_NANOS = 10_000_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final Probe probe;
    private long lastNow;
    private double rateBytes;
    private double mostBytes;
    private double quantumBytes;
    private double budgetBytes;
    private boolean started;

    /** @param probe the peer's estimator's */
    public Pacer(Probe probe) {
        this.probe = probe;
    }

    /**
     * Takes over what is known now. Before a turn of sending, and whenever the queue or the estimate has changed much.
     *
     * @param queuedBytes what waits to be sent
     * @param waitedNanos how long that has waited on average
     */
    public void update(long now, BandwidthEstimator estimator, long queuedBytes, long waitedNanos) {
        long least = estimator.measured() ? 0 : FIRST_BPS;
        update(now, estimator.estimateBps(), least, estimator.lossesCluster(), queuedBytes, waitedNanos);
    }

    /** @param leastBps the least rate for what is queued, during probes too; 0 for none */
    void update(long now, long estimateBps, long leastBps, boolean lossesCluster, long queuedBytes, long waitedNanos) {
        refill(now);
        boolean probing = probe.active() && (queuedBytes == 0 || leastBps == 0);
        long drainNanos = Math.max(LEAST_DRAIN_NANOS, DRAIN_NANOS - waitedNanos);
        double paced = Math.max(FACTOR * estimateBps / 8, queuedBytes * NANOS_PER_SECOND / drainNanos);
        rateBytes = probing ? probe.rateBps() / 8.0 : Math.max(paced, leastBps / 8.0);
        long burst = probing ? Probe.RUN_NANOS : lossesCluster ? BURST_NANOS / 2 : BURST_NANOS;
        mostBytes = rateBytes * burst / NANOS_PER_SECOND;
        quantumBytes = probing ? mostBytes : Math.min(queuedBytes, rateBytes * QUANTUM_NANOS / NANOS_PER_SECOND);
        budgetBytes = started ? Math.min(budgetBytes, mostBytes) : mostBytes;
        started = true;
    }

    private void refill(long now) {
        budgetBytes = Math.min(mostBytes, budgetBytes + rateBytes * (now - lastNow) / NANOS_PER_SECOND);
        lastNow = now;
    }

    /** Whether a run may begin. It may then go on while {@link #budgetBytes} is above 0. */
    public boolean maySend(long now) {
        return delayNanos(now) == 0;
    }

    /** How long until a run may begin. */
    public long delayNanos(long now) {
        refill(now);
        double missing = Math.max(1, quantumBytes) - budgetBytes;
        // Rounded up, and a byte of tolerance for doubles, lest a timer fires a moment early for ever.
        return missing <= 1 ? 0 : rateBytes == 0 ? Long.MAX_VALUE : (long) (missing / rateBytes * NANOS_PER_SECOND) + 1;
    }

    /** What a run that leaves now may hold; its last packet may overdraw it. 0 or less: enough. */
    public long budgetBytes(long now) {
        refill(now);
        return (long) Math.ceil(budgetBytes);
    }

    /** How much of that may be padding or retransmissions when no media waits: what the active probe still lacks. */
    public long paddingBytes(long now) {
        return Math.max(0, Math.min(probe.remainingBytes(), budgetBytes(now)));
    }

    /** With each packet, padding and overhead included. */
    public void onSent(long now, int bytes) {
        refill(now);
        budgetBytes = Math.max(budgetBytes - bytes, -rateBytes * MOST_DEBT_NANOS / NANOS_PER_SECOND);
    }
}
