package dev.weir.srtp;

/** What became of a protected packet that came in. All but {@link #OK} leave it and every state as they were. */
public enum SrtpResult {
    /** Authentic, new, and now in the clear. */
    OK,
    /** No room for header and tag. */
    TOO_SHORT,
    /** Its index was accepted before. */
    REPLAYED,
    /** Its index lies before the replay window, so that nobody knows. */
    TOO_OLD,
    /** The authentication tag is not that of the packet, or it is an SRTCP packet that was not encrypted. */
    FORGED,
    /** From an SSRC not seen before, when {@link SrtpUnprotector#MAX_STREAMS} are known. */
    TOO_MANY_STREAMS
}
