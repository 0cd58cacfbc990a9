package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Appends RTCP packets to a borrowed buffer at its writer index; several in a row are a compound. SSRCs are all 32
 * bits; counters, timestamps and sequence numbers are cut to the bits they have on the wire.
 */
public final class RtcpWriter {
    /** The most blocks one report can have; the count has five bits. */
    public static final int MAX_REPORT_BLOCKS = 31;

    private static final int NACK_MASK_BITS = 16;
    private static final int CNAME = 1;
    private static final int MAX_CNAME_BYTES = 255;
    private static final int DLRR_WORDS = 3;

    private RtcpWriter() {}

    /**
     * A sender report (RFC 3550 section 6.4.1) without blocks; {@code ntp} as in {@link NtpTime}. Returns where it
     * begins, for {@link #reportBlock}.
     */
    public static int senderReport(ByteBuf out, int ssrc, long ntp, long rtpTimestamp, long packets, long octets) {
        int start = begin(out, 0, Rtcp.SENDER_REPORT);
        out.writeInt(ssrc);
        out.writeLong(ntp);
        out.writeInt((int) rtpTimestamp);
        out.writeInt((int) packets);
        out.writeInt((int) octets);
        end(out, start);
        return start;
    }

    /** A receiver report (RFC 3550 section 6.4.2) without blocks. Returns where it begins, for {@link #reportBlock}. */
    public static int receiverReport(ByteBuf out, int ssrc) {
        int start = begin(out, 0, Rtcp.RECEIVER_REPORT);
        out.writeInt(ssrc);
        end(out, start);
        return start;
    }

    /**
     * Adds a block to the report that begins at {@code report} and is the last thing written. False, with nothing
     * added, if the report has {@link #MAX_REPORT_BLOCKS} already.
     *
     * @param fractionLost in 1/256, 0..255
     * @param cumulativeLost what 24 bits with sign cannot hold becomes the nearest that they can
     * @param highestSequence extended to 32 bits
     * @param jitter in ticks of the source's clock
     * @param lastSr the compact time of the last sender report, 0 for none
     * @param delaySinceLastSr in 1/65,536 s
     */
    public static boolean reportBlock(
            ByteBuf out,
            int report,
            int mediaSsrc,
            int fractionLost,
            long cumulativeLost,
            long highestSequence,
            long jitter,
            long lastSr,
            long delaySinceLastSr) {
        if ((out.getByte(report) & Rtcp.COUNT_MASK) == MAX_REPORT_BLOCKS) {
            return false;
        }
        out.setByte(report, out.getByte(report) + 1);
        out.writeInt(mediaSsrc);
        out.writeByte(fractionLost);
        out.writeMedium(Math.clamp(cumulativeLost, -0x80_0000, 0x7F_FFFF));
        out.writeInt((int) highestSequence);
        out.writeInt((int) jitter);
        out.writeInt((int) lastSr);
        out.writeInt((int) delaySinceLastSr);
        end(out, report);
        return true;
    }

    /** A source description with the canonical name alone (RFC 3550 section 6.5.1), at most 255 bytes of UTF-8. */
    public static void sourceDescription(ByteBuf out, int ssrc, byte[] cname) {
        if (cname.length > MAX_CNAME_BYTES) {
            throw new IllegalArgumentException("cname of " + cname.length + " bytes");
        }
        int start = begin(out, 1, Rtcp.SOURCE_DESCRIPTION);
        out.writeInt(ssrc);
        out.writeByte(CNAME);
        out.writeByte(cname.length);
        out.writeBytes(cname);
        // One to four zeros: the end of the list, and filling up to the word.
        out.writeZero(4 - (out.writerIndex() - start & 3));
        end(out, start);
    }

    /**
     * A generic NACK (RFC 4585 section 6.2.1) for the first {@code count} of {@code sequences}, unwrapped and
     * ascending. Writes nothing if there are none.
     */
    public static void nack(ByteBuf out, int senderSsrc, int mediaSsrc, long[] sequences, int count) {
        if (count == 0) {
            return;
        }
        int start = feedback(out, Rtcp.FORMAT_NACK, Rtcp.TRANSPORT_SPECIFIC_FEEDBACK, senderSsrc, mediaSsrc);
        int next = 0;
        while (next < count) {
            long first = sequences[next++];
            int mask = 0;
            while (next < count && sequences[next] - first <= NACK_MASK_BITS) {
                // The number itself once more adds nothing.
                long bit = sequences[next++] - first - 1;
                mask |= bit >= 0 ? 1 << bit : 0;
            }
            out.writeShort((int) first);
            out.writeShort(mask);
        }
        end(out, start);
    }

    /** A picture loss indication (RFC 4585 section 6.3.1). */
    public static void pli(ByteBuf out, int senderSsrc, int mediaSsrc) {
        end(out, feedback(out, Rtcp.FORMAT_PLI, Rtcp.PAYLOAD_SPECIFIC_FEEDBACK, senderSsrc, mediaSsrc));
    }

    /**
     * A full intra request (RFC 5104 section 4.3.1); a repeat of one bears its number, a new one the next, modulo 256.
     */
    public static void fir(ByteBuf out, int senderSsrc, int mediaSsrc, int commandSequence) {
        int start = feedback(out, Rtcp.FORMAT_FIR, Rtcp.PAYLOAD_SPECIFIC_FEEDBACK, senderSsrc, 0);
        out.writeInt(mediaSsrc);
        out.writeByte(commandSequence);
        out.writeMedium(0);
        end(out, start);
    }

    /**
     * A receiver's estimate (draft-alvestrand-rmcat-remb-03) over the first {@code count} (0..255) of {@code ssrcs}.
     * {@code bitrateBps} is not negative, and is rounded down to 18 significant bits.
     */
    public static void remb(ByteBuf out, int senderSsrc, long bitrateBps, int[] ssrcs, int count) {
        int start = feedback(out, Rtcp.FORMAT_APPLICATION, Rtcp.PAYLOAD_SPECIFIC_FEEDBACK, senderSsrc, 0);
        int exponent = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(bitrateBps) - Rtcp.REMB_MANTISSA_BITS);
        out.writeInt(Rtcp.REMB);
        out.writeByte(count);
        out.writeMedium(exponent << Rtcp.REMB_MANTISSA_BITS | (int) (bitrateBps >>> exponent));
        for (int i = 0; i < count; i++) {
            out.writeInt(ssrcs[i]);
        }
        end(out, start);
    }

    /** The end of a source (RFC 3550 section 6.6). */
    public static void bye(ByteBuf out, int ssrc) {
        int start = begin(out, 1, Rtcp.BYE);
        out.writeInt(ssrc);
        end(out, start);
    }

    /**
     * An extended report that echoes a receiver's time (DLRR, RFC 3611 section 4.5).
     *
     * @param receiverSsrc who sent the reference time
     * @param lastRr the compact form of that time
     * @param delaySinceLastRr in 1/65,536 s
     */
    public static void dlrr(ByteBuf out, int senderSsrc, int receiverSsrc, long lastRr, long delaySinceLastRr) {
        int start = begin(out, 0, Rtcp.EXTENDED_REPORT);
        out.writeInt(senderSsrc);
        out.writeByte(Rtcp.BLOCK_DLRR);
        out.writeByte(0);
        out.writeShort(DLRR_WORDS);
        out.writeInt(receiverSsrc);
        out.writeInt((int) lastRr);
        out.writeInt((int) delaySinceLastRr);
        end(out, start);
    }

    static int feedback(ByteBuf out, int format, int type, int senderSsrc, int mediaSsrc) {
        int start = begin(out, format, type);
        out.writeInt(senderSsrc);
        out.writeInt(mediaSsrc);
        return start;
    }

    static int begin(ByteBuf out, int count, int type) {
        int start = out.writerIndex();
        out.writeByte(RtpView.VERSION << 6 | count);
        out.writeByte(type);
        out.writeShort(0);
        return start;
    }

    /** Sets the length of the packet that begins at {@code start}; it ends at the writer index. */
    static void end(ByteBuf out, int start) {
        out.setShort(start + 2, (out.writerIndex() - start) / Integer.BYTES - 1);
    }
}
