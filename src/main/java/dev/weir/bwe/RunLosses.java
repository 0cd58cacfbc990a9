package dev.weir.bwe;

/**
 * Tells whether losses cluster inside runs: a buffer on the path is too short for what leaves at once, and shorter runs
 * would lose less. Compares how often a loss follows a loss in the same run (the same send time) with how often any
 * packet is lost; by chance the two are equal.
 */
final class RunLosses {
    /** The weight of all that was before, per packet: some 500 packets are remembered. */
    private static final double AGEING = 0.998;

    private static final double LEAST_LOSSES = 5;
    private static final double CLUSTERED = 0.3;
    private static final double OVER_CHANCE = 2.5;

    private long runSent = Long.MIN_VALUE;
    private boolean previousLost;
    private double packets;
    private double losses;
    private double afterLoss;
    private double lostAfterLoss;

    /** In the order of sending. */
    void onPacket(long sent, boolean lost) {
        boolean sameRun = sent == runSent;
        packets = packets * AGEING + 1;
        losses = losses * AGEING + (lost ? 1 : 0);
        afterLoss = afterLoss * AGEING + (sameRun && previousLost ? 1 : 0);
        lostAfterLoss = lostAfterLoss * AGEING + (sameRun && previousLost && lost ? 1 : 0);
        runSent = sent;
        previousLost = lost;
    }

    boolean clustered() {
        return losses >= LEAST_LOSSES
                && afterLoss >= LEAST_LOSSES / 2
                && lostAfterLoss > CLUSTERED * afterLoss
                && lostAfterLoss * packets > OVER_CHANCE * losses * afterLoss;
    }
}
