package dev.weir.branch;

import dev.weir.signal.HttpUse;
import dev.weir.signal.LeaveReason;
import java.util.Optional;

/**
 * How a participant without a socket is there: while his media connection lives and his token is good (RFC 9725 section
 * 4.2: consent and DTLS say when a client is gone that did not say so).
 */
final class MediaPresence {
    /** From the session's begin to its first packet: as long as a client may take who gathers candidates first. */
    static final long CONNECT_WITHIN_NANOS = 30_000_000_000L;

    /** A publisher sends all the time: silent this long he is lost, as is one whose socket is gone. */
    static final long PUBLISHER_LOST_NANOS = Absence.LOST_AFTER_NANOS;

    /** A player may have nothing to say but ICE checks, up to 6 s apart (RFC 7675 section 5.1), of which one is lost. */
    static final long PLAYER_LOST_NANOS = 13_000_000_000L;

    /** A publisher's silence is told to others after this. */
    static final long TELL_AFTER_NANOS = 2_500_000_000L;

    private final HttpUse use;
    private final Optional<Focus> focus;
    private final long since;
    private final long expiry;
    private boolean lost;
    private Optional<LeaveReason> ended = Optional.empty();

    /**
     * @param focus what a player is shown; empty for a publisher
     * @param expiry when his token ends; {@link Long#MAX_VALUE}: never
     */
    MediaPresence(long now, HttpUse use, Optional<Focus> focus, long expiry) {
        this.use = use;
        this.focus = focus;
        this.since = now;
        this.expiry = expiry;
    }

    HttpUse use() {
        return use;
    }

    Optional<Focus> focus() {
        return focus;
    }

    /** His connection is over. */
    void ended(boolean wasConnected) {
        ended = Optional.of(wasConnected ? LeaveReason.LEFT : LeaveReason.LOST);
    }

    /**
     * Whether he is gone, and why.
     *
     * @param lastHeard when something authenticated came
     */
    Optional<LeaveReason> departure(long now, boolean connected, boolean publishes, long lastHeard) {
        if (now >= expiry) {
            return Optional.of(LeaveReason.EXPIRED);
        }
        if (ended.isPresent()) {
            return ended;
        }
        boolean gone = connected
                ? now - lastHeard >= (publishes ? PUBLISHER_LOST_NANOS : PLAYER_LOST_NANOS)
                : now - since >= CONNECT_WITHIN_NANOS;
        return gone ? Optional.of(LeaveReason.LOST) : Optional.empty();
    }

    /** Whether it is to be told, now and once, that his connection is lost, or is back: present when it changed. */
    Optional<Boolean> takeLost(long now, boolean publishes, long lastHeard) {
        boolean silent = publishes && now - lastHeard >= TELL_AFTER_NANOS;
        if (silent == lost) {
            return Optional.empty();
        }
        lost = silent;
        return Optional.of(lost);
    }
}
