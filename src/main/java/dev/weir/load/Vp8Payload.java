package dev.weir.load;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;

/**
 * Well-formed VP8 with nothing to see in it: a descriptor with a picture id of 15 bits, TL0PICIDX and the temporal layer
 * (RFC 7741 section 4.2), at a frame's start the frame tag and in keyframes the size (RFC 6386 section 9.1), then
 * filling.
 */
record Vp8Payload(int width, int height, int run) implements Payload {
    /** Descriptor 6, frame header of a keyframe 10. */
    static final int MIN_BYTES = 16 + Stamp.BYTES;

    private static final int STARTS = 1 << 28;
    private static final int KEYFRAME = 1 << 27;
    private static final int TEMPORAL = 1 << 26;
    private static final int TL0_SHIFT = 16;
    private static final int PICTURE_ID_MASK = 0x7fff;

    private static final int X_BIT = 0x80;
    private static final int START_BIT = 0x10;
    private static final int NON_REFERENCE_BIT = 0x20;
    private static final int I_L_T_BITS = 0xe0;
    private static final int LONG_PICTURE_ID_BIT = 0x8000;
    private static final int LAYER_1_SYNC = 0x60;
    private static final int INTER_FRAME_TAG = 0x01_0000;
    private static final int START_CODE = 0x9d_012a;

    private static final byte[] FILLING = new byte[FrameSizes.MAX_PACKET_BYTES];

    static {
        RandomGenerator.of("L64X128MixRandom").nextBytes(FILLING);
    }

    /** What is special about a packet. @param upper whether it is of temporal layer 1, which nothing refers to */
    static int bits(int pictureId, int tl0, boolean upper, boolean starts, boolean keyframe) {
        return pictureId & PICTURE_ID_MASK
                | (tl0 & 0xff) << TL0_SHIFT
                | (upper ? TEMPORAL : 0)
                | (starts ? STARTS : 0)
                | (keyframe ? KEYFRAME : 0);
    }

    @Override
    public void write(ByteBuf out, int bits, int bytes, long sentAt) {
        int start = out.writerIndex();
        boolean upper = (bits & TEMPORAL) != 0;
        boolean starts = (bits & STARTS) != 0;
        out.writeByte(X_BIT | (starts ? START_BIT : 0) | (upper ? NON_REFERENCE_BIT : 0));
        out.writeByte(I_L_T_BITS);
        out.writeShort(LONG_PICTURE_ID_BIT | bits & PICTURE_ID_MASK);
        out.writeByte(bits >> TL0_SHIFT);
        out.writeByte(upper ? LAYER_1_SYNC : 0);
        if (starts && (bits & KEYFRAME) != 0) {
            out.writeMedium(0).writeMedium(START_CODE).writeShortLE(width).writeShortLE(height);
        } else if (starts) {
            out.writeMedium(INTER_FRAME_TAG);
        }
        int filling = bytes - Stamp.BYTES - (out.writerIndex() - start);
        out.writeBytes(FILLING, 0, Math.max(0, filling));
        Stamp.write(out, run, sentAt);
    }
}
