package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * A view of the descriptor at the head of a VP9 payload (RFC 9628 section 4.2) in a borrowed buffer.
 *
 * <pre>
 *  0 1 2 3 4 5 6 7
 * |I|P|L|F|B|E|V|Z|   required
 * |M| picture id  |   where I is set; 7 bits, or 15 with a second byte where M is set
 * | TID |U| SID |D|   where L is set
 * |   TL0PICIDX   |   where L is set and F is not
 * |   P_DIFF    |N|   where F and P are set, up to three while N is
 * |  structure... |   where V is set
 * </pre>
 */
public final class Vp9Descriptor {
    public static final int MAX_SPATIAL = 8;

    private static final int PICTURE_ID_BIT = 0x80;
    private static final int INTER_PICTURE_BIT = 0x40;
    private static final int LAYER_BIT = 0x20;
    private static final int FLEXIBLE_BIT = 0x10;
    private static final int START_BIT = 0x08;
    private static final int END_BIT = 0x04;
    private static final int STRUCTURE_BIT = 0x02;
    private static final int NOT_BELOW_BIT = 0x01;
    private static final int LONG_PICTURE_ID_BIT = 0x80;
    private static final int SWITCH_BIT = 0x10;
    private static final int INTER_LAYER_BIT = 0x01;
    private static final int MORE_BIT = 0x01;
    private static final int MAX_DIFFS = 3;

    private static final int SIZES_BIT = 0x10;
    private static final int GROUP_BIT = 0x08;

    private ByteBuf buffer;
    private int start;
    private int bytes;
    private int at;
    private int first;
    private int pictureIdAt;
    private int layerAt;
    private int tl0At;
    private int diffsAt;
    private int diffCount;
    private int spatialLayers;
    private int sizesAt;

    /** Takes a payload. False means malformed: nothing else may be asked. */
    public boolean wrap(ByteBuf payload, int offset, int payloadBytes) {
        buffer = payload;
        start = offset;
        bytes = payloadBytes;
        at = 1;
        pictureIdAt = -1;
        layerAt = -1;
        tl0At = -1;
        diffCount = 0;
        spatialLayers = 0;
        sizesAt = -1;
        if (bytes < 1) {
            return false;
        }
        first = buffer.getUnsignedByte(start);
        if ((first & PICTURE_ID_BIT) != 0) {
            pictureIdAt = at;
            at += at < bytes && (buffer.getByte(start + at) & LONG_PICTURE_ID_BIT) != 0 ? 2 : 1;
        }
        if ((first & LAYER_BIT) != 0) {
            layerAt = at++;
            if ((first & FLEXIBLE_BIT) == 0) {
                tl0At = at++;
            }
        }
        if (at > bytes || (first & FLEXIBLE_BIT) != 0 && interPicture() && !readDiffs()) {
            return false;
        }
        return (first & STRUCTURE_BIT) == 0 || readStructure();
    }

    private boolean readDiffs() {
        diffsAt = at;
        while (diffCount < MAX_DIFFS) {
            if (at >= bytes) {
                return false;
            }
            diffCount++;
            if ((buffer.getByte(start + at++) & MORE_BIT) == 0) {
                return true;
            }
        }
        return false;
    }

    /** RFC 9628 section 4.2.1: |N_S|Y|G|-|-|-|, sizes where Y is set, a group of pictures where G is. */
    private boolean readStructure() {
        if (at >= bytes) {
            return false;
        }
        int head = buffer.getUnsignedByte(start + at++);
        spatialLayers = (head >>> 5) + 1;
        if ((head & SIZES_BIT) != 0) {
            sizesAt = at;
            at += 4 * spatialLayers;
        }
        if ((head & GROUP_BIT) == 0) {
            return at <= bytes;
        }
        if (at >= bytes) {
            return false;
        }
        int pictures = buffer.getUnsignedByte(start + at++);
        for (int i = 0; i < pictures; i++) {
            if (at >= bytes) {
                return false;
            }
            at += 1 + (buffer.getUnsignedByte(start + at) >>> 2 & 3);
        }
        return at <= bytes;
    }

    /** The descriptor's size; the VP9 data follow. */
    public int headerBytes() {
        return at;
    }

    /** 0..32767, or -1 if absent. */
    public int pictureId() {
        return switch (pictureIdBits()) {
            case 15 -> buffer.getUnsignedShort(start + pictureIdAt) & 0x7FFF;
            case 7 -> buffer.getUnsignedByte(start + pictureIdAt);
            default -> -1;
        };
    }

    /** How wide the picture id is: 7, 15, or 0 if absent. */
    public int pictureIdBits() {
        if (pictureIdAt < 0) {
            return 0;
        }
        return (buffer.getByte(start + pictureIdAt) & LONG_PICTURE_ID_BIT) != 0 ? 15 : 7;
    }

    /** Whether the frame needs other pictures (P). */
    public boolean interPicture() {
        return (first & INTER_PICTURE_BIT) != 0;
    }

    /** Whether pictures name those that they need (F). */
    public boolean flexible() {
        return (first & FLEXIBLE_BIT) != 0;
    }

    /** Whether a layer's frame begins in this packet (B). */
    public boolean startsFrame() {
        return (first & START_BIT) != 0;
    }

    /** Whether a layer's frame ends in this packet (E). */
    public boolean endsFrame() {
        return (first & END_BIT) != 0;
    }

    /** Whether no higher spatial layer of this picture needs this frame (Z). */
    public boolean notForUpperLayers() {
        return (first & NOT_BELOW_BIT) != 0;
    }

    /** Whether the packet says of which layer it is. */
    public boolean layered() {
        return layerAt >= 0;
    }

    /** TID, 0..7; 0 where layers are not told. */
    public int temporal() {
        return layerAt < 0 ? 0 : buffer.getUnsignedByte(start + layerAt) >>> 5;
    }

    /** Whether later pictures of higher temporal layers need none of those layers from before this one (U). */
    public boolean switchingUp() {
        return layerAt >= 0 && (buffer.getByte(start + layerAt) & SWITCH_BIT) != 0;
    }

    /** SID, 0..7; 0 where layers are not told. */
    public int spatial() {
        return layerAt < 0 ? 0 : buffer.getUnsignedByte(start + layerAt) >>> 1 & 7;
    }

    /** Whether the frame needs the spatial layer below, of the same picture (D). */
    public boolean interLayer() {
        return layerAt >= 0 && (buffer.getByte(start + layerAt) & INTER_LAYER_BIT) != 0;
    }

    /** TL0PICIDX, 0..255, or -1 if absent. */
    public int tl0() {
        return tl0At < 0 ? -1 : buffer.getUnsignedByte(start + tl0At);
    }

    /** How many pictures this frame names that it needs, in flexible mode: 0 to 3. */
    public int diffCount() {
        return diffCount;
    }

    /** How many picture ids before this picture one is that the frame needs. */
    public int diff(int index) {
        return buffer.getUnsignedByte(start + diffsAt + index) >>> 1;
    }

    /** How many spatial layers the structure tells of, or 0 where the packet has none. */
    public int spatialLayers() {
        return spatialLayers;
    }

    /** The height of a spatial layer's picture in pixels, or 0 where the packet does not tell. */
    public int height(int spatialLayer) {
        return sizesAt < 0 || spatialLayer >= spatialLayers
                ? 0
                : buffer.getUnsignedShort(start + sizesAt + 4 * spatialLayer + 2);
    }

    /** Whether a keyframe begins in this packet: the lowest spatial layer's frame, which needs no other picture. */
    public boolean startsKeyframe() {
        return startsFrame() && !interPicture() && spatial() == 0;
    }

    /**
     * Sets picture id and TL0PICIDX in a copy of the wrapped descriptor at index {@code descriptorOffset} of
     * {@code target}. Their widths stay, and one that is absent stays so.
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
