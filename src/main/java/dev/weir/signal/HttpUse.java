package dev.weir.signal;

/** What a session without a socket is for. */
public enum HttpUse {
    /** Publishing by WHIP (RFC 9725). */
    WHIP,
    /** Watching by WHEP (draft-ietf-wish-whep). */
    WHEP
}
