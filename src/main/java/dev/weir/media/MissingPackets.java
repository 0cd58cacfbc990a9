package dev.weir.media;

/**
 * What a receive stream waits for: asked for by NACK (RFC 4585 section 6.2.1) a little after the gap was seen, since
 * packets also come out of order, and again each round trip, a bounded number of times.
 */
final class MissingPackets {
    static final int MAX = 256;
    static final int MAX_TRIES = 8;

    private static final long REORDER_WAIT_NANOS = 8_000_000;
    private static final long MIN_RETRY_NANOS = 20_000_000;

    private final long[] sequences = new long[MAX];
    private final long[] dueTimes = new long[MAX];
    private final int[] tries = new int[MAX];
    private int count;

    /** @return false when more is missing than retransmission can mend: all is forgotten, a keyframe has to do */
    boolean add(long now, long from, long to) {
        if (count + (to - from) > MAX) {
            count = 0;
            return false;
        }
        for (long sequence = from; sequence < to; sequence++) {
            sequences[count] = sequence;
            dueTimes[count] = now + REORDER_WAIT_NANOS;
            tries[count] = 0;
            count++;
        }
        return true;
    }

    void remove(long sequence) {
        for (int i = 0; i < count; i++) {
            if (sequences[i] == sequence) {
                removeAt(i);
                return;
            }
        }
    }

    long nextTimeout() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            next = Math.min(next, dueTimes[i]);
        }
        return next;
    }

    /**
     * Writes the numbers to ask for now, ascending.
     *
     * @param into at least {@link #MAX} long
     * @return how many
     */
    int collect(long now, long rttNanos, long[] into) {
        int due = 0;
        for (int i = 0; i < count; ) {
            if (dueTimes[i] > now) {
                i++;
            } else if (tries[i] == MAX_TRIES) {
                removeAt(i);
            } else {
                into[due++] = sequences[i];
                dueTimes[i] = now + Math.max(MIN_RETRY_NANOS, rttNanos + rttNanos / 4);
                tries[i]++;
                i++;
            }
        }
        return due;
    }

    /** Keeps the order: a NACK packs ascending numbers. */
    private void removeAt(int index) {
        count--;
        System.arraycopy(sequences, index + 1, sequences, index, count - index);
        System.arraycopy(dueTimes, index + 1, dueTimes, index, count - index);
        System.arraycopy(tries, index + 1, tries, index, count - index);
    }
}
