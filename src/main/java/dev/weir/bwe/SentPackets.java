package dev.weir.bwe;

import java.util.Arrays;

/**
 * What was sent, by transport-wide number, until feedback tells what became of it. Primitive rings that double while
 * they are too short for what was sent within {@link #MEMORY_NANOS}, so they stop growing once a peer has reached its
 * rate.
 */
final class SentPackets {
    /** Not sent, withdrawn, or forgotten. */
    static final byte UNKNOWN = 0;

    static final byte IN_FLIGHT = 1;
    static final byte LOST = 2;
    static final byte RECEIVED = 3;

    /** Feedback that comes later than this after sending says nothing of the path as it is now. */
    private static final long MEMORY_NANOS = 2_000_000_000;

    private static final int FIRST_CAPACITY = 256;

    /** Two seconds of 4,000 packets/s, 40 Mbps; above that, memory is shorter than two seconds. */
    private static final int LAST_CAPACITY = 8_192;

    private long[] sentAt = new long[FIRST_CAPACITY];
    private int[] bytes = new int[FIRST_CAPACITY];
    private int[] clusters = new int[FIRST_CAPACITY];
    private byte[] states = new byte[FIRST_CAPACITY];
    private long highest = -1;

    void add(long now, int sequence, int packetBytes, int cluster) {
        long number = number(sequence);
        if (number > highest) {
            advance(number, now);
        } else if (highest - number >= sentAt.length) {
            return;
        }
        int slot = slot(number);
        sentAt[slot] = now;
        bytes[slot] = packetBytes;
        clusters[slot] = cluster;
        states[slot] = IN_FLIGHT;
    }

    private void advance(long number, long now) {
        if (sentAt.length < LAST_CAPACITY
                && states[slot(number)] != UNKNOWN
                && now - sentAt[slot(number)] < MEMORY_NANOS) {
            grow();
        }
        for (long skipped = Math.max(highest + 1, number - sentAt.length + 1); skipped < number; skipped++) {
            states[slot(skipped)] = UNKNOWN;
        }
        highest = number;
    }

    private void grow() {
        int old = sentAt.length;
        long[] oldSentAt = sentAt;
        int[] oldBytes = bytes;
        int[] oldClusters = clusters;
        byte[] oldStates = states;
        sentAt = new long[2 * old];
        bytes = new int[2 * old];
        clusters = new int[2 * old];
        states = new byte[2 * old];
        Arrays.fill(states, UNKNOWN);
        for (long number = Math.max(0, highest - old + 1); number <= highest; number++) {
            int from = (int) number & old - 1;
            int to = slot(number);
            sentAt[to] = oldSentAt[from];
            bytes[to] = oldBytes[from];
            clusters[to] = oldClusters[from];
            states[to] = oldStates[from];
        }
    }

    /** The number nearest to the highest that was sent; above it where the 16 bits say so. */
    long number(int sequence) {
        return highest < 0 ? sequence & 0xFFFF : highest + (short) (sequence - (int) highest);
    }

    /** -1 before the first. */
    long highest() {
        return highest;
    }

    /** The lowest number that can still be known. */
    long oldest() {
        return Math.max(0, highest - sentAt.length + 1);
    }

    byte state(long number) {
        boolean inRing = number >= 0 && number <= highest && highest - number < sentAt.length;
        return inRing ? states[slot(number)] : UNKNOWN;
    }

    /** Only for numbers whose state is not {@link #UNKNOWN}, as the accessors below. */
    void state(long number, byte state) {
        states[slot(number)] = state;
    }

    long sentAt(long number) {
        return sentAt[slot(number)];
    }

    int bytes(long number) {
        return bytes[slot(number)];
    }

    int cluster(long number) {
        return clusters[slot(number)];
    }

    private int slot(long number) {
        return (int) number & sentAt.length - 1;
    }
}
