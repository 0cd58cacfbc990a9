package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/** Reads bits from the highest on. Past the end it gives zeros and says so once: whoever reads checks at the end. */
final class BitReader {
    private ByteBuf buffer;
    private int start;
    private int at;
    private int end;
    private boolean overrun;

    void wrap(ByteBuf source, int offset, int bytes) {
        buffer = source;
        start = offset;
        at = 0;
        end = bytes * Byte.SIZE;
        overrun = false;
    }

    /** How many bits were read. */
    int position() {
        return at;
    }

    boolean overrun() {
        return overrun;
    }

    boolean flag() {
        return bits(1) != 0;
    }

    /** @param count 0 to 32; a value of 32 bits may be negative */
    int bits(int count) {
        if (count > end - at) {
            overrun = true;
            at = end;
            return 0;
        }
        int value = 0;
        for (int i = 0; i < count; i++, at++) {
            int bit = buffer.getByte(start + (at >> 3)) >>> 7 - (at & 7) & 1;
            value = value << 1 | bit;
        }
        return value;
    }

    /** One of {@code values} values in as few bits as it needs: ns(n) of the AV1 specification, section 4.10.7. */
    int nonSymmetric(int values) {
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(values);
        int shorter = (1 << width) - values;
        int value = bits(width - 1);
        return value < shorter ? value : (value << 1) - shorter + bits(1);
    }
}
