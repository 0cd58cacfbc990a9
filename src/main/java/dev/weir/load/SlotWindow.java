package dev.weir.load;

/**
 * Counts what of a row of numbers came, between the moment that the window was opened and the one it was closed: what
 * was on its way at either moment is counted by its number and not by its arrival.
 */
final class SlotWindow {
    private static final long NONE = -1;

    private long highest = NONE;
    private long from = NONE;
    private long to = Long.MAX_VALUE;
    private long counted;

    /** A number that came for the first time. */
    void onPacket(long number) {
        if (from == NONE) {
            from = number;
        }
        highest = Math.max(highest, number);
        if (number >= from && number <= to) {
            counted++;
        }
    }

    /** From the next number on. */
    void open() {
        from = highest == NONE ? NONE : highest + 1;
        to = Long.MAX_VALUE;
        counted = 0;
    }

    /** Up to the last number that came; those before it may still come. */
    void close() {
        to = highest;
    }

    long expected() {
        return from == NONE ? 0 : Math.max(0, Math.min(to, highest) - from + 1);
    }

    /** Expected and never there. */
    long lost() {
        return expected() - counted;
    }
}
