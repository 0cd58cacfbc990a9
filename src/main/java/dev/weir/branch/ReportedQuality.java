package dev.weir.branch;

import dev.weir.media.DecodeLimits;
import dev.weir.signal.Capabilities;
import dev.weir.signal.Request;

/** What a session's browser last said of its own call. */
final class ReportedQuality {
    /** More often it is refused: a browser's own figures move no faster. */
    static final long MIN_INTERVAL_NANOS = 1_000_000_000L;

    private Request.Quality last = Request.Quality.UNKNOWN;
    private long takenAt = -MIN_INTERVAL_NANOS;

    /** @return false when it comes too soon after the one before, and is not taken */
    boolean take(long now, Request.Quality quality) {
        if (now - takenAt < MIN_INTERVAL_NANOS) {
            return false;
        }
        takenAt = now;
        last = quality;
        return true;
    }

    /** Whether it does not keep up with what it encodes and decodes. */
    boolean cpuLimited() {
        return last.cpuLimited();
    }

    /** What his device can decode now. @param most as he said when he joined */
    DecodeLimits limits(Capabilities.MaxDecode most) {
        return new DecodeLimits(
                most.height() == 0 ? Integer.MAX_VALUE : most.height(),
                most.streams() == 0 ? Integer.MAX_VALUE : most.streams(),
                cpuLimited());
    }

    Request.Quality last() {
        return last;
    }
}
