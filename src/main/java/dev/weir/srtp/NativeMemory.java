package dev.weir.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The step from buffers to addresses, which nothing checks any more: whoever hands memory to native code, or reads and
 * writes it by address, has the address from here. Allocates nothing.
 */
final class NativeMemory {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private NativeMemory() {}

    /**
     * Where {@code bytes} bytes from {@code index} on lie, which are within the buffer, a direct one that is not
     * released.
     */
    static long address(ByteBuf buffer, int index, int bytes) {
        if (buffer.refCnt() <= 0) {
            throw new IllegalReferenceCountException(buffer.refCnt());
        }
        if (index < 0 || bytes < 0 || index > buffer.capacity() - bytes) {
            throw new IndexOutOfBoundsException(
                    bytes + " bytes from " + index + " on in a buffer of " + buffer.capacity());
        }
        if (!buffer.hasMemoryAddress()) {
            throw new IllegalArgumentException("a buffer without an address: " + buffer);
        }
        return buffer.memoryAddress() + index;
    }

    /**
     * Where a packet lies, if it does with all its parts, and no part is of less than nothing.
     *
     * @param overhead what is or will be behind it
     */
    static long packet(ByteBuf buffer, int start, int headerBytes, int bytes, int overhead) {
        if (headerBytes < 0 || bytes < 0) {
            throw new IndexOutOfBoundsException("a packet of " + headerBytes + " and " + bytes + " bytes");
        }
        return address(buffer, start, Math.addExact(headerBytes + overhead, bytes));
    }

    /** Where the bytes lie, if they are within the segment, a native one that is alive and this thread's. */
    static long address(MemorySegment segment, long offset, long bytes) {
        if (!segment.isNative() || !segment.scope().isAlive()) {
            throw new IllegalArgumentException("a segment without an address: " + segment);
        }
        return segment.asSlice(offset, bytes).address();
    }

    static void copy(long from, long to, int bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    /** Big-endian. */
    static void putInt(long address, int value) {
        ALL.set(INT, address, value);
    }

    /** Big-endian. */
    static void putLong(long address, long value) {
        ALL.set(LONG, address, value);
    }

    /** Whether two stretches are equal; takes as long for a first byte that differs as for the last. */
    static boolean equal(long one, long other, int bytes) {
        int difference = 0;
        for (int i = 0; i < bytes; i++) {
            difference |= ALL.get(ValueLayout.JAVA_BYTE, one + i) ^ ALL.get(ValueLayout.JAVA_BYTE, other + i);
        }
        return difference == 0;
    }
}
