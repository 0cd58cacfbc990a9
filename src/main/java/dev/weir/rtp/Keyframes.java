package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Tells where a decoder can start, by payload descriptors and the first bytes of a frame. Where end-to-end encryption
 * covers those bytes, as with H264 and AV1, the dependency descriptor has to tell instead.
 */
public final class Keyframes {
    private static final int VP9_PICTURE_ID_BIT = 0x80;
    private static final int VP9_INTER_PICTURE_BIT = 0x40;
    private static final int VP9_LAYER_BIT = 0x20;
    private static final int VP9_START_BIT = 0x08;
    private static final int LONG_PICTURE_ID_BIT = 0x80;

    private static final int H264_TYPE_MASK = 0x1F;
    private static final int H264_IDR = 5;
    private static final int H264_SEQUENCE_PARAMETERS = 7;
    private static final int H264_STAP_A = 24;
    private static final int H264_FU_A = 28;
    private static final int H264_FU_START_BIT = 0x80;

    private static final int AV1_CONTINUES_BIT = 0x80;
    private static final int AV1_NEW_SEQUENCE_BIT = 0x08;
    private static final int AV1_SEQUENCE_HEADER = 1;
    private static final int AV1_TEMPORAL_DELIMITER = 2;
    private static final int LEB128_MAX_BYTES = 4;

    private Keyframes() {}

    /**
     * Whether a keyframe begins in the payload of {@code bytes} at index {@code offset}. False also for what is
     * malformed. More than one packet of a frame can say so: the parameter sets of H264 may travel before its picture.
     * For audio, always true.
     */
    public static boolean startsKeyframe(Codec codec, ByteBuf payload, int offset, int bytes) {
        if (bytes < 1) {
            return false;
        }
        return switch (codec) {
            case OPUS, RED -> true;
            case VP8 -> Vp8Descriptor.startsKeyframe(payload, offset, bytes);
            case VP9 -> vp9(payload, offset, bytes);
            case H264 -> h264(payload, offset, bytes);
            case AV1 -> av1(payload, offset, bytes);
        };
    }

    /**
     * RFC 9628 section 4.2: |I|P|L|F|B|E|V|Z|, the picture id where I is set, then |TID|U|SID|D| where L is. The lowest
     * spatial layer of a keyframe begins where nothing older is used for prediction (P clear) and B is set.
     */
    private static boolean vp9(ByteBuf payload, int offset, int bytes) {
        int first = payload.getUnsignedByte(offset);
        if ((first & VP9_INTER_PICTURE_BIT) != 0 || (first & VP9_START_BIT) == 0) {
            return false;
        }
        if ((first & VP9_LAYER_BIT) == 0) {
            return true;
        }
        int at = 1;
        if ((first & VP9_PICTURE_ID_BIT) != 0) {
            if (bytes <= at) {
                return false;
            }
            at += (payload.getByte(offset + at) & LONG_PICTURE_ID_BIT) != 0 ? 2 : 1;
        }
        return at < bytes && (payload.getUnsignedByte(offset + at) >>> 1 & 7) == 0;
    }

    /** RFC 6184 sections 5.6 to 5.8: a single unit, several in a STAP-A, or the first fragment of one in an FU-A. */
    private static boolean h264(ByteBuf payload, int offset, int bytes) {
        int type = payload.getByte(offset) & H264_TYPE_MASK;
        return switch (type) {
            case H264_STAP_A -> stapA(payload, offset + 1, offset + bytes);
            case H264_FU_A -> {
                int header = bytes < 2 ? 0 : payload.getUnsignedByte(offset + 1);
                yield (header & H264_FU_START_BIT) != 0 && startsAt(header & H264_TYPE_MASK);
            }
            default -> startsAt(type);
        };
    }

    private static boolean stapA(ByteBuf payload, int offset, int end) {
        int at = offset;
        while (end - at > Short.BYTES) {
            int unitBytes = payload.getUnsignedShort(at);
            at += Short.BYTES;
            if (unitBytes == 0 || unitBytes > end - at) {
                return false;
            }
            if (startsAt(payload.getByte(at) & H264_TYPE_MASK)) {
                return true;
            }
            at += unitBytes;
        }
        return false;
    }

    private static boolean startsAt(int unitType) {
        return unitType == H264_IDR || unitType == H264_SEQUENCE_PARAMETERS;
    }

    /**
     * RTP payload format for AV1 v1.0 section 4.4: |Z|Y| W |N|-|, then the elements, each behind its length but, where
     * W says how many there are, the last. A new coded video sequence sets N, and its first unit is a sequence header.
     */
    private static boolean av1(ByteBuf payload, int offset, int bytes) {
        int aggregation = payload.getUnsignedByte(offset);
        if ((aggregation & AV1_CONTINUES_BIT) != 0) {
            return false;
        }
        if ((aggregation & AV1_NEW_SEQUENCE_BIT) != 0) {
            return true;
        }
        int end = offset + bytes;
        int elements = aggregation >>> 4 & 3;
        int at = offset + 1;
        for (int element = 1; at < end; element++) {
            long length = end - at;
            if (element != elements) {
                length = leb128(payload, at, end);
                at += lebBytes(payload, at, end);
            }
            if (length < 1 || length > end - at) {
                return false;
            }
            int type = payload.getUnsignedByte(at) >>> 3 & 0x0F;
            if (type != AV1_TEMPORAL_DELIMITER) {
                return type == AV1_SEQUENCE_HEADER;
            }
            at += (int) length;
        }
        return false;
    }

    /** Seven bits a byte, lowest first; -1 if it does not end within the payload and four bytes. */
    private static int leb128(ByteBuf payload, int offset, int end) {
        int value = 0;
        int bytes = lebBytes(payload, offset, end);
        for (int i = 0; i < bytes; i++) {
            value |= (payload.getByte(offset + i) & 0x7F) << 7 * i;
        }
        return bytes == 0 ? -1 : value;
    }

    private static int lebBytes(ByteBuf payload, int offset, int end) {
        for (int i = 0; i < LEB128_MAX_BYTES && offset + i < end; i++) {
            if (payload.getByte(offset + i) >= 0) {
                return i + 1;
            }
        }
        return 0;
    }
}
