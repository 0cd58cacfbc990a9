package dev.weir.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunBuffersTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final RunBuffers buffers = new RunBuffers(allocator);

    @Test
    void whatWasGivenBackIsLentAgainEmpty() {
        ByteBuf first = buffers.take().writeLong(1);
        first.release();
        ByteBuf second = buffers.take();
        assertSame(first, second);
        assertEquals(0, second.readableBytes());
        second.release();
        buffers.close();
        assertEquals(0, allocator.metric().usedDirectMemory());
    }

    @Test
    void whatIsStillOutIsNobodyElses() {
        List<ByteBuf> out = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ByteBuf buffer = buffers.take();
            out.forEach(other -> assertNotSame(other, buffer));
            out.add(buffer);
        }
        out.forEach(ByteBuf::release);
        assertEquals(32 * RunBuffers.RUN_BYTES, allocator.metric().usedDirectMemory(), "the others are not kept");
        buffers.close();
        assertEquals(0, allocator.metric().usedDirectMemory());
    }
}
