package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * A view of an RTP payload with redundancy (RED, RFC 2198 section 3): blocks of what was sent before, oldest first, and
 * last the primary, which is the packet's own. Made once and moved from payload to payload.
 *
 * <pre>
 *  0                   1                    2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3  4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |1|  block PT   |  timestamp offset         |   block length    |  for each block but the last
 * |0|  block PT   |                                                 for the last, which is the primary
 * </pre>
 */
public final class Red {
    private static final int HEADER_BYTES = 4;
    private static final int MORE_BIT = 0x80;
    private static final int PAYLOAD_TYPE_MASK = 0x7f;
    private static final int OFFSET_SHIFT = 10;
    private static final int OFFSET_MASK = 0x3fff;
    private static final int LENGTH_MASK = 0x3ff;

    private int primaryOffset;
    private int primaryBytes;
    private int payloadType;
    private boolean uniform;
    private int reach;

    /** Takes a payload. False means malformed: then nothing else may be asked. */
    public boolean wrap(ByteBuf payload, int offset, int bytes) {
        int end = offset + bytes;
        int at = offset;
        int redundant = 0;
        reach = 0;
        uniform = true;
        payloadType = -1;
        while (at < end && (payload.getUnsignedByte(at) & MORE_BIT) != 0) {
            if (end - at < HEADER_BYTES) {
                return false;
            }
            long header = payload.getUnsignedInt(at);
            takePayloadType((int) (header >>> 24));
            reach = Math.max(reach, (int) (header >>> OFFSET_SHIFT) & OFFSET_MASK);
            redundant += (int) header & LENGTH_MASK;
            at += HEADER_BYTES;
        }
        if (at >= end) {
            return false;
        }
        takePayloadType(payload.getUnsignedByte(at));
        primaryOffset = at + 1 + redundant;
        primaryBytes = end - primaryOffset;
        return primaryBytes >= 0;
    }

    private void takePayloadType(int octet) {
        int type = octet & PAYLOAD_TYPE_MASK;
        uniform &= payloadType == -1 || payloadType == type;
        payloadType = type;
    }

    /** Where the primary begins, as an index into the buffer. */
    public int primaryOffset() {
        return primaryOffset;
    }

    /** 0 where the sender had nothing to say. */
    public int primaryBytes() {
        return primaryBytes;
    }

    /** Whether all blocks are of this payload type, by the sender's numbers. */
    public boolean isAllOf(int type) {
        return uniform && payloadType == type;
    }

    /** How far back the oldest block is, in ticks; 0 without redundancy. */
    public int reach() {
        return reach;
    }
}
