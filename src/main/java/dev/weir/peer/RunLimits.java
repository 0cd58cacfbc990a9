package dev.weir.peer;

/**
 * How packets for one viewer are gathered into runs, each of which is one send for the kernel (UDP GSO).
 *
 * @param maxPackets of a run; 1: every packet leaves alone
 * @param boundNanos how long a run may wait for the rest of a picture, and a voice for a run
 */
public record RunLimits(int maxPackets, long boundNanos) {
    /** More save next to nothing more for each packet, and would overflow small queues on the way. */
    public static final RunLimits DEFAULT = new RunLimits(16, 1_500_000);

    public static final RunLimits OFF = new RunLimits(1, 0);

    /** UDP_MAX_SEGMENTS of Linux before 6.9. */
    private static final int KERNEL_SEGMENTS = 64;

    public RunLimits {
        if (maxPackets < 1 || maxPackets > KERNEL_SEGMENTS || boundNanos < 0) {
            throw new IllegalArgumentException(maxPackets + " packets, " + boundNanos + " ns");
        }
    }

    public RunLimits withBound(long nanos) {
        return new RunLimits(maxPackets, nanos);
    }
}
