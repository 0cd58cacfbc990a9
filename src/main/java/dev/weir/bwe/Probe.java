package dev.weir.bwe;

/**
 * A burst whose rate of arrival shows what the path can carry: at least 5 packets over at least 15 ms, in several short
 * runs. One object per peer, used again; only {@link BandwidthEstimator} changes it.
 *
 * <p>While it is {@link #active}, what is sent carries its {@link #cluster}; where there is no media to send, padding or
 * retransmissions fill it up.
 */
public final class Probe {
    /** The cluster of packets that belong to no probe. */
    public static final int NONE = 0;

    /** What one run of a probe takes at the probe's rate. */
    public static final long RUN_NANOS = 5_000_000;

    private static final int LEAST_PACKETS = 5;
    private static final int LEAST_RUNS = 4;
    private static final long LEAST_NANOS = 15_000_000;

    /** Longer than the least, since jitter falls on the first and the last run alike, and longer ones bear it better. */
    private static final long TARGET_NANOS = 40_000_000;

    /** With more lost than this, what arrived is no measure. */
    private static final double LEAST_RECEIVED = 0.8;

    private static final double MOST_RATIO = 2;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int FIRST = 1;

    private int lastCluster = NONE;
    private int cluster = NONE;
    private boolean sending;
    private long rateBps;
    private long targetBytes;

    private int packets;
    private int runs;
    private long bytes;
    private long firstSent;
    private long lastSent;
    private long lastRunBytes;

    private int reported;
    private int received;
    private long receivedBytes;
    private boolean firstReceived;
    private long firstArrival;

    /** When the newest run of which something arrived was sent and began to arrive, and what arrived of it. */
    private long newestRun;

    private long newestArrival;
    private long newestBytes;

    Probe() {}

    /** Whether something is to be sent at {@link #rateBps}, marked with {@link #cluster}. */
    public boolean active() {
        return sending;
    }

    /** The number to hand to the estimator with each packet while this is active, else {@link #NONE}. */
    public int cluster() {
        return sending ? cluster : NONE;
    }

    public long rateBps() {
        return rateBps;
    }

    /** At least 1 while active, because the number of packets and the time count too. */
    public long remainingBytes() {
        return sending ? Math.max(1, targetBytes - bytes) : 0;
    }

    void begin(long bps) {
        lastCluster = lastCluster == Integer.MAX_VALUE ? FIRST : lastCluster + 1;
        cluster = lastCluster;
        sending = true;
        rateBps = bps;
        targetBytes = (long) (bps / 8 * (TARGET_NANOS / NANOS_PER_SECOND));
        packets = 0;
        runs = 0;
        bytes = 0;
        lastRunBytes = 0;
        reported = 0;
        received = 0;
        receivedBytes = 0;
        firstReceived = false;
        newestRun = Long.MIN_VALUE;
        newestBytes = 0;
    }

    void end() {
        sending = false;
        cluster = NONE;
    }

    /** Whether a packet counts to this probe, under way or waiting for feedback. */
    boolean has(int packetCluster) {
        return packetCluster != NONE && packetCluster == cluster;
    }

    void onSent(long now, int packetBytes) {
        if (packets == 0) {
            firstSent = now;
        }
        if (packets == 0 || now != lastSent) {
            runs++;
            lastRunBytes = 0;
        }
        packets++;
        bytes += packetBytes;
        lastRunBytes += packetBytes;
        lastSent = now;
        if (bytes >= targetBytes && packets >= LEAST_PACKETS && runs >= LEAST_RUNS && now - firstSent >= LEAST_NANOS) {
            sending = false;
        }
    }

    void onWithdrawn(int packetBytes) {
        packets--;
        bytes -= packetBytes;
    }

    void onLost() {
        reported++;
    }

    /** @param late it was told of as lost before */
    void onReceived(long sent, long arrival, int packetBytes, boolean late) {
        reported += late ? 0 : 1;
        received++;
        receivedBytes += packetBytes;
        if (sent == firstSent) {
            firstArrival = firstReceived ? Math.min(firstArrival, arrival) : arrival;
            firstReceived = true;
        }
        if (sent > newestRun) {
            newestRun = sent;
            newestArrival = arrival;
            newestBytes = 0;
        }
        if (sent == newestRun) {
            newestArrival = Math.min(newestArrival, arrival);
            newestBytes += packetBytes;
        }
    }

    /** All of it was sent, and of all is known what became of it. */
    boolean complete() {
        return cluster != NONE && !sending && reported >= packets;
    }

    /** Whether it was sent before what was sent at this time; what is told later than that is told no more. */
    boolean sentBefore(long at) {
        return cluster != NONE && !sending && lastSent < at;
    }

    /** From the first run to the last; 0 if there is none. */
    double sentBps() {
        return rate(bytes - lastRunBytes, lastSent - firstSent);
    }

    /**
     * From the start of the first run to the start of the last, so that it is right both where the path is fast and runs
     * arrive as runs, and where it is slow and they arrive as one row; and also where runs are of unequal size, since a
     * picture's first run is large. What the path loses anyway is added. 0 if too little came or it came faster than
     * anything can be.
     */
    double receivedBps(double inherentLoss) {
        if (!firstReceived || received < LEAST_RECEIVED * packets * (1 - inherentLoss)) {
            return 0;
        }
        double rate = rate(receivedBytes - newestBytes, newestArrival - firstArrival) / (1 - inherentLoss);
        return rate > MOST_RATIO * sentBps() ? 0 : rate;
    }

    private static double rate(long bytes, long nanos) {
        return nanos <= 0 ? 0 : bytes * 8 * NANOS_PER_SECOND / nanos;
    }
}
