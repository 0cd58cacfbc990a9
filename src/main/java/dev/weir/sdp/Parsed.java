package dev.weir.sdp;

/** What came of reading a text: a description, or what was wrong with it. */
sealed interface Parsed permits SessionDescription, Parsed.Malformed {
    /** @param sentence for the client's developer; names the line or the limit */
    record Malformed(String sentence) implements Parsed {}
}
