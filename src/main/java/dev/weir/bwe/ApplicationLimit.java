package dev.weir.bwe;

/**
 * Tells whether less is sent than the estimate allows. Then what is acknowledged says nothing of what the path could
 * carry. A budget is filled at 80 % of the estimate and emptied by what is sent; the two marks are apart so that single
 * pictures do not flip the answer. After libwebrtc's alr_detector, which
 * fills at 65 %: less than 1/1.5, so that a server whose layers stand far apart could stay just above it for ever, with
 * an estimate that may not grow beyond 1.5 of what it sends.
 */
final class ApplicationLimit {
    private static final double USAGE = 0.8;
    private static final double WINDOW_SECONDS = 0.5;
    private static final double BEGIN = 0.8;
    private static final double END = 0.5;
    private static final double NANOS_PER_SECOND = 1e9;

    private boolean started;
    private long lastNow;
    private double budgetBytes;
    private boolean limited;

    /** Sent bytes may be 0, to let time pass. */
    void onSent(long now, int bytes, long estimateBps) {
        if (!started) {
            started = true;
            lastNow = now;
        }
        double bytesPerSecond = estimateBps * USAGE / 8;
        double most = bytesPerSecond * WINDOW_SECONDS;
        double earned = (now - lastNow) / NANOS_PER_SECOND * bytesPerSecond;
        lastNow = now;
        budgetBytes = Math.clamp(Math.min(budgetBytes + earned, most) - bytes, -most, most);
        if (limited) {
            limited = budgetBytes > END * most;
        } else {
            limited = budgetBytes > BEGIN * most;
        }
    }

    boolean limited() {
        return limited;
    }
}
