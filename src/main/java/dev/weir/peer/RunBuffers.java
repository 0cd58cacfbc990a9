package dev.weir.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Where runs are written: the few buffers that a shard's viewers use one after the other. The first of
 * them that is free is lent, so that what is written, encrypted and copied by the kernel for each viewer is
 * the same memory, which the processor's cache still holds; a buffer for each viewer costs a fifth more for a run of
 * five packets. Owned by the shard's loop.
 */
public final class RunBuffers {
    /** The longest run: 16 packets of Ethernet's size. */
    static final int RUN_BYTES = 24 * 1_024;

    /** Beyond these, while a socket is full or many runs wait for the rest of their pictures, the allocator serves. */
    private static final int KEPT = 32;

    private final ByteBufAllocator allocator;
    private final ByteBuf[] kept = new ByteBuf[KEPT];
    private int count;

    public RunBuffers(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** An empty buffer of {@link #RUN_BYTES}, which is the caller's. */
    ByteBuf take() {
        for (int i = 0; i < count; i++) {
            // One reference is ours: whoever had the buffer has released it.
            if (kept[i].refCnt() == 1) {
                return kept[i].clear().retain();
            }
        }
        ByteBuf buffer = allocator.directBuffer(RUN_BYTES, RUN_BYTES);
        if (count < KEPT) {
            kept[count++] = buffer.retain();
        }
        return buffer;
    }

    /** Gives the memory back; what is lent goes when it is released. */
    public void close() {
        while (count > 0) {
            kept[--count].release();
        }
    }
}
