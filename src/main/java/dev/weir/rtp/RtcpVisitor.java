package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Is told what {@link RtcpParser} finds, in the order of the packet. An SSRC is all 32 bits, as an int that may be
 * negative.
 */
public interface RtcpVisitor {
    /** A sender report (RFC 3550 section 6.4.1): {@code ntp} as in {@link NtpTime}, the others 0..2^32-1. */
    default void senderReport(int ssrc, long ntp, long rtpTimestamp, long packets, long octets) {}

    /**
     * A block of a sender or receiver report (RFC 3550 section 6.4.1).
     *
     * @param fractionLost in 1/256, 0..255
     * @param cumulativeLost 24 bits with sign: duplicates can make it negative
     * @param highestSequence extended to 32 bits
     * @param jitter in ticks of the source's clock
     * @param lastSr the compact time of the last sender report, 0 for none
     * @param delaySinceLastSr in 1/65,536 s
     */
    default void reportBlock(
            int reporterSsrc,
            int mediaSsrc,
            int fractionLost,
            int cumulativeLost,
            long highestSequence,
            long jitter,
            long lastSr,
            long delaySinceLastSr) {}

    /** One lost packet of a generic NACK (RFC 4585 section 6.2.1), 0..65535. */
    default void nack(int senderSsrc, int mediaSsrc, int sequence) {}

    /** A picture loss indication (RFC 4585 section 6.3.1). */
    default void pli(int mediaSsrc) {}

    /** One entry of a full intra request (RFC 5104 section 4.3.1); repeats bear the same number, 0..255. */
    default void fir(int mediaSsrc, int commandSequence) {}

    /** A receiver's estimate of what its path carries (draft-alvestrand-rmcat-remb-03); never negative. */
    default void remb(long bitrateBps) {}

    /**
     * A transport-wide feedback packet for {@link TransportFeedback#parse}, not yet looked into.
     *
     * @param offset where its RTCP header begins in {@code packet}, which is borrowed
     * @param bytes its size with header, without padding
     */
    default void transportFeedback(ByteBuf packet, int offset, int bytes) {}

    /** A source that has ended (RFC 3550 section 6.6). */
    default void bye(int ssrc) {}

    /** A receiver's own time (RFC 3611 section 4.4), to be echoed with {@link RtcpWriter#dlrr}. */
    default void receiverReferenceTime(int ssrc, long ntp) {}
}
