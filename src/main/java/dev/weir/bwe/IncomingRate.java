package dev.weir.bwe;

/**
 * What the path from a publisher to us carries, for publishers that number no packets transport-wide and take REMB
 * (draft-alvestrand-rmcat-remb-03) instead. One per peer connection; belongs to its thread.
 *
 * <p>Where packets tell when they were sent (abs-send-time), the delay decides, by the same groups, detector and rate
 * control as on the way out; a loss above 10 % counts too, since behind a queue that is full the delay does not grow.
 * Where they don't tell, what was lost decides alone, by the rule for receiver reports. Either way the rate does not grow
 * beyond 1.5 times of what comes: more is not proven.
 */
public final class IncomingRate {
    /** For packets that do not tell when they were sent. */
    public static final int NO_SEND_TIME = -1;

    /** How often the rate is looked at, and so how soon a fall is told. */
    static final long REVIEW_NANOS = 100_000_000;

    /** How often the rate is told while it does not fall. */
    static final long INTERVAL_NANOS = 1_000_000_000;

    /** A fall to this share is told at once: it comes of a queue that grows meanwhile. */
    private static final double FALL = 0.97;

    private static final long LOSS_NANOS = 1_000_000_000;
    private static final double PROOF_FACTOR = 1.5;
    private static final int SEND_TIME_BITS = 24;
    private static final int SEND_TIME_FRACTION_BITS = 18;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Publishers' round trips are not known here; this is how long a decrease is given to show its effect. */
    private static final long RTT_NANOS = 100_000_000;

    private final OveruseDetector detector = new OveruseDetector();
    private final PacketGroups groups = new PacketGroups(detector);
    private final MeasuredRate received = new MeasuredRate();
    private final RateControl delay;
    private final BandwidthLimits limits;

    private boolean timed;
    private long sendTime;
    private long nextReview = Long.MAX_VALUE;
    private long nextLoss;
    private long lossBps;
    private long lastExpected;
    private long lastLost;
    private boolean told;
    private long toldBps;
    private long nextTelling;

    public IncomingRate(BandwidthLimits limits) {
        delay = new RateControl(limits);
        this.limits = limits;
        lossBps = limits.startBps();
    }

    /**
     * A packet came, media or retransmission.
     *
     * @param absSendTime 24 bits, or {@link #NO_SEND_TIME}
     * @param bytes with the overhead of UDP and IP
     */
    public void onPacket(long now, int absSendTime, int bytes) {
        received.onPacket(now, bytes, false);
        if (nextReview == Long.MAX_VALUE) {
            nextReview = now + REVIEW_NANOS;
            nextLoss = now + LOSS_NANOS;
            nextTelling = now + INTERVAL_NANOS;
        }
        if (absSendTime != NO_SEND_TIME) {
            int fill = Integer.SIZE - SEND_TIME_BITS;
            sendTime = timed ? sendTime + (absSendTime - (int) sendTime << fill >> fill) : absSendTime;
            timed = true;
            groups.onPacket(sendTime * NANOS_PER_SECOND >> SEND_TIME_FRACTION_BITS, now);
        }
    }

    /** When {@link #onTimeout} is due; {@link Long#MAX_VALUE} before anything came. */
    public long nextTimeout() {
        return nextReview;
    }

    /**
     * Looks at the rate.
     *
     * @param expected packets of media that the publisher has sent, as far as their numbers tell
     * @param lost those of them that did not come but by retransmission
     * @return whether {@link #bps} is to be told now
     */
    public boolean onTimeout(long now, long expected, long lost) {
        if (now < nextReview) {
            return false;
        }
        nextReview = now + REVIEW_NANOS;
        if (timed) {
            delay.onFeedback(now, detector.usage(), received.bps(), 0, false, RTT_NANOS);
        }
        if (now >= nextLoss) {
            nextLoss = now + LOSS_NANOS;
            onLoss(expected, lost);
        }
        if (received.bps() == 0 || now < nextTelling && !(told && bps() <= FALL * toldBps)) {
            return false;
        }
        told = true;
        toldBps = bps();
        nextTelling = now + INTERVAL_NANOS;
        return true;
    }

    /** In bits per second. */
    public long bps() {
        return timed ? delay.bps() : lossBps;
    }

    private void onLoss(long expected, long lost) {
        long sent = expected - lastExpected;
        long missed = Math.max(0, lost - lastLost);
        lastExpected = expected;
        lastLost = lost;
        if (sent <= 0) {
            return;
        }
        double factor = ReportedRate.factor((double) missed / sent, (double) LOSS_NANOS / NANOS_PER_SECOND);
        if (timed) {
            delay.lower((long) (factor * delay.bps()));
            return;
        }
        double proven = PROOF_FACTOR * received.bps();
        lossBps = limits.clamp((long) Math.min(factor * lossBps, Math.max(lossBps, proven)));
    }
}
