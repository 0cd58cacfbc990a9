package dev.weir.sim;

/**
 * What one direction of a path does to datagrams.
 *
 * @param delayNanos each takes so long
 * @param jitterNanos and up to so much more, without one passing another
 * @param loss the share that is lost
 * @param burst how many are lost in a row, on average, where one is; 1: each for itself
 * @param reordering the share that is overtaken by what comes up to 15 ms later
 * @param duplication the share that comes twice
 * @param rateBps bits a second; 0: no limit
 * @param queueNanos what would wait longer than this before that rate is lost; 0: no limit
 */
record Conditions(
        long delayNanos,
        long jitterNanos,
        double loss,
        double burst,
        double reordering,
        double duplication,
        long rateBps,
        long queueNanos) {
    static final Conditions GOOD = new Conditions(20_000_000, 0, 0, 1, 0, 0, 0, 0);

    Conditions withDelay(long nanos) {
        return new Conditions(nanos, jitterNanos, loss, burst, reordering, duplication, rateBps, queueNanos);
    }

    Conditions withJitter(long nanos) {
        return new Conditions(delayNanos, nanos, loss, burst, reordering, duplication, rateBps, queueNanos);
    }

    Conditions withLoss(double share) {
        return new Conditions(delayNanos, jitterNanos, share, burst, reordering, duplication, rateBps, queueNanos);
    }

    Conditions withBursts(double length) {
        return new Conditions(delayNanos, jitterNanos, loss, length, reordering, duplication, rateBps, queueNanos);
    }

    Conditions withReordering(double share) {
        return new Conditions(delayNanos, jitterNanos, loss, burst, share, duplication, rateBps, queueNanos);
    }

    Conditions withDuplication(double share) {
        return new Conditions(delayNanos, jitterNanos, loss, burst, reordering, share, rateBps, queueNanos);
    }

    Conditions withRate(long bps) {
        return new Conditions(delayNanos, jitterNanos, loss, burst, reordering, duplication, bps, queueNanos);
    }

    Conditions withQueue(long nanos) {
        return new Conditions(delayNanos, jitterNanos, loss, burst, reordering, duplication, rateBps, nanos);
    }
}
