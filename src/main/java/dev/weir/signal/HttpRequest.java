package dev.weir.signal;

/** What a WHIP or WHEP client asks of its session (RFC 9725 sections 4.2 and 4.3). */
public sealed interface HttpRequest {
    /** The condition that any ICE session fulfils. */
    String ANY_ICE = "*";

    /**
     * Tells the client's ICE credentials: new ones restart ICE, the known ones come with candidates, which a server
     * that is ICE-lite has no use for.
     *
     * @param condition the user fragment of ours that the client knows, or {@link #ANY_ICE}
     */
    record Ice(String condition, String ufrag, String pwd) implements HttpRequest {}

    record Leave() implements HttpRequest {}
}
