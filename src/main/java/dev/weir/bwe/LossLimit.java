package dev.weir.bwe;

/**
 * An upper bound of the estimate from loss, which tells loss that sending causes from loss that the path has anyway.
 *
 * <p>The path is thought of as a rate B and an inherent loss i: what is sent at a rate r up to B is lost with
 * probability i; above it, also what does not fit, i + (1 - i)(r - B)/r. Of a few candidates for B the one is taken
 * under which the losses of the last observations are the most likely, with a leaning to high rates that fades with the
 * loss. So 5 % of random loss, which lies the same at every rate, is explained by i and costs nothing, and loss that
 * comes and goes with the rate is explained by B. This is the model of libwebrtc's loss_based_bwe_v2; here i follows from
 * B in closed form, as the loss of the observations below B, in the place of Newton's method.
 */
final class LossLimit {
    private static final int OBSERVATIONS = 20;
    private static final long OBSERVATION_NANOS = 250_000_000;
    private static final int OBSERVATION_PACKETS = 10;
    private static final double AGEING = 0.9;

    /** Losses before this much has been seen are too few to tell anything. */
    private static final int LEAST_PACKETS = 40;

    private static final double LEAST_INHERENT = 0.001;
    private static final double MOST_INHERENT = 0.5;
    private static final double FIRST_INHERENT = 0.01;

    /** Inherent loss is believed up to 5 % and what 75 kbps are of the candidate: few paths lose more by chance. */
    private static final double INHERENT_OFFSET = 0.05;

    private static final double BALANCE_BPS = 75_000;

    private static final double RATE_LEANING = 0.2;
    private static final double LEANING_ENDS_AT = 0.15;

    /** One observation this far above the inherent loss is a path that has changed: what was before counts no more. */
    private static final double CHANGE_FACTOR = 3;

    private static final double CHANGE_OFFSET = 0.15;

    private static final double LATEST_SMOOTHING = 1.0 / 64;

    private static final double DELIVERED_SHARE = 0.5;
    private static final double GROWTH_PER_OBSERVATION = 1.05;
    private static final double CANDIDATE_UP = 1.05;
    private static final double CANDIDATE_DOWN = 0.95;
    private static final double NANOS_PER_SECOND = 1e9;

    private final double[] rates = new double[OBSERVATIONS];
    private final int[] packets = new int[OBSERVATIONS];
    private final int[] losses = new int[OBSERVATIONS];
    private int observed;

    private boolean open;
    private long firstSent;
    private long openBytes;
    private int openPackets;
    private int openLosses;

    private double inherent = FIRST_INHERENT;
    private double averageLoss;
    private double latestLoss;
    private double bestScore;
    private double best;
    private long limit = Long.MAX_VALUE;

    /** {@code Long.MAX_VALUE}: loss is no reason for a bound. */
    long bps() {
        return limit;
    }

    /** The share of packets lost of late, 0..1. */
    double averageLoss() {
        return averageLoss;
    }

    /** The same for the last hundred packets or so, without the weight of time. */
    double latestLoss() {
        return latestLoss;
    }

    /** In the order of sending. */
    void onPacket(long sent, int bytes, boolean lost, long estimate, long acknowledged) {
        if (!open) {
            open = true;
            firstSent = sent;
        }
        if (sent - firstSent >= OBSERVATION_NANOS && openPackets >= OBSERVATION_PACKETS) {
            close(sent);
            update(estimate, acknowledged);
        }
        latestLoss += ((lost ? 1 : 0) - latestLoss) * LATEST_SMOOTHING;
        openBytes += bytes;
        openPackets++;
        openLosses += lost ? 1 : 0;
    }

    /** A packet told of as lost has come after all. */
    void onLate() {
        openLosses = Math.max(0, openLosses - 1);
    }

    /** A probe has shown that the path carries this. */
    void raise(long bps) {
        if (limit < bps) {
            limit = bps;
        }
    }

    private void close(long sent) {
        int slot = observed++ % OBSERVATIONS;
        rates[slot] = openBytes * 8 * NANOS_PER_SECOND / (sent - firstSent);
        packets[slot] = openPackets;
        losses[slot] = openLosses;
        if (openLosses > (CHANGE_FACTOR * inherent + CHANGE_OFFSET) * openPackets) {
            forgetAllBut(slot);
        }
        firstSent = sent;
        openBytes = 0;
        openPackets = 0;
        openLosses = 0;
    }

    private void forgetAllBut(int newest) {
        for (int i = 0; i < OBSERVATIONS; i++) {
            if (i != newest) {
                packets[i] = 0;
                losses[i] = 0;
            }
        }
    }

    private void update(long estimate, long acknowledged) {
        double weight = 1;
        double weightedPackets = 0;
        double weightedLosses = 0;
        int total = 0;
        for (int age = 0; age < OBSERVATIONS && age < observed; age++, weight *= AGEING) {
            int slot = (observed - 1 - age) % OBSERVATIONS;
            weightedPackets += weight * packets[slot];
            weightedLosses += weight * losses[slot];
            total += packets[slot];
        }
        averageLoss = weightedLosses / weightedPackets;
        if (weightedLosses == 0) {
            limit = grown(estimate);
            inherent = Math.max(LEAST_INHERENT, inherent * AGEING);
            return;
        }
        if (total >= LEAST_PACKETS || averageLoss > CHANGE_OFFSET) {
            choose(estimate, acknowledged);
        }
    }

    private void choose(long estimate, long acknowledged) {
        double current = Math.min(limit, estimate);
        bestScore = Double.NEGATIVE_INFINITY;
        consider(current);
        consider(current * CANDIDATE_UP);
        consider(current * CANDIDATE_DOWN);
        consider(estimate);
        if (acknowledged > 0) {
            consider(Math.min(acknowledged, estimate));
        }
        inherent = inherent(best);
        long chosen = (long) Math.min(best, Math.max(instantBound(), DELIVERED_SHARE * acknowledged));
        limit = chosen < estimate ? Math.min(chosen, grown(Long.MAX_VALUE)) : grown(estimate);
    }

    /** However the losses come, much loss bounds at once, but not below what the path delivers all the same. */
    private double instantBound() {
        return averageLoss <= INHERENT_OFFSET ? Double.MAX_VALUE : BALANCE_BPS / (averageLoss - INHERENT_OFFSET);
    }

    /** A bound is given up step by step, lest what was lost at a high rate be tried again at once. */
    private long grown(long estimate) {
        double grown = limit * GROWTH_PER_OBSERVATION;
        return grown >= estimate ? Long.MAX_VALUE : (long) grown;
    }

    private void consider(double candidate) {
        double score = score(candidate, inherent(candidate));
        if (score > bestScore) {
            bestScore = score;
            best = candidate;
        }
    }

    private double inherent(double candidate) {
        double weight = 1;
        double below = 0;
        double lostBelow = 0;
        for (int age = 0; age < OBSERVATIONS && age < observed; age++, weight *= AGEING) {
            int slot = (observed - 1 - age) % OBSERVATIONS;
            if (rates[slot] <= candidate) {
                below += weight * packets[slot];
                lostBelow += weight * losses[slot];
            }
        }
        double likeliest = below == 0 ? inherent : lostBelow / below;
        return Math.clamp(
                likeliest, LEAST_INHERENT, Math.min(MOST_INHERENT, INHERENT_OFFSET + BALANCE_BPS / candidate));
    }

    private double score(double candidate, double inherentLoss) {
        double leaning = RATE_LEANING * Math.log(candidate / 1_000) * Math.max(0, 1 - averageLoss / LEANING_ENDS_AT);
        double score = 0;
        double weight = 1;
        for (int age = 0; age < OBSERVATIONS && age < observed; age++, weight *= AGEING) {
            int slot = (observed - 1 - age) % OBSERVATIONS;
            double excess = Math.max(0, (rates[slot] - candidate) / rates[slot]);
            double loss = inherentLoss + (1 - inherentLoss) * excess;
            int received = packets[slot] - losses[slot];
            score += weight * (losses[slot] * Math.log(loss) + received * Math.log(1 - loss) + packets[slot] * leaning);
        }
        return score;
    }
}
