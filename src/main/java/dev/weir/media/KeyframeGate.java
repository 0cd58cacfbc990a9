package dev.weir.media;

/**
 * The one door for keyframe requests to a source, so that many viewers cost the publisher no more than one: after a
 * second of quiet a request passes at once, else when that second is over. A request whose keyframe does not come is
 * repeated.
 */
final class KeyframeGate {
    static final long MIN_INTERVAL_NANOS = TimeBase.SECOND;

    private boolean wanted;
    private long lastRequest = -MIN_INTERVAL_NANOS;

    void want() {
        wanted = true;
    }

    void onKeyframe() {
        wanted = false;
    }

    long nextTimeout() {
        return wanted ? lastRequest + MIN_INTERVAL_NANOS : Long.MAX_VALUE;
    }

    /** Whether a request is to go out now; it stays wanted until the keyframe is there. */
    boolean pass(long now) {
        if (!wanted || now < lastRequest + MIN_INTERVAL_NANOS) {
            return false;
        }
        lastRequest = now;
        return true;
    }
}
