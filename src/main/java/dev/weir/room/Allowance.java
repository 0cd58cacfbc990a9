package dev.weir.room;

/** So many at once and so many a second after that. */
final class Allowance {
    private static final double NANOS_PER_SECOND = 1e9;

    /** @param burst at once */
    record Limit(double perSecond, double burst) {}

    private final Limit limit;
    private double left;
    private long at;

    Allowance(long now, Limit limit) {
        this.limit = limit;
        this.left = limit.burst();
        this.at = now;
    }

    /** False when there is none left. */
    boolean take(long now) {
        left = Math.min(limit.burst(), left + (now - at) / NANOS_PER_SECOND * limit.perSecond());
        at = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
