package dev.weir.media;

/**
 * Gives outgoing sequence numbers to incoming packets of one source at a time: without a gap that is not a real loss,
 * and without a number used twice. A lost packet's number stays reserved for when it comes late; a packet that is not
 * forwarded gets no number at all.
 */
final class SequenceMap {
    /** How late a packet may come, and how far the source may jump before it counts as a new start. */
    static final int REACH = 512;

    /** The answer for a packet that must not be sent. */
    static final long NONE = -1;

    private static final int SIZE = 2 * REACH;
    private static final int MASK = SIZE - 1;
    private static final long USED = -2;

    private long[] reserved;
    private long firstIn;
    private long highestIn = -1;
    private long highestOut;

    /** @param lastOut the number before the first that will be given */
    SequenceMap(long lastOut) {
        highestOut = lastOut;
    }

    /** A new source: its first packet, whatever its number, gets the next outgoing number. */
    void start(long in) {
        if (reserved == null) {
            reserved = new long[SIZE];
        }
        firstIn = in;
        highestIn = in - 1;
    }

    /** Whether a packet so far ahead needs a new {@link #start}. */
    boolean leaps(long in) {
        return in - highestIn > REACH;
    }

    long highestOut() {
        return highestOut;
    }

    /** The number for a packet that is forwarded, or {@link #NONE} if it comes too late or came before. */
    long map(long in) {
        if (in > highestIn) {
            reserveUpTo(in);
            reserved[(int) in & MASK] = USED;
            return ++highestOut;
        }
        return takeReserved(in);
    }

    /**
     * Passes over a packet that is not forwarded.
     *
     * @return {@link #NONE}, or the number that had been kept for it: something must be sent under it, or the receiver
     *     will ask for it
     */
    long skip(long in) {
        if (in > highestIn) {
            reserveUpTo(in);
            reserved[(int) in & MASK] = USED;
            return NONE;
        }
        return takeReserved(in);
    }

    private void reserveUpTo(long in) {
        for (long missing = highestIn + 1; missing < in; missing++) {
            reserved[(int) missing & MASK] = ++highestOut;
        }
        highestIn = in;
    }

    private long takeReserved(long in) {
        if (in < firstIn || highestIn - in >= SIZE) {
            return NONE;
        }
        long number = reserved[(int) in & MASK];
        reserved[(int) in & MASK] = USED;
        return number == USED ? NONE : number;
    }
}
