package dev.weir.bwe;

import dev.weir.rtp.TransportFeedback;
import dev.weir.rtp.TransportFeedbackVisitor;
import io.netty.buffer.ByteBuf;

/**
 * Estimates what the path to one peer can carry, from what its feedback tells of each packet: send-side congestion
 * control after draft-ietf-rmcat-gcc-02, as {@code docs/bandwidth.md} describes. One per peer connection; belongs to its
 * thread.
 *
 * <p>The estimate is the least of a delay-based one and a loss-based bound. {@link Probe}s raise it where too little is
 * sent to learn from. Until the first transport-wide feedback, REMB and receiver reports speak for the peer.
 */
public final class BandwidthEstimator {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_REFERENCE = 64_000;
    private static final int REFERENCE_BITS = 24;

    private static final long FIRST_RTT_NANOS = 100_000_000;

    /** Feedback comes every 50 to 100 ms; without any for this long beyond the round trip, some was lost. */
    private static final long SILENCE_NANOS = 500_000_000;

    /** From report to report it takes seconds. */
    private static final long REPORT_SILENCE_NANOS = 10_000_000_000L;

    private static final long BACK_OFF_NANOS = 500_000_000;
    private static final double BACK_OFF = 0.8;

    /** With more loss than this, a probe only adds to it. */
    private static final double QUIET_LOSS = 0.12;

    /** Two losses of late while others keep a queue: it overflows, and this flow is part of it. */
    private static final double OVERFLOW_LOSS = 0.02;

    private static final long QUIET_NANOS = 500_000_000;

    private final SentPackets sent = new SentPackets();
    private final OveruseDetector detector = new OveruseDetector();
    private final PacketGroups groups = new PacketGroups(detector);
    private final MeasuredRate acknowledged = new MeasuredRate();
    private final MeasuredRate offered = new MeasuredRate();
    private final ApplicationLimit application = new ApplicationLimit();
    private final GivingWay givingWay = new GivingWay();
    private final RunLosses runLosses = new RunLosses();
    private final LossLimit loss = new LossLimit();
    private final BandwidthLimits limits;
    private final RateControl delay;
    private final ReportedRate reported;
    private final Prober prober;
    private final TransportFeedbackVisitor visitor = new Feedback();

    private int nextSequence;
    private boolean hasFeedback;
    private long nextUnreported;
    private long nextUnsettled;
    private long lastReference;
    private long newestSent;

    private long rtt = FIRST_RTT_NANOS;
    private boolean rttReported;
    private long waitingSince = Long.MAX_VALUE;
    private long lastSent;
    private long beforeSilence;

    public BandwidthEstimator(BandwidthLimits limits) {
        this.limits = limits;
        delay = new RateControl(limits);
        reported = new ReportedRate(limits);
        prober = new Prober(limits);
    }

    /** The transport-wide number of the next packet, 0..65535; in the order in which packets leave. */
    public int nextSequence() {
        int sequence = nextSequence;
        nextSequence = nextSequence + 1 & 0xFFFF;
        return sequence;
    }

    /** A packet was handed to the kernel. All packets of a run have the same {@code now}. */
    public void onSent(long now, int transportSequence, int bytes) {
        onSent(now, transportSequence, bytes, prober.probe().cluster());
    }

    /**
     * The same, naming the probe.
     *
     * @param bytes with padding and the overhead of UDP and IP
     * @param cluster what {@link Probe#cluster} said when the packet was made
     */
    public void onSent(long now, int transportSequence, int bytes, int cluster) {
        sent.add(now, transportSequence, bytes, cluster);
        application.onSent(now, bytes, estimateBps());
        prober.onSent(now, bytes, cluster, estimateBps());
        if (waitingSince == Long.MAX_VALUE) {
            waitingSince = now;
        }
        lastSent = now;
    }

    /** The packet was never sent after all: its run was refused for too long. */
    public void withdraw(int transportSequence) {
        long number = sent.number(transportSequence);
        if (sent.state(number) != SentPackets.IN_FLIGHT) {
            return;
        }
        sent.state(number, SentPackets.UNKNOWN);
        if (prober.probe().has(sent.cluster(number))) {
            prober.probe().onWithdrawn(sent.bytes(number));
        }
    }

    /** Transport-wide feedback, a whole RTCP packet. False if it is malformed; then nothing has changed. */
    public boolean onFeedback(long now, ByteBuf packet, int offset, int bytes) {
        newestSent = Long.MIN_VALUE;
        long settled = nextUnreported;
        long estimate = estimateBps();
        if (!TransportFeedback.parse(packet, offset, bytes, visitor)) {
            return false;
        }
        hasFeedback = true;
        if (newestSent == Long.MIN_VALUE) {
            return true;
        }
        settle(settled);
        onRoundTrip(now - newestSent);
        waitingSince = nextUnreported <= sent.highest() ? now : Long.MAX_VALUE;
        application.onSent(now, 0, estimateBps());
        conclude(now, estimate);
        return true;
    }

    /** What the receiver held back is in this; the least of late comes near to the round trip. */
    private void onRoundTrip(long sample) {
        if (!rttReported) {
            rtt = sample < rtt ? sample : rtt + (sample - rtt) / 16;
        }
    }

    /**
     * What the last feedback told of as lost and this one did not tell of as late is taken as lost: where the path
     * reorders, much that is missing at first has only taken longer.
     */
    private void settle(long end) {
        nextUnsettled = Math.max(nextUnsettled, sent.oldest());
        for (; nextUnsettled < end; nextUnsettled++) {
            byte state = sent.state(nextUnsettled);
            if (state == SentPackets.RECEIVED || state == SentPackets.LOST) {
                boolean lost = state == SentPackets.LOST;
                long at = sent.sentAt(nextUnsettled);
                loss.onPacket(at, sent.bytes(nextUnsettled), lost, delay.bps(), acknowledged.bps());
                runLosses.onPacket(at, lost);
            }
        }
    }

    /** @param estimate the one before this feedback */
    private void conclude(long now, long estimate) {
        boolean limited = application.limited();
        long before = delay.lastDecrease();
        givingWay.onFeedback(now, detector.queueStands(), delay.bps());
        detector.patient(givingWay.enough());
        boolean overflows = givingWay.enough() && loss.latestLoss() > OVERFLOW_LOSS;
        Usage usage = overflows ? Usage.OVERUSE : detector.usage();
        delay.onFeedback(now, usage, acknowledged.bps(), offered.bps(), limited, rtt);
        if (delay.lastDecrease() != before) {
            prober.onDecrease(now, delay.beforeDecrease(), estimateBps());
            if (overflows) {
                givingWay.onOverflow();
            }
        } else if (estimateBps() < estimate) {
            prober.onLossBound(now, estimate, estimateBps());
        }
        long shown = prober.onFeedback(now, newestSent, estimateBps(), limited, loss.averageLoss());
        if (beforeSilence > 0) {
            // What was given up for want of news is given back if the news is good.
            if (detector.usage() != Usage.OVERUSE && loss.averageLoss() < QUIET_LOSS) {
                shown = Math.max(shown, beforeSilence);
            }
            beforeSilence = 0;
        }
        if (shown > 0) {
            delay.raise(shown);
            loss.raise(shown);
        }
    }

    /** A receiver report on all that was sent; {@code fractionLost} as on the wire, 0..255; {@code rttNanos} 0 if it does not tell. */
    public void onReceiverReport(long now, int fractionLost, long rttNanos) {
        if (rttNanos > 0) {
            rtt = rttReported ? rtt + (rttNanos - rtt) / 4 : rttNanos;
            rttReported = true;
        }
        if (!hasFeedback) {
            reported.onReport(now, fractionLost, rtt);
            waitingSince = now;
        }
    }

    /** The receiver's own estimate. Counts for those without transport-wide feedback. */
    public void onRemb(long now, long bps) {
        if (!hasFeedback) {
            reported.onRemb(now, bps);
            waitingSince = now;
        }
    }

    /** What full quality for this viewer would take, so that it is known how far probing makes sense. */
    public void wanted(long now, long bps) {
        prober.wanted(now, bps, estimateBps());
    }

    /** When {@link #onTimeout} is due, or {@code Long.MAX_VALUE}. */
    public long nextTimeout() {
        return Math.min(silenceEnds(), prober.nextTimeout());
    }

    private long silenceEnds() {
        if (waitingSince == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        return waitingSince + (hasFeedback ? SILENCE_NANOS + 2 * rtt : REPORT_SILENCE_NANOS);
    }

    public void onTimeout(long now) {
        if (now >= silenceEnds()) {
            backOff(now);
        }
        // Time passes for one who sends nothing too, as where every picture is paused: he is probed all the same.
        application.onSent(now, 0, estimateBps());
        boolean nothingUnderWay = waitingSince == Long.MAX_VALUE;
        boolean quiet = detector.usage() == Usage.NORMAL
                && now - delay.lastDecrease() >= QUIET_NANOS
                && (nothingUnderWay || now - lastSent < QUIET_NANOS && beforeSilence == 0)
                && loss.averageLoss() < QUIET_LOSS;
        prober.onTimeout(now, estimateBps(), acknowledged.bps(), application.limited(), quiet);
    }

    private void backOff(long now) {
        if (now - lastSent > SILENCE_NANOS && hasFeedback) {
            // Nothing is sent any more; the last packets were lost, of which feedback cannot tell.
            waitingSince = Long.MAX_VALUE;
        } else if (hasFeedback) {
            beforeSilence = Math.max(beforeSilence, estimateBps());
            delay.lower((long) (BACK_OFF * estimateBps()));
            waitingSince = now - SILENCE_NANOS - 2 * rtt + BACK_OFF_NANOS;
        } else {
            reported.scale(BACK_OFF);
            waitingSince = now - REPORT_SILENCE_NANOS + BACK_OFF_NANOS;
        }
    }

    /** What may be sent, in bits per second, packet overhead included. */
    public long estimateBps() {
        return hasFeedback ? limits.clamp(Math.min(delay.bps(), loss.bps())) : reported.bps();
    }

    /**
     * Whether the path is known: transport-wide feedback has come, and the first probes have told how far the start is
     * from the truth; or, without feedback, REMB or two reports. Before that the estimate is a guess.
     */
    public boolean measured() {
        return hasFeedback ? prober.settled() : reported.known();
    }

    /** What the path delivered of late; 0 if not known. */
    public long acknowledgedBps() {
        return acknowledged.bps();
    }

    /** What is to be sent besides media; always the same object. */
    public Probe probe() {
        return prober.probe();
    }

    /** Whether less is sent than the estimate allows. */
    public boolean applicationLimited() {
        return application.limited();
    }

    /** Whether losses fall together inside runs, so that shorter runs would lose less. */
    public boolean lossesCluster() {
        return runLosses.clustered();
    }

    /** The share of packets lost of late, 0..1. */
    public double lossShare() {
        return loss.averageLoss();
    }

    public long rttNanos() {
        return rtt;
    }

    /** How many probes were begun. */
    public long probes() {
        return prober.probes();
    }

    private final class Feedback implements TransportFeedbackVisitor {
        private long arrivalOffsetMicros;

        @Override
        public void feedback(int mediaSsrc, int feedbackCount, int baseSequence, int packetCount, int referenceTime) {
            int fill = Integer.SIZE - REFERENCE_BITS;
            lastReference =
                    hasFeedback ? lastReference + (referenceTime - (int) lastReference << fill >> fill) : referenceTime;
            arrivalOffsetMicros = (lastReference - referenceTime) * MICROS_PER_REFERENCE;
            long base = sent.number(baseSequence);
            if (base > nextUnreported && base <= sent.highest()) {
                acknowledged.onGap();
                offered.onGap();
            }
        }

        @Override
        public void packet(int sequence, boolean wasReceived, long arrivalMicros) {
            long number = sent.number(sequence);
            byte state = sent.state(number);
            if (state == SentPackets.UNKNOWN || state == SentPackets.RECEIVED) {
                return;
            }
            nextUnreported = Math.max(nextUnreported, number + 1);
            if (wasReceived) {
                onReceived(number, (arrivalMicros + arrivalOffsetMicros) * NANOS_PER_MICRO, state);
            } else if (state == SentPackets.IN_FLIGHT) {
                onLost(number);
            }
        }

        private void onReceived(long number, long arrival, byte state) {
            long at = sent.sentAt(number);
            int size = sent.bytes(number);
            sent.state(number, SentPackets.RECEIVED);
            newestSent = Math.max(newestSent, at);
            acknowledged.onPacket(arrival, size, application.limited());
            boolean late = state == SentPackets.LOST;
            if (late && number < nextUnsettled) {
                loss.onLate();
            }
            if (prober.probe().has(sent.cluster(number))) {
                prober.probe().onReceived(at, arrival, size, late);
            }
            if (!late) {
                offered.onPacket(at, size, application.limited());
                groups.onPacket(at, arrival);
            }
        }

        private void onLost(long number) {
            sent.state(number, SentPackets.LOST);
            offered.onPacket(sent.sentAt(number), sent.bytes(number), application.limited());
            if (prober.probe().has(sent.cluster(number))) {
                prober.probe().onLost();
            }
        }
    }
}
