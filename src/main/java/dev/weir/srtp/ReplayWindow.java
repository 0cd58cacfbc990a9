package dev.weir.srtp;

/** Which of the last indices were accepted (RFC 3711 section 3.3.2): a ring of bits below the highest. */
final class ReplayWindow {
    private final long[] words;
    private final int mask;
    private long highest = -1;

    /** {@code size} in indices, a power of two from 64 on. */
    ReplayWindow(int size) {
        words = new long[size / Long.SIZE];
        mask = size - 1;
    }

    /** The highest index accepted, or -1. */
    long highest() {
        return highest;
    }

    /** {@code OK}, {@code REPLAYED} or {@code TOO_OLD}; changes nothing. {@code index} is not negative. */
    SrtpResult check(long index) {
        if (index > highest) {
            return SrtpResult.OK;
        }
        if (highest - index > mask) {
            return SrtpResult.TOO_OLD;
        }
        return (words[word(index)] & 1L << index) == 0 ? SrtpResult.OK : SrtpResult.REPLAYED;
    }

    /** Counts the index as accepted; {@link #check} has said {@code OK} to it, and the packet was authentic. */
    void accept(long index) {
        if (index > highest) {
            long from = Math.max(highest + 1, index - mask);
            for (long skipped = from; skipped < index; skipped++) {
                words[word(skipped)] &= ~(1L << skipped);
            }
            highest = index;
        }
        words[word(index)] |= 1L << index;
    }

    private int word(long index) {
        return ((int) index & mask) >>> 6;
    }
}
