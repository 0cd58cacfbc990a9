package dev.weir.load;

import org.HdrHistogram.Histogram;

/** What a loop's clients count in one phase. Belongs to the loop until it is handed over. */
final class Tally {
    private static final long MAX_NANOS = 60_000_000_000L;

    final Histogram delay = new Histogram(MAX_NANOS, 3);
    long packetsIn;
    long bytesIn;
    long packetsOut;
    long bytesOut;
    long verified;
    long forged;
    long repeated;
    long recovered;
    long nacked;
    long resent;
    long resendsUnknown;
    long plisSent;
    long plisReceived;
    long feedbacks;
    long droppedByUs;
    long strangers;
    long viewChanges;
    long replaced;
    long refusedBySocket;
    /** Clients who receive, and those of them who got any media in the phase. */
    int receivers;

    int served;
    /** Of slots, when the phase is over. */
    long expected;

    long lost;

    static long clamp(long nanos) {
        return Math.clamp(nanos, 1, MAX_NANOS);
    }

    void onDelay(long nanos) {
        delay.recordValue(clamp(nanos));
    }

    void add(Tally other) {
        delay.add(other.delay);
        packetsIn += other.packetsIn;
        bytesIn += other.bytesIn;
        packetsOut += other.packetsOut;
        bytesOut += other.bytesOut;
        verified += other.verified;
        forged += other.forged;
        repeated += other.repeated;
        recovered += other.recovered;
        nacked += other.nacked;
        resent += other.resent;
        resendsUnknown += other.resendsUnknown;
        plisSent += other.plisSent;
        plisReceived += other.plisReceived;
        feedbacks += other.feedbacks;
        droppedByUs += other.droppedByUs;
        strangers += other.strangers;
        viewChanges += other.viewChanges;
        replaced += other.replaced;
        refusedBySocket += other.refusedBySocket;
        receivers += other.receivers;
        served += other.served;
        expected += other.expected;
        lost += other.lost;
    }
}
