package dev.weir.media;

/** What a forwarder sent of late: for each outgoing number, where the packet came from, so that it can be sent again. */
final class SentPackets {
    private static final int SIZE = 1024;
    private static final int MASK = SIZE - 1;
    private static final int MARKER = 1;
    private static final int EMPTY = 2;
    private static final int ANNOUNCES = 4;

    /** Made with the first packet: most slots of most viewers never carry one. */
    private long[] indices;

    private long[] sources;
    private Segment[] segments;
    private long[] lastResent;
    private int[] pictures;
    private int[] activeTargets;
    private byte[] flags;

    void add(long index, Segment segment, long sourceSequence) {
        if (indices == null) {
            indices = new long[SIZE];
            sources = new long[SIZE];
            segments = new Segment[SIZE];
            lastResent = new long[SIZE];
            pictures = new int[SIZE];
            activeTargets = new int[SIZE];
            flags = new byte[SIZE];
        }
        int entry = (int) index & MASK;
        indices[entry] = index;
        sources[entry] = sourceSequence;
        segments[entry] = segment;
        lastResent[entry] = Long.MIN_VALUE;
        flags[entry] = 0;
        pictures[entry] = OutgoingRtp.NONE;
    }

    /** Keeps what cannot be told from the packet alone, of the number added last. */
    void describe(long index, OutgoingRtp packet) {
        int entry = (int) index & MASK;
        pictures[entry] = packet.pictureId == OutgoingRtp.NONE ? OutgoingRtp.NONE : packet.pictureId << 8 | packet.tl0;
        activeTargets[entry] = packet.activeTargets;
        int bits = packet.marker ? MARKER : 0;
        bits |= packet.payloadBytes == 0 ? EMPTY : 0;
        bits |= packet.announces ? ANNOUNCES : 0;
        flags[entry] = (byte) bits;
    }

    boolean marker(int entry) {
        return (flags[entry] & MARKER) != 0;
    }

    /** Whether only the number was sent: the packet was not wanted, but its number had been kept for it. */
    boolean empty(int entry) {
        return (flags[entry] & EMPTY) != 0;
    }

    /** Whether the packet's dependency descriptor told the active targets. */
    boolean announces(int entry) {
        return (flags[entry] & ANNOUNCES) != 0;
    }

    int activeTargets(int entry) {
        return activeTargets[entry];
    }

    /** Or {@link OutgoingRtp#NONE}. */
    int pictureId(int entry) {
        return pictures[entry] == OutgoingRtp.NONE ? OutgoingRtp.NONE : pictures[entry] >>> 8;
    }

    int tl0(int entry) {
        return pictures[entry] & 0xff;
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
