package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beyond these checks there are none. */
class NativeMemoryTest {
    private final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(64, 64);

    @AfterEach
    void release() {
        if (buffer.refCnt() > 0) {
            buffer.release();
        }
    }

    @Test
    void theWholeBufferHasAnAddressAndNothingBeyond() {
        long start = NativeMemory.address(buffer, 0, 64);

        assertEquals(start + 64, NativeMemory.address(buffer, 64, 0));
        assertEquals(start + 10, NativeMemory.address(buffer.slice(10, 5), 0, 5));
        for (int[] wrong : new int[][] {
            {0, 65},
            {1, 64},
            {64, 1},
            {65, 0},
            {-1, 1},
            {0, -1},
            {64, -1},
            {Integer.MAX_VALUE, 1},
            {1, Integer.MAX_VALUE},
            {Integer.MIN_VALUE, 0},
            {0, Integer.MIN_VALUE},
            {Integer.MAX_VALUE, Integer.MAX_VALUE}
        }) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> NativeMemory.address(buffer, wrong[0], wrong[1]),
                    () -> wrong[0] + ", " + wrong[1]);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> NativeMemory.address(buffer.slice(10, 5), 0, 6));
    }

    @Test
    void aPacketLiesWithinItsBufferWithAllItsParts() {
        assertEquals(NativeMemory.address(buffer, 4, 60), NativeMemory.packet(buffer, 4, 12, 32, 16));
        for (int[] wrong : new int[][] {
            {4, 12, 33, 16}, {5, 12, 32, 16}, {4, -1, 32, 16}, {4, 12, -1, 16}, {0, 12, -12, 16}, {-1, 12, 32, 16}
        }) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> NativeMemory.packet(buffer, wrong[0], wrong[1], wrong[2], wrong[3]));
        }
        assertThrows(ArithmeticException.class, () -> NativeMemory.packet(buffer, 0, 12, Integer.MAX_VALUE, 16));
    }

    @Test
    void aReleasedBufferHasNoAddress() {
        buffer.release();
        assertThrows(IllegalReferenceCountException.class, () -> NativeMemory.address(buffer, 0, 1));
    }

    @Test
    void aBufferOnTheHeapHasNoAddress() {
        assertThrows(IllegalArgumentException.class, () -> NativeMemory.address(Unpooled.buffer(8), 0, 1));
    }

    @Test
    void aSegmentHasAnAddressWithinItsBoundsAndItsLife() {
        MemorySegment segment;
        try (Arena arena = Arena.ofConfined()) {
            segment = arena.allocate(8);
            assertEquals(segment.address() + 2, NativeMemory.address(segment, 2, 6));
            assertThrows(IndexOutOfBoundsException.class, () -> NativeMemory.address(segment, 2, 7));
        }
        assertThrows(IllegalArgumentException.class, () -> NativeMemory.address(segment, 0, 8));
        assertThrows(
                IllegalArgumentException.class, () -> NativeMemory.address(MemorySegment.ofArray(new byte[8]), 0, 8));
    }

    @Test
    void numbersAreBigEndianAndStretchesAreCopiedAndCompared() {
        long at = NativeMemory.address(buffer, 0, 64);
        NativeMemory.putInt(at + 1, 0x01020304);
        NativeMemory.putLong(at + 5, 0x05060708090a0b0cL);
        NativeMemory.copy(at + 1, at + 32, 12);

        assertEquals(0x01020304, buffer.getInt(1));
        assertEquals(0x05060708090a0b0cL, buffer.getLong(36));
        assertTrue(NativeMemory.equal(at + 1, at + 32, 12));
        buffer.setByte(43, 0);
        assertFalse(NativeMemory.equal(at + 1, at + 32, 12));
        assertTrue(NativeMemory.equal(at + 1, at + 32, 11));
    }
}
