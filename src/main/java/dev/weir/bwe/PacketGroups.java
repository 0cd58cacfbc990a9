package dev.weir.bwe;

/**
 * Puts received packets into groups and tells the {@link OveruseDetector} of each group's one-way delay.
 *
 * <p>Packets sent within 5 ms are a group (draft-ietf-rmcat-gcc-02 section 5.2), and so is what arrives together after
 * the path held it up. A group's delay is the <em>least</em> of its packets' delays. The draft takes its last packet;
 * but where packets leave in runs, with one send time for all of a run, the last one's delay is mostly the time that the
 * run itself takes on the wire, and would rise and fall with the sizes of pictures. The least delay is the queue that
 * the run found, which is what tells whether more is sent than the path carries.
 */
final class PacketGroups {
    private static final long GROUP_NANOS = 5_000_000;

    /** What the path held up is told as one group, but not for ever: a link that is full also delivers densely. */
    private static final long MAX_BURST_NANOS = 100_000_000;

    /** No queue grows by this between two groups: the receiver's clock was set. */
    private static final long MAX_LEAP_NANOS = 3_000_000_000L;

    private static final double NANOS_PER_MILLI = 1e6;

    private final OveruseDetector detector;

    private boolean open;
    private long firstSent;
    private long firstArrival;
    private long lastSent;
    private long lastArrival;
    private long leastDelay;
    private long leastDelaySent;

    private boolean hasPrevious;
    private long previousDelay;
    private long previousSent;

    PacketGroups(OveruseDetector detector) {
        this.detector = detector;
    }

    /** In the order of sending; what came out of order is not looked at. */
    void onPacket(long sent, long arrival) {
        if (!open) {
            begin(sent, arrival);
        } else if (sent < firstSent) {
            return;
        } else if (belongs(sent, arrival)) {
            join(sent, arrival);
        } else {
            finish();
            begin(sent, arrival);
        }
    }

    private boolean belongs(long sent, long arrival) {
        if (sent - firstSent <= GROUP_NANOS) {
            return true;
        }
        long arrivalDelta = arrival - lastArrival;
        return arrivalDelta <= GROUP_NANOS
                && arrivalDelta < sent - lastSent
                && arrival - firstArrival < MAX_BURST_NANOS;
    }

    private void begin(long sent, long arrival) {
        open = true;
        firstSent = sent;
        firstArrival = arrival;
        lastSent = sent;
        lastArrival = arrival;
        leastDelay = arrival - sent;
        leastDelaySent = sent;
    }

    private void join(long sent, long arrival) {
        lastSent = sent;
        lastArrival = Math.max(lastArrival, arrival);
        if (arrival - sent <= leastDelay) {
            leastDelay = arrival - sent;
            leastDelaySent = sent;
        }
    }

    private void finish() {
        if (hasPrevious && Math.abs(leastDelay - previousDelay) > MAX_LEAP_NANOS) {
            detector.reset();
        } else if (hasPrevious) {
            detector.onGroup(
                    (leastDelay + leastDelaySent) / NANOS_PER_MILLI,
                    (leastDelay - previousDelay) / NANOS_PER_MILLI,
                    (leastDelaySent - previousSent) / NANOS_PER_MILLI);
        }
        hasPrevious = true;
        previousDelay = leastDelay;
        previousSent = leastDelaySent;
    }
}
