package dev.weir.branch;

import dev.weir.signal.LeaveReason;
import java.util.Optional;

/** The time that a participant's socket is gone, and what that comes to mean (PROTOCOL, "Leaving abruptly"). */
final class Absence {
    /** A socket that closed properly and media that is silent this long: he has left. */
    static final long LEFT_AFTER_NANOS = 2_000_000_000L;

    /** A socket that broke and media that is silent this long: he is lost. */
    static final long LOST_AFTER_NANOS = 8_000_000_000L;

    /** How long he may come back with his resume token, and how long media alone keeps him in. */
    static final long RESUME_NANOS = 30_000_000_000L;

    /** A broken socket is told to others after this: most come back at once. */
    static final long TELL_AFTER_NANOS = 1_000_000_000L;

    private boolean gone;
    private boolean properly;
    private boolean told;
    private long since;

    /** @param closed properly: by the client, with 1000 or 1001 */
    void begin(long now, boolean closed) {
        gone = true;
        properly = closed;
        since = now;
        told = false;
    }

    void end() {
        gone = false;
    }

    /** Whether there is no socket now. */
    boolean lasts() {
        return gone;
    }

    /** @param lastMedia when an authenticated packet last came, or when the socket went if there never was media */
    Optional<LeaveReason> departure(long now, long lastMedia) {
        if (!gone) {
            return Optional.empty();
        }
        long silence = now - lastMedia;
        if (properly && silence >= LEFT_AFTER_NANOS) {
            return Optional.of(LeaveReason.LEFT);
        }
        boolean lost = silence >= LOST_AFTER_NANOS && now - since >= LOST_AFTER_NANOS;
        if (lost || now - since >= RESUME_NANOS) {
            return Optional.of(properly ? LeaveReason.LEFT : LeaveReason.LOST);
        }
        return Optional.empty();
    }

    /** Whether others are to be told, now and once, that his connection is lost. */
    boolean takeLost(long now) {
        if (!gone || told || now - since < (properly ? LEFT_AFTER_NANOS : TELL_AFTER_NANOS)) {
            return false;
        }
        told = true;
        return true;
    }

    /** Whether it is too late to come back. */
    boolean over(long now) {
        return !gone || now - since >= RESUME_NANOS;
    }
}
