package dev.weir.peer;

/** How often something may be asked of us: so many times a second, and as many at once. */
final class Allowance {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private double left;
    private long last;

    Allowance(int perSecond) {
        this.perSecond = perSecond;
        this.left = perSecond;
    }

    /** Whether it may be once more. */
    boolean take(long now) {
        left = Math.min(perSecond, left + (now - last) / NANOS_PER_SECOND * perSecond);
        last = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
