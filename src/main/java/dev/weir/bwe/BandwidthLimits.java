package dev.weir.bwe;

/**
 * What the estimate of a peer may be.
 *
 * @param startBps before anything is known of the path
 * @param minBps the least that a peer is ever given, enough for audio: below it a call is no longer one
 * @param maxBps the most that is worth knowing of
 */
public record BandwidthLimits(long startBps, long minBps, long maxBps) {
    public static final BandwidthLimits DEFAULT = new BandwidthLimits(600_000, 50_000, 20_000_000);

    /** The most that any configuration may say, which keeps products of bits and nanoseconds inside a long. */
    public static final long HIGHEST_BPS = 1_000_000_000;

    public BandwidthLimits {
        if (minBps <= 0 || minBps > startBps || startBps > maxBps || maxBps > HIGHEST_BPS) {
            throw new IllegalArgumentException(
                    "0 < min <= start <= max <= " + HIGHEST_BPS + ": " + minBps + ", " + startBps + ", " + maxBps);
        }
    }

    long clamp(long bps) {
        return Math.clamp(bps, minBps, maxBps);
    }
}
