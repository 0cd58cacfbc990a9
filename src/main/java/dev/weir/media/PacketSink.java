package dev.weir.media;

/** Where forwarded packets go: a peer or a relay link. */
public interface PacketSink {

    /**
     * Sends a packet now, or drops and counts it when there is no path yet.
     *
     * @param now nanoseconds since the shard started
     * @param packet borrowed, and so is its payload: both are another packet's after the call
     */
    void sendRtp(long now, OutgoingRtp packet);

    /** What waits to be sent again of this slot does not matter any more. */
    default void forgetRepairs(SendStream stream) {}

    /** A packet was not made, since the slot does not take its codec: for whoever counts drops. */
    default void undecodable() {}
}
