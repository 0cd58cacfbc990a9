package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Writes a dependency descriptor as another stream has it: frame number and template ids are moved, and the targets that
 * are still whole are named. All else refers to frames by differences, which stay true while the numbers of frames that
 * are not forwarded stay unused: that is why frame numbers are moved and not counted anew.
 */
public final class DescriptorWriter {
    /** A descriptor of a one-byte length has at most this many bytes, and the mask may add five. */
    public static final int MAX_BYTES = 255 + 5;

    private static final int FRAME_NUMBER = 1;
    private static final int FLAGS = 24;
    private static final int FLAGS_BITS = 5;
    private static final int STRUCTURE_BIT = 0x80;
    private static final int ACTIVE_BIT = 0x40;
    private static final int TEMPLATE_ID_BITS = 6;

    private DescriptorWriter() {}

    /**
     * Appends the descriptor at index {@code offset} of a source.
     *
     * @param frames added to the frame number, modulo 2^16
     * @param templates added to template ids, modulo 64
     */
    public static void write(ByteBuf source, int offset, int bytes, long frames, int templates, ByteBuf target) {
        int start = target.writerIndex();
        target.writeBytes(source, offset, bytes);
        move(target, start, bytes, frames, templates);
    }

    /**
     * The same, with the decode targets that are to be had.
     *
     * @param active one bit each from the lowest
     * @param targets how many the structure in force has
     * @param activeAt {@link DependencyDescriptor#activeAt()}
     */
    public static void write(
            ByteBuf source,
            int offset,
            int bytes,
            long frames,
            int templates,
            ByteBuf target,
            int active,
            int targets,
            int activeAt) {
        int start = target.writerIndex();
        boolean extended = bytes > DependencyDescriptor.MANDATORY_BYTES;
        boolean had = extended && (source.getByte(offset + DependencyDescriptor.MANDATORY_BYTES) & ACTIVE_BIT) != 0;
        int at = extended ? activeAt : FLAGS + FLAGS_BITS;
        int rest = had ? at + targets : at;
        int restBits = Math.max(0, bytes * Byte.SIZE - rest);
        target.writeZero(at + targets + restBits + Byte.SIZE - 1 >> 3);
        copyBits(source, offset, 0, target, start, 0, extended ? at : FLAGS);
        for (int i = 0; i < targets; i++) {
            setBit(target, start, at + i, active >>> targets - 1 - i & 1);
        }
        copyBits(source, offset, rest, target, start, at + targets, restBits);
        int flags = start + DependencyDescriptor.MANDATORY_BYTES;
        target.setByte(flags, target.getByte(flags) | ACTIVE_BIT);
        move(target, start, target.writerIndex() - start, frames, templates);
    }

    private static void move(ByteBuf target, int start, int bytes, long frames, int templates) {
        if (bytes < DependencyDescriptor.MANDATORY_BYTES) {
            return;
        }
        int first = target.getByte(start);
        int id = first + templates & DependencyDescriptor.TEMPLATE_MASK;
        target.setByte(start, first & ~DependencyDescriptor.TEMPLATE_MASK | id);
        target.setShort(start + FRAME_NUMBER, (int) (target.getUnsignedShort(start + FRAME_NUMBER) + frames));
        int flags = start + DependencyDescriptor.MANDATORY_BYTES;
        if (bytes > DependencyDescriptor.MANDATORY_BYTES + 1 && (target.getByte(flags) & STRUCTURE_BIT) != 0) {
            moveStructure(target, flags, templates);
        }
    }

    /** The first template's id follows the five flags: three bits in their byte, three in the next. */
    private static void moveStructure(ByteBuf target, int flags, int templates) {
        int both = target.getUnsignedShort(flags);
        int shift = Short.SIZE - FLAGS_BITS - TEMPLATE_ID_BITS;
        int mask = DependencyDescriptor.TEMPLATE_MASK << shift;
        int id = (both & mask) + (templates << shift) & mask;
        target.setShort(flags, both & ~mask | id);
    }

    private static void copyBits(
            ByteBuf from, int fromByte, int fromBit, ByteBuf to, int toByte, int toBit, int count) {
        for (int i = 0; i < count; i++) {
            int at = fromBit + i;
            setBit(to, toByte, toBit + i, from.getByte(fromByte + (at >> 3)) >>> 7 - (at & 7) & 1);
        }
    }

    private static void setBit(ByteBuf to, int start, int bit, int value) {
        int index = start + (bit >> 3);
        to.setByte(index, to.getByte(index) | value << 7 - (bit & 7));
    }
}
