package dev.weir.media;

/** What a forwarder sent of late: for each outgoing number, where the packet came from, so that it can be sent again. */
final class SentPackets {
    private static final int SIZE = 1024;
    private static final int MASK = SIZE - 1;

    /** Made with the first packet: most slots of most viewers never carry one. */
    private long[] indices;

    private long[] sources;
    private Segment[] segments;
    private long[] lastResent;

    void add(long index, Segment segment, long sourceSequence) {
        if (indices == null) {
            indices = new long[SIZE];
            sources = new long[SIZE];
            segments = new Segment[SIZE];
            lastResent = new long[SIZE];
        }
        int entry = (int) index & MASK;
        indices[entry] = index;
        sources[entry] = sourceSequence;
        segments[entry] = segment;
        lastResent[entry] = Long.MIN_VALUE;
    }

    /** The entry of a number, or -1. */
    int find(long index) {
        int entry = (int) index & MASK;
        return indices != null && segments[entry] != null && indices[entry] == index ? entry : -1;
    }

    Segment segment(int entry) {
        return segments[entry];
    }

    long sourceSequence(int entry) {
        return sources[entry];
    }

    /** Counts a resend unless the last one is too fresh: the receiver cannot have seen that yet. */
    boolean mayResend(int entry, long now, long minIntervalNanos) {
        if (lastResent[entry] != Long.MIN_VALUE && now - lastResent[entry] < minIntervalNanos) {
            return false;
        }
        lastResent[entry] = now;
        return true;
    }
}
