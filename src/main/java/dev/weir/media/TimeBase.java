package dev.weir.media;

/** Conversions between nanoseconds and RTP timestamp units that do not overflow within the life of a server. */
final class TimeBase {
    static final long SECOND = 1_000_000_000L;

    private TimeBase() {}

    /** @param clockRate units a second */
    static long toNanos(long units, int clockRate) {
        return units / clockRate * SECOND + units % clockRate * SECOND / clockRate;
    }

    static long toUnits(long nanos, int clockRate) {
        return nanos / SECOND * clockRate + nanos % SECOND * clockRate / SECOND;
    }
}
