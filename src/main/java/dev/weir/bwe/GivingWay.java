package dev.weir.bwe;

/**
 * Tells whether this flow has given way enough to others that keep a {@link StandingQueue}: it has fallen below 85 % of
 * what it had when the queue was last empty. It may then be less sensitive to delay, which nobody else heeds.
 *
 * <p>That flows of this kind alone cannot keep each other in that state follows from the share: all that are in it send
 * less than 85 % of what filled the path, so the queue empties, which ends it. A flow that is merely insensitive while a
 * queue stands would have no such end; it was tried, and kept the queue full with its like.
 */
final class GivingWay {
    private static final double ENOUGH = 0.85;

    /**
     * The measure itself grows and falls, lest hours of losses bring it to nothing: by what TCP Reno grows at a round
     * trip of 350 ms (a packet per round trip, each round trip), which is a full buffer of 300 ms.
     */
    private static final double GROWTH_BPS = 100_000;

    private static final double OVERFLOW_FACTOR = 0.85;
    private static final double NANOS_PER_SECOND = 1e9;

    private double reference;
    private boolean enough;
    private long lastNow;

    /** Once per feedback. */
    void onFeedback(long now, boolean queueStands, long estimate) {
        if (!queueStands) {
            reference = estimate;
        } else {
            reference += GROWTH_BPS * (now - lastNow) / NANOS_PER_SECOND;
        }
        enough = queueStands && estimate < ENOUGH * reference;
        lastNow = now;
    }

    /** The queue overflows and this flow is part of it. */
    void onOverflow() {
        reference *= OVERFLOW_FACTOR;
    }

    boolean enough() {
        return enough;
    }
}
