package dev.weir.bwe;

/**
 * Tells from the delays of packet groups whether a queue grows on the path: the slope of a line through the smoothed
 * delay, against a threshold that adapts.
 *
 * <p>The adaptive threshold is that of Carlucci, De Cicco, Holmer and Mascolo, "Analysis and Design of the Google
 * Congestion Control for WebRTC" (MMSys 2016) and draft-ietf-rmcat-gcc-02 section 5.4: with a fixed one, a flow starves
 * beside loss-based TCP. The line in the place of the draft's Kalman filter is how libwebrtc has done it since 2016;
 * window, gain and smoothing are its values.
 */
final class OveruseDetector {
    private static final int WINDOW = 20;
    private static final double SMOOTHING = 0.9;

    /** Brings a slope (ms of delay per ms) into the threshold's unit. */
    private static final double GAIN = 4;

    private static final int MAX_GROUPS = 60;

    private static final double FIRST_THRESHOLD = 12.5;
    private static final double LEAST_THRESHOLD = 6;

    /** While others keep a queue standing: their ramps, of some 2 % in 2 Mbps, are no reason to give way. */
    private static final double LEAST_THRESHOLD_PATIENT = 20;

    private static final double HIGHEST_THRESHOLD = 600;
    private static final double THRESHOLD_UP = 0.0087;
    private static final double THRESHOLD_DOWN = 0.039;

    /** A leap further above the threshold than this, as of a changed route, does not move it. */
    private static final double MAX_ADAPT_OFFSET = 15;

    private static final double MAX_ADAPT_MILLIS = 100;

    /** How long the slope has to stay above the threshold. */
    private static final double OVERUSE_MILLIS = 10;

    private final double[] arrivals = new double[WINDOW];
    private final double[] delays = new double[WINDOW];
    private final double[] rawDelays = new double[WINDOW];

    /** How many of its standard errors a slope has to be: jitter makes slopes too. */
    private static final double STANDARD_ERRORS = 2;

    private final StandingQueue standingQueue = new StandingQueue();

    private boolean patient;
    private int groups;
    private double firstArrival;
    private double delay;
    private double smoothedDelay;

    private double threshold = FIRST_THRESHOLD;
    private double lastArrival;
    private double previousTrend;
    private double overuseMillis;
    private int overuseGroups;
    private Usage usage = Usage.NORMAL;

    Usage usage() {
        return usage;
    }

    /** Whether the queue has not been empty for seconds. */
    boolean queueStands() {
        return standingQueue.stands();
    }

    /** Whether only a steep rise counts, since this flow has given way enough. */
    void patient(boolean yes) {
        patient = yes;
    }

    /** In milliseconds: when the group came, how much longer it took than the last one, and how long after it was sent. */
    void onGroup(double arrival, double delayDelta, double sentDelta) {
        if (groups == 0) {
            firstArrival = arrival;
            lastArrival = arrival;
        }
        delay += delayDelta;
        standingQueue.onDelay(arrival, delay);
        smoothedDelay = SMOOTHING * smoothedDelay + (1 - SMOOTHING) * delay;
        int slot = groups++ % WINDOW;
        arrivals[slot] = arrival - firstArrival;
        delays[slot] = smoothedDelay;
        rawDelays[slot] = delay;
        double trend = groups < WINDOW ? previousTrend : slope();
        detect(trend, sentDelta);
        adapt(modified(trend), arrival);
    }

    void reset() {
        groups = 0;
        standingQueue.reset();
        delay = 0;
        smoothedDelay = 0;
        previousTrend = 0;
        overuseMillis = 0;
        overuseGroups = 0;
        usage = Usage.NORMAL;
    }

    /** Least squares. */
    private double slope() {
        double meanArrival = mean(arrivals);
        double meanDelay = mean(delays);
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < WINDOW; i++) {
            double distance = arrivals[i] - meanArrival;
            covariance += distance * (delays[i] - meanDelay);
            variance += distance * distance;
        }
        return variance == 0 ? previousTrend : covariance / variance;
    }

    /** Whether the slope of the delays as they are is more than what their scatter around it lets expect by chance. */
    private boolean beyondNoise() {
        double meanArrival = mean(arrivals);
        double meanDelay = mean(rawDelays);
        double covariance = 0;
        double variance = 0;
        double delayVariance = 0;
        for (int i = 0; i < WINDOW; i++) {
            double distance = arrivals[i] - meanArrival;
            double delayDistance = rawDelays[i] - meanDelay;
            covariance += distance * delayDistance;
            variance += distance * distance;
            delayVariance += delayDistance * delayDistance;
        }
        double residual = Math.max(0, delayVariance - covariance * covariance / variance) / (WINDOW - 2);
        return covariance / variance > STANDARD_ERRORS * Math.sqrt(residual / variance);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private double modified(double trend) {
        return Math.min(groups, MAX_GROUPS) * trend * GAIN;
    }

    private void detect(double trend, double sentDelta) {
        double modified = modified(trend);
        if (modified > threshold) {
            // Half of the first interval: the slope passed the threshold somewhere inside it.
            overuseMillis += overuseGroups == 0 ? sentDelta / 2 : sentDelta;
            overuseGroups++;
            if (overuseMillis > OVERUSE_MILLIS && overuseGroups > 1 && trend >= previousTrend && beyondNoise()) {
                overuseMillis = 0;
                overuseGroups = 0;
                usage = Usage.OVERUSE;
            }
        } else {
            overuseMillis = 0;
            overuseGroups = 0;
            usage = modified < -threshold ? Usage.UNDERUSE : Usage.NORMAL;
        }
        previousTrend = trend;
    }

    private void adapt(double modified, double arrival) {
        double magnitude = Math.abs(modified);
        double elapsed = Math.clamp(arrival - lastArrival, 0, MAX_ADAPT_MILLIS);
        lastArrival = arrival;
        if (magnitude > threshold + MAX_ADAPT_OFFSET) {
            return;
        }
        double gain = magnitude < threshold ? THRESHOLD_DOWN : THRESHOLD_UP;
        double least = patient ? LEAST_THRESHOLD_PATIENT : LEAST_THRESHOLD;
        threshold = Math.clamp(threshold + gain * (magnitude - threshold) * elapsed, least, HIGHEST_THRESHOLD);
    }
}
