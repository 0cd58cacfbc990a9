package dev.weir.peer;

import java.util.Arrays;

/**
 * Which packets of a slot were asked for again of late: what is asked for twice within a round trip may be on its way
 * (libwebrtc's senders hold it so too). Remembers one per place of a ring, so a burst of more can be answered twice.
 */
final class Repeats {
    private static final int SIZE = 256;
    private static final long NEVER = Long.MIN_VALUE;

    /** Made with the first request: most slots never have one. */
    private int[] sequences;

    private long[] times;

    /** Whether a request for this number (0..65535) is to be answered. */
    boolean take(long now, int sequence, long rttNanos) {
        if (sequences == null) {
            sequences = new int[SIZE];
            times = new long[SIZE];
            Arrays.fill(times, NEVER);
        }
        int entry = sequence & SIZE - 1;
        if (times[entry] != NEVER && sequences[entry] == sequence && now - times[entry] < rttNanos) {
            return false;
        }
        sequences[entry] = sequence;
        times[entry] = now;
        return true;
    }
}
