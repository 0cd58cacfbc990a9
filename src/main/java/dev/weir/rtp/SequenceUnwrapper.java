package dev.weir.rtp;

/**
 * Makes 16-bit sequence numbers into longs that do not wrap. Each number is taken as the one nearest to the highest
 * seen, so up to 32,768 behind and 32,767 ahead. The first number keeps its value; one that was sent before it can
 * become negative.
 */
public final class SequenceUnwrapper {
    private boolean started;
    private long highest;

    /** The number of a packet that has come, given the 16 bits of its header. */
    public long unwrap(int sequence) {
        long unwrapped = peek(sequence);
        if (!started || unwrapped > highest) {
            highest = unwrapped;
            started = true;
        }
        return unwrapped;
    }

    /** What {@link #unwrap} would say, without counting the packet as seen. */
    public long peek(int sequence) {
        return started ? highest + (short) (sequence - (int) highest) : sequence & 0xFFFF;
    }

    /** Forgets everything: the next number is a first one. */
    public void reset() {
        started = false;
    }
}
