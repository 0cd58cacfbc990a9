package dev.weir.rtp;

/**
 * The common header of RTCP packets (RFC 3550 section 6.4.1), and their types and formats.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P| count/format |  packet type  |   length in words, less 1  |
 * |                     SSRC of the packet's sender                 |
 * |              feedback only: SSRC of the media                   |
 * </pre>
 */
final class Rtcp {
    static final int HEADER_BYTES = 4;
    static final int SENDER_SSRC = 4;
    static final int MEDIA_SSRC = 8;
    static final int FEEDBACK_HEADER_BYTES = 12;
    static final int SENDER_REPORT_BYTES = 28;
    static final int RECEIVER_REPORT_BYTES = 8;
    static final int REPORT_BLOCK_BYTES = 24;
    static final int COUNT_MASK = 0x1F;

    static final int SENDER_REPORT = 200;
    static final int RECEIVER_REPORT = 201;
    static final int SOURCE_DESCRIPTION = 202;
    static final int BYE = 203;
    static final int TRANSPORT_SPECIFIC_FEEDBACK = 205;
    static final int PAYLOAD_SPECIFIC_FEEDBACK = 206;
    static final int EXTENDED_REPORT = 207;

    static final int FORMAT_NACK = 1;
    static final int FORMAT_TRANSPORT_CC = 15;
    static final int FORMAT_PLI = 1;
    static final int FORMAT_FIR = 4;
    static final int FORMAT_APPLICATION = 15;

    /** The four letters that tell REMB from other application-layer feedback. */
    static final int REMB = 'R' << 24 | 'E' << 16 | 'M' << 8 | 'B';

    static final int REMB_MANTISSA_BITS = 18;

    /** Block types of extended reports, RFC 3611 section 4. */
    static final int BLOCK_RECEIVER_REFERENCE_TIME = 4;

    static final int BLOCK_DLRR = 5;

    private Rtcp() {}
}
