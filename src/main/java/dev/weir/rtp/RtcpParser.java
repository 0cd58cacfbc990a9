package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Reads compound RTCP packets (RFC 3550 section 6.1), reduced-size ones too (RFC 5506). Types and formats that it does
 * not know are stepped over, as the RFC wants.
 */
public final class RtcpParser {
    private static final int FIR_ENTRY_BYTES = 8;
    private static final int NACK_ENTRY_BYTES = 4;
    private static final int REMB_BYTES = 8;
    private static final int BLOCK_HEADER_BYTES = 4;

    private RtcpParser() {}

    /**
     * Tells the visitor what stands between the reader and the writer index, which both stay. False means that some
     * part was malformed: reading stops there, and what came before has been told.
     */
    public static boolean parse(ByteBuf compound, RtcpVisitor visitor) {
        int end = compound.writerIndex();
        int offset = compound.readerIndex();
        if (offset == end) {
            return false;
        }
        while (offset < end) {
            if (end - offset < Rtcp.HEADER_BYTES || compound.getUnsignedByte(offset) >>> 6 != RtpView.VERSION) {
                return false;
            }
            int bytes = (compound.getUnsignedShort(offset + 2) + 1) * Integer.BYTES;
            if (bytes > end - offset || !packet(compound, offset, bytes, visitor)) {
                return false;
            }
            offset += bytes;
        }
        return true;
    }

    private static boolean packet(ByteBuf in, int offset, int bytesWithPadding, RtcpVisitor visitor) {
        int bytes = bytesWithPadding;
        if ((in.getByte(offset) & RtpView.PADDING_BIT) != 0) {
            int padding = in.getUnsignedByte(offset + bytes - 1);
            bytes -= padding;
            if (padding == 0 || bytes < Rtcp.HEADER_BYTES) {
                return false;
            }
        }
        int count = in.getByte(offset) & Rtcp.COUNT_MASK;
        return switch (in.getUnsignedByte(offset + 1)) {
            case Rtcp.SENDER_REPORT -> senderReport(in, offset, bytes, count, visitor);
            case Rtcp.RECEIVER_REPORT -> reportBlocks(in, offset, Rtcp.RECEIVER_REPORT_BYTES, bytes, count, visitor);
            case Rtcp.BYE -> bye(in, offset, bytes, count, visitor);
            case Rtcp.TRANSPORT_SPECIFIC_FEEDBACK -> transportSpecific(in, offset, bytes, count, visitor);
            case Rtcp.PAYLOAD_SPECIFIC_FEEDBACK -> payloadSpecific(in, offset, bytes, count, visitor);
            case Rtcp.EXTENDED_REPORT -> extendedReport(in, offset, bytes, visitor);
            default -> true;
        };
    }

    private static boolean senderReport(ByteBuf in, int offset, int bytes, int count, RtcpVisitor visitor) {
        if (bytes < Rtcp.SENDER_REPORT_BYTES) {
            return false;
        }
        visitor.senderReport(
                in.getInt(offset + Rtcp.SENDER_SSRC),
                in.getLong(offset + 8),
                in.getUnsignedInt(offset + 16),
                in.getUnsignedInt(offset + 20),
                in.getUnsignedInt(offset + 24));
        return reportBlocks(in, offset, Rtcp.SENDER_REPORT_BYTES, bytes, count, visitor);
    }

    private static boolean reportBlocks(
            ByteBuf in, int offset, int headBytes, int bytes, int count, RtcpVisitor visitor) {
        if (bytes < headBytes + count * Rtcp.REPORT_BLOCK_BYTES) {
            return false;
        }
        int reporter = in.getInt(offset + Rtcp.SENDER_SSRC);
        for (int i = 0; i < count; i++) {
            int block = offset + headBytes + i * Rtcp.REPORT_BLOCK_BYTES;
            visitor.reportBlock(
                    reporter,
                    in.getInt(block),
                    in.getUnsignedByte(block + 4),
                    in.getMedium(block + 5),
                    in.getUnsignedInt(block + 8),
                    in.getUnsignedInt(block + 12),
                    in.getUnsignedInt(block + 16),
                    in.getUnsignedInt(block + 20));
        }
        return true;
    }

    private static boolean bye(ByteBuf in, int offset, int bytes, int count, RtcpVisitor visitor) {
        if (bytes < Rtcp.HEADER_BYTES + count * Integer.BYTES) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            visitor.bye(in.getInt(offset + Rtcp.HEADER_BYTES + i * Integer.BYTES));
        }
        return true;
    }

    private static boolean transportSpecific(ByteBuf in, int offset, int bytes, int format, RtcpVisitor visitor) {
        if (bytes < Rtcp.FEEDBACK_HEADER_BYTES) {
            return false;
        }
        switch (format) {
            case Rtcp.FORMAT_NACK -> nacks(in, offset, bytes, visitor);
            case Rtcp.FORMAT_TRANSPORT_CC -> visitor.transportFeedback(in, offset, bytes);
            default -> {}
        }
        return true;
    }

    /** Each entry is a lost packet (PID) and a mask of those lost among the 16 after it (BLP), lowest bit first. */
    private static void nacks(ByteBuf in, int offset, int bytes, RtcpVisitor visitor) {
        int sender = in.getInt(offset + Rtcp.SENDER_SSRC);
        int media = in.getInt(offset + Rtcp.MEDIA_SSRC);
        int last = offset + bytes - NACK_ENTRY_BYTES;
        for (int entry = offset + Rtcp.FEEDBACK_HEADER_BYTES; entry <= last; entry += NACK_ENTRY_BYTES) {
            int sequence = in.getUnsignedShort(entry);
            visitor.nack(sender, media, sequence);
            for (int mask = in.getUnsignedShort(entry + 2); mask != 0; mask &= mask - 1) {
                visitor.nack(sender, media, sequence + 1 + Integer.numberOfTrailingZeros(mask) & 0xFFFF);
            }
        }
    }

    private static boolean payloadSpecific(ByteBuf in, int offset, int bytes, int format, RtcpVisitor visitor) {
        if (bytes < Rtcp.FEEDBACK_HEADER_BYTES) {
            return false;
        }
        switch (format) {
            case Rtcp.FORMAT_PLI -> visitor.pli(in.getInt(offset + Rtcp.MEDIA_SSRC));
            case Rtcp.FORMAT_FIR -> firs(in, offset, bytes, visitor);
            case Rtcp.FORMAT_APPLICATION -> {
                return application(in, offset, bytes, visitor);
            }
            default -> {}
        }
        return true;
    }

    private static void firs(ByteBuf in, int offset, int bytes, RtcpVisitor visitor) {
        int last = offset + bytes - FIR_ENTRY_BYTES;
        for (int entry = offset + Rtcp.FEEDBACK_HEADER_BYTES; entry <= last; entry += FIR_ENTRY_BYTES) {
            visitor.fir(in.getInt(entry), in.getUnsignedByte(entry + 4));
        }
    }

    private static boolean application(ByteBuf in, int offset, int bytes, RtcpVisitor visitor) {
        int body = offset + Rtcp.FEEDBACK_HEADER_BYTES;
        int bodyBytes = bytes - Rtcp.FEEDBACK_HEADER_BYTES;
        if (bodyBytes < Integer.BYTES || in.getInt(body) != Rtcp.REMB) {
            return true;
        }
        if (bodyBytes < REMB_BYTES) {
            return false;
        }
        int exponent = in.getUnsignedByte(body + 5) >>> 2;
        long mantissa = in.getUnsignedMedium(body + 5) & (1 << Rtcp.REMB_MANTISSA_BITS) - 1;
        // What a long cannot hold is no bound at all.
        boolean fits = mantissa == 0 || exponent < Long.numberOfLeadingZeros(mantissa);
        visitor.remb(mantissa == 0 ? 0 : fits ? mantissa << exponent : Long.MAX_VALUE);
        return true;
    }

    private static boolean extendedReport(ByteBuf in, int offset, int bytes, RtcpVisitor visitor) {
        int end = offset + bytes;
        int block = offset + Rtcp.RECEIVER_REPORT_BYTES;
        while (end - block >= BLOCK_HEADER_BYTES) {
            int blockBytes = BLOCK_HEADER_BYTES + in.getUnsignedShort(block + 2) * Integer.BYTES;
            if (blockBytes > end - block) {
                return false;
            }
            boolean reference = in.getUnsignedByte(block) == Rtcp.BLOCK_RECEIVER_REFERENCE_TIME;
            if (reference && blockBytes >= BLOCK_HEADER_BYTES + Long.BYTES) {
                visitor.receiverReferenceTime(
                        in.getInt(offset + Rtcp.SENDER_SSRC), in.getLong(block + BLOCK_HEADER_BYTES));
            }
            block += blockBytes;
        }
        return bytes >= Rtcp.RECEIVER_REPORT_BYTES;
    }
}
