package dev.weir.sdp;

import java.util.Locale;

/** Which way media or a header extension goes, as seen by the description's author (RFC 8866 section 6.7). */
enum Direction {
    SENDRECV(true, true),
    SENDONLY(true, false),
    RECVONLY(false, true),
    INACTIVE(false, false);

    private final boolean sends;
    private final boolean receives;

    Direction(boolean sends, boolean receives) {
        this.sends = sends;
        this.receives = receives;
    }

    /** The direction of that name, or null if there is none; names are in lower case. */
    static Direction named(String name) {
        return switch (name) {
            case "sendrecv" -> SENDRECV;
            case "sendonly" -> SENDONLY;
            case "recvonly" -> RECVONLY;
            case "inactive" -> INACTIVE;
            default -> null;
        };
    }

    boolean sends() {
        return sends;
    }

    boolean receives() {
        return receives;
    }

    /** The same as the other side sees it. */
    Direction mirrored() {
        return switch (this) {
            case SENDONLY -> RECVONLY;
            case RECVONLY -> SENDONLY;
            case SENDRECV, INACTIVE -> this;
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
