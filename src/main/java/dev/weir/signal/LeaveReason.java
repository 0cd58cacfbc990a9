package dev.weir.signal;

import java.util.Locale;

/** Why a participant is no longer in the room. */
public enum LeaveReason {
    LEFT,
    LOST,
    REMOVED,
    ENDED,
    EXPIRED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
