package dev.weir.media;

/** The fixed line from server time to a slot's RTP time, for the life of its connection. */
final class SlotLine {
    private final long base;
    private final int clockRate;

    /** @param base the timestamp at time 0, random (RFC 3550 section 5.1) */
    SlotLine(long base, int clockRate) {
        this.base = base;
        this.clockRate = clockRate;
    }

    /** Unwrapped: the wire has the low 32 bits. */
    long timestamp(long serverNanos) {
        return base + TimeBase.toUnits(serverNanos, clockRate);
    }
}
