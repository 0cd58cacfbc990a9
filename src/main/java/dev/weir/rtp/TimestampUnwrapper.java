package dev.weir.rtp;

/**
 * Makes 32-bit RTP timestamps into longs that do not wrap. Each is taken as the one nearest to the highest seen. The
 * first keeps its value; one from before it can become negative.
 */
public final class TimestampUnwrapper {
    private boolean started;
    private long highest;

    /** The timestamp of a packet that has come, given the 32 bits of its header. */
    public long unwrap(long timestamp) {
        long unwrapped = peek(timestamp);
        if (!started || unwrapped > highest) {
            highest = unwrapped;
            started = true;
        }
        return unwrapped;
    }

    /** What {@link #unwrap} would say, without counting the packet as seen. */
    public long peek(long timestamp) {
        return started ? highest + (int) (timestamp - highest) : timestamp & 0xFFFF_FFFFL;
    }

    /** Forgets everything: the next timestamp is a first one. */
    public void reset() {
        started = false;
    }
}
