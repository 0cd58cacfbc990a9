package dev.weir.client;

import dev.weir.rtp.Vp8Descriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * One packet's payload: a VP8 descriptor with a picture id of 15 bits and TL0PICIDX (RFC 7741 section 4.2), in a
 * frame's first packet the frame header (section 4.3), and then, in place of a picture, which packet of which frame it
 * is.
 *
 * @param layerSync whether the upper temporal layer can be joined here
 * @param width of the layer; known where a keyframe begins
 */
record VideoPayload(
        boolean starts,
        boolean keyframe,
        int pictureId,
        int tl0,
        int temporalLayer,
        boolean layerSync,
        int width,
        int height,
        int frame,
        int packet,
        int packets) {
    private static final int X_BIT = 0x80;
    private static final int START_BIT = 0x10;
    private static final int I_L_T_BITS = 0xe0;
    private static final int LAYER_SYNC_BIT = 0x20;
    private static final int LONG_PICTURE_ID_BIT = 0x8000;
    private static final int FRAME_TAG_BYTES = 3;
    private static final int KEYFRAME_HEADER_BYTES = 10;
    private static final int MARK_BYTES = 13;

    byte[] toBytes(int size) {
        ByteBuf out = Unpooled.buffer(size);
        out.writeByte(X_BIT | (starts ? START_BIT : 0));
        out.writeByte(I_L_T_BITS);
        out.writeShort(LONG_PICTURE_ID_BIT | pictureId);
        out.writeByte(tl0);
        out.writeByte(temporalLayer << 6 | (layerSync ? LAYER_SYNC_BIT : 0));
        if (starts) {
            out.writeMedium(keyframe ? 0 : 0x010000);
            if (keyframe) {
                out.writeMedium(0x9d012a).writeShortLE(width).writeShortLE(height);
            }
        }
        out.writeInt(frame).writeShort(packet).writeShort(packets).writeShort(height);
        out.writeShort(pictureId ^ frame).writeByte(keyframe ? 1 : 0);
        out.writeZero(size - out.writerIndex());
        return out.array();
    }

    /** Null for what no {@link #toBytes} made. The picture id is the one in the descriptor, which may be another now. */
    static VideoPayload of(Vp8Descriptor descriptor, ByteBuf packet, int offset, int bytes) {
        if (!descriptor.wrap(packet, offset, bytes) || descriptor.pictureIdBits() != 15) {
            return null;
        }
        boolean starts = descriptor.startsFrame();
        int header = starts ? descriptor.startsKeyframe() ? KEYFRAME_HEADER_BYTES : FRAME_TAG_BYTES : 0;
        int at = offset + descriptor.headerBytes() + header;
        if (offset + bytes - at < MARK_BYTES) {
            return null;
        }
        return new VideoPayload(
                starts,
                packet.getByte(at + 12) == 1,
                descriptor.pictureId(),
                descriptor.tl0(),
                descriptor.temporalLayer(),
                descriptor.layerSync(),
                descriptor.width(),
                packet.getUnsignedShort(at + 8),
                packet.getInt(at),
                packet.getUnsignedShort(at + 4),
                packet.getUnsignedShort(at + 6));
    }
}
