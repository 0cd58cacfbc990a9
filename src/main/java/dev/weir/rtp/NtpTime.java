package dev.weir.rtp;

/**
 * Time in the fixed-point forms of the wire. Nanoseconds count from the origin of the 64-bit form, which for NTP proper
 * is the start of 1900; between a sender and the echo of its own times any origin serves. Nothing here reads a clock.
 */
public final class NtpTime {
    /** From the start of 1900 to the start of 1970. */
    public static final long UNIX_EPOCH_NANOS = 2_208_988_800L * 1_000_000_000L;

    private static final long SECOND = 1_000_000_000L;
    private static final int ABS_SEND_TIME_FRACTION_BITS = 18;
    private static final int ABS_SEND_TIME_MASK = 0xFF_FFFF;

    private NtpTime() {}

    /** The 64-bit form: 32 bits of seconds, 32 of fraction (RFC 3550 section 4). {@code nanos} is not negative. */
    public static long ofNanos(long nanos) {
        return nanos / SECOND << 32 | (nanos % SECOND << 32) / SECOND;
    }

    /** The reverse of {@link #ofNanos}, to the nearest nanosecond. */
    public static long toNanos(long ntp) {
        return (ntp >>> 32) * SECOND + ((ntp & 0xFFFF_FFFFL) * SECOND + (1L << 31) >>> 32);
    }

    /** The middle 32 bits of the 64-bit form, as reports carry them; 0..2^32-1, in 1/65,536 s. */
    public static long compact(long ntp) {
        return ntp >>> 16 & 0xFFFF_FFFFL;
    }

    /** A duration in the compact form, rounded down; at most 18 hours. */
    public static long compactOfNanos(long nanos) {
        return compact(ofNanos(nanos));
    }

    /** The length of a duration in the compact form. */
    public static long compactToNanos(long compact) {
        return toNanos((compact & 0xFFFF_FFFFL) << 16);
    }

    /** The 24 bits of abs-send-time: seconds modulo 64 in 6.18 fixed point. {@code nanos} is not negative. */
    public static int absSendTime(long nanos) {
        long fraction = (nanos % SECOND << ABS_SEND_TIME_FRACTION_BITS) / SECOND;
        return (int) (nanos / SECOND << ABS_SEND_TIME_FRACTION_BITS | fraction) & ABS_SEND_TIME_MASK;
    }
}
