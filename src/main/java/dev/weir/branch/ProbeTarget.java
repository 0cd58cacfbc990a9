package dev.weir.branch;

/** How far a viewer's path is worth probing. */
final class ProbeTarget {
    /** So long after the connection, and so far, a path is probed with the first pictures: more will be shown. */
    private static final long FIRST_PROBES_NANOS = 3_000_000_000L;

    private static final long FIRST_PROBES_BPS = 3_600_000;

    /** Raises want a margin, see {@code Allocator}; and what is wanted must be reached with it. */
    private static final double WANTED_MARGIN = 1.3;

    private ProbeTarget() {}

    /** Not at all while nothing is shown. @param wantedBps what all that is shown would take */
    static long bps(long connectedNanos, long wantedBps) {
        if (wantedBps == 0) {
            return 0;
        }
        long reached = (long) (WANTED_MARGIN * wantedBps);
        return connectedNanos < FIRST_PROBES_NANOS ? Math.max(reached, FIRST_PROBES_BPS) : reached;
    }
}
