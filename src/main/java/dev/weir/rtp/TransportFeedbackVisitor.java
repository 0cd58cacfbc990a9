package dev.weir.rtp;

/** Is told what {@link TransportFeedback#parse} finds, once the whole packet has been found well formed. */
public interface TransportFeedbackVisitor {
    /**
     * Comes first.
     *
     * @param mediaSsrc a stream of the transport; which one means nothing
     * @param feedbackCount 0..255, one more with each feedback packet
     * @param baseSequence the first packet's transport-wide number, 0..65535
     * @param packetCount 1..65535, how often {@link #packet} follows
     * @param referenceTime in units of 64 ms, 24 bits with sign; wraps after 12.4 days
     */
    default void feedback(int mediaSsrc, int feedbackCount, int baseSequence, int packetCount, int referenceTime) {}

    /**
     * One packet, in the order of the numbers.
     *
     * @param sequence 0..65535
     * @param arrivalMicros by the receiver's clock, the reference time included; may be negative; 0 where not received
     */
    void packet(int sequence, boolean received, long arrivalMicros);
}
