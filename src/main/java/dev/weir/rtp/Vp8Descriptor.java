package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * A view of the descriptor at the head of a VP8 payload (RFC 7741 section 4.2) in a borrowed buffer; and, in the first
 * packet of a keyframe, of the frame's own header behind it (section 4.3, RFC 6386 section 9.1).
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * |X|R|N|S|R| PID |   required
 * |I|L|T|K| RSV   |   where X is set
 * |M| picture id  |   where I is set; 7 bits, or 15 with a second byte where M is set
 * |   TL0PICIDX   |   where L is set
 * |TID|Y| KEYIDX  |   where T or K is set
 * </pre>
 */
public final class Vp8Descriptor {
    private static final int EXTENDED_BIT = 0x80;
    private static final int NON_REFERENCE_BIT = 0x20;
    private static final int START_BIT = 0x10;
    private static final int PARTITION_MASK = 0x07;
    private static final int PICTURE_ID_BIT = 0x80;
    private static final int TL0_BIT = 0x40;
    private static final int TEMPORAL_BIT = 0x20;
    private static final int KEY_INDEX_BIT = 0x10;
    private static final int LONG_PICTURE_ID_BIT = 0x80;
    private static final int LAYER_SYNC_BIT = 0x20;

    /** Bytes of a keyframe's header up to the dimensions: frame tag 3, start code 3, width 2, height 2. */
    private static final int KEYFRAME_HEADER_BYTES = 10;

    private static final int INTER_FRAME_BIT = 0x01;
    private static final int WIDTH = 6;
    private static final int HEIGHT = 8;
    private static final int DIMENSION_MASK = 0x3FFF;

    private ByteBuf buffer;
    private int start;
    private int bytes;
    private int headerBytes;
    private int extended;
    private int pictureIdAt;
    private int tl0At;
    private int layerAt;

    /**
     * Takes a payload of {@code payloadBytes} at index {@code offset}. False means malformed: nothing else may be
     * asked.
     */
    public boolean wrap(ByteBuf payload, int offset, int payloadBytes) {
        buffer = payload;
        start = offset;
        bytes = payloadBytes;
        extended = 0;
        pictureIdAt = -1;
        tl0At = -1;
        layerAt = -1;
        headerBytes = 1;
        if (bytes < 1) {
            return false;
        }
        return (first() & EXTENDED_BIT) == 0 || readExtended();
    }

    private boolean readExtended() {
        if (bytes < 2) {
            return false;
        }
        extended = buffer.getUnsignedByte(start + 1);
        int at = 2;
        if ((extended & PICTURE_ID_BIT) != 0) {
            if (bytes <= at) {
                return false;
            }
            pictureIdAt = at;
            at += isLong(at) ? 2 : 1;
        }
        if ((extended & TL0_BIT) != 0) {
            tl0At = at++;
        }
        if ((extended & (TEMPORAL_BIT | KEY_INDEX_BIT)) != 0) {
            layerAt = at++;
        }
        headerBytes = at;
        return at <= bytes;
    }

    /** {@link #startsKeyframe()} for a payload that nobody has wrapped; false also for a malformed one. */
    static boolean startsKeyframe(ByteBuf payload, int offset, int bytes) {
        if (bytes < 1 || (payload.getByte(offset) & (START_BIT | PARTITION_MASK)) != START_BIT) {
            return false;
        }
        int header = 1;
        if ((payload.getByte(offset) & EXTENDED_BIT) != 0) {
            if (bytes < 3) {
                return false;
            }
            int extended = payload.getUnsignedByte(offset + 1);
            boolean longId = (payload.getByte(offset + 2) & LONG_PICTURE_ID_BIT) != 0;
            header++;
            header += (extended & PICTURE_ID_BIT) == 0 ? 0 : longId ? 2 : 1;
            header += (extended & TL0_BIT) == 0 ? 0 : 1;
            header += (extended & (TEMPORAL_BIT | KEY_INDEX_BIT)) == 0 ? 0 : 1;
        }
        return header < bytes && (payload.getByte(offset + header) & INTER_FRAME_BIT) == 0;
    }

    private boolean isLong(int at) {
        return (buffer.getByte(start + at) & LONG_PICTURE_ID_BIT) != 0;
    }

    private int first() {
        return buffer.getUnsignedByte(start);
    }

    /** The descriptor's size; the VP8 data follow. */
    public int headerBytes() {
        return headerBytes;
    }

    /** Whether a partition begins in this packet. */
    public boolean startsPartition() {
        return (first() & START_BIT) != 0;
    }

    /** 0..7. */
    public int partition() {
        return first() & PARTITION_MASK;
    }

    /** Whether a frame begins in this packet. */
    public boolean startsFrame() {
        return startsPartition() && partition() == 0;
    }

    /** Whether no other frame needs this one. */
    public boolean nonReference() {
        return (first() & NON_REFERENCE_BIT) != 0;
    }

    /** 0..32767, or -1 if absent. */
    public int pictureId() {
        if (pictureIdAt < 0) {
            return -1;
        }
        return isLong(pictureIdAt)
                ? buffer.getUnsignedShort(start + pictureIdAt) & 0x7FFF
                : buffer.getUnsignedByte(start + pictureIdAt);
    }

    /** How wide the picture id is: 7, 15, or 0 if absent. */
    public int pictureIdBits() {
        if (pictureIdAt < 0) {
            return 0;
        }
        return isLong(pictureIdAt) ? 15 : 7;
    }

    /** Where the picture id is, as an index into the buffer, or -1 if absent. */
    public int pictureIdOffset() {
        return pictureIdAt < 0 ? -1 : start + pictureIdAt;
    }

    /** The running number of the lowest temporal layer's frames (TL0PICIDX), 0..255, or -1 if absent. */
    public int tl0() {
        return tl0At < 0 ? -1 : buffer.getUnsignedByte(start + tl0At);
    }

    /** Where TL0PICIDX is, as an index into the buffer, or -1 if absent. */
    public int tl0Offset() {
        return tl0At < 0 ? -1 : start + tl0At;
    }

    /** The temporal layer (TID), 0..3, or -1 if absent. */
    public int temporalLayer() {
        return (extended & TEMPORAL_BIT) == 0 ? -1 : buffer.getUnsignedByte(start + layerAt) >>> 6;
    }

    /** Whether this frame needs only the lowest layer, so that its own can be joined here (Y). */
    public boolean layerSync() {
        return (extended & TEMPORAL_BIT) != 0 && (buffer.getByte(start + layerAt) & LAYER_SYNC_BIT) != 0;
    }

    /** KEYIDX, 0..31, or -1 if absent. */
    public int keyIndex() {
        return (extended & KEY_INDEX_BIT) == 0 ? -1 : buffer.getByte(start + layerAt) & 0x1F;
    }

    /** Whether a keyframe begins in this packet (the P bit of the frame header is inverse). */
    public boolean startsKeyframe() {
        return startsFrame() && bytes > headerBytes && (buffer.getByte(start + headerBytes) & INTER_FRAME_BIT) == 0;
    }

    /** The picture's width in pixels, 0..16383, where a keyframe begins; else -1. */
    public int width() {
        return dimension(WIDTH);
    }

    /** The picture's height in pixels, 0..16383, where a keyframe begins; else -1. */
    public int height() {
        return dimension(HEIGHT);
    }

    private int dimension(int at) {
        if (!startsKeyframe() || bytes - headerBytes < KEYFRAME_HEADER_BYTES) {
            return -1;
        }
        return buffer.getUnsignedShortLE(start + headerBytes + at) & DIMENSION_MASK;
    }

    /**
     * Sets picture id and TL0PICIDX in the wrapped descriptor, or in a copy of it at index {@code descriptorOffset} of
     * {@code target}. Their widths stay: a number is cut to the bits there are, and one that is absent stays so.
     */
    public void rewrite(ByteBuf target, int descriptorOffset, int pictureId, int tl0) {
        int bits = pictureIdBits();
        if (bits == 15) {
            target.setShort(descriptorOffset + pictureIdAt, LONG_PICTURE_ID_BIT << 8 | pictureId & 0x7FFF);
        } else if (bits == 7) {
            target.setByte(descriptorOffset + pictureIdAt, pictureId & 0x7F);
        }
        if (tl0At >= 0) {
            target.setByte(descriptorOffset + tl0At, tl0);
        }
    }
}
