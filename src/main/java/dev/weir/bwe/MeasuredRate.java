package dev.weir.bwe;

/**
 * A rate over time, of what was sent or of what arrived: bytes per window, joined as a Bayesian estimate whose
 * samples are trusted less the further they lie from it. That is libwebrtc's estimator (bitrate_estimator.cc): single
 * dense windows, as a key picture makes, move it little, while a path that really changed moves it within half a second.
 */
final class MeasuredRate {
    private static final long WINDOW_NANOS = 150_000_000;
    private static final long FIRST_WINDOW_NANOS = 500_000_000;
    private static final double UNCERTAINTY = 10;

    /** What the sender does not send, the path cannot deliver: falls are then worth less. */
    private static final double LIMITED_UNCERTAINTY = 20;

    private static final double FIRST_VARIANCE = 50;

    /** What the rate may have changed by since the last window, in kbps squared. */
    private static final double VARIANCE_PER_WINDOW = 5;

    private static final double NANOS_PER_MILLI = 1e6;

    private boolean started;
    private long windowStart;
    private long last;
    private long windowBytes;
    private double estimateKbps;
    private double variance = FIRST_VARIANCE;

    /** 0 as long as nothing is known. */
    long bps() {
        return (long) (estimateKbps * 1_000);
    }

    void onPacket(long at, int bytes, boolean applicationLimited) {
        if (!started) {
            restart(at);
            started = true;
        }
        if (Math.abs(at - last) > FIRST_WINDOW_NANOS) {
            restart(at);
        }
        long window = estimateKbps == 0 ? FIRST_WINDOW_NANOS : WINDOW_NANOS;
        if (at - windowStart >= window) {
            // A packet belongs to the time before it, so the one that ends the window is counted in the next.
            onSample(windowBytes * 8 / ((at - windowStart) / NANOS_PER_MILLI), applicationLimited);
            restart(at);
        }
        last = Math.max(last, at);
        windowBytes += bytes;
    }

    /** Some packets' fate is not known, so that the bytes of this window would be too few. */
    void onGap() {
        started = false;
    }

    private void restart(long at) {
        windowStart = at;
        last = at;
        windowBytes = 0;
    }

    private void onSample(double sampleKbps, boolean applicationLimited) {
        if (estimateKbps == 0) {
            estimateKbps = sampleKbps;
            return;
        }
        double scale = applicationLimited && sampleKbps < estimateKbps ? LIMITED_UNCERTAINTY : UNCERTAINTY;
        double uncertainty = scale * Math.abs(estimateKbps - sampleKbps) / (estimateKbps + sampleKbps);
        double sampleVariance = uncertainty * uncertainty;
        double predicted = variance + VARIANCE_PER_WINDOW;
        estimateKbps = (sampleVariance * estimateKbps + predicted * sampleKbps) / (sampleVariance + predicted);
        variance = sampleVariance * predicted / (sampleVariance + predicted);
    }
}
