package dev.weir.media;

import dev.weir.rtp.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * The last second of one layer, shared by all who watch it: a ring of bytes with a ring of entries over it. Packets are
 * copied once on the way in, as they were received and without protection. The ring starts small and doubles while a
 * second needs more, up to 512 kB and the shard's budget; beyond that the oldest packets go earlier.
 */
final class RetransmissionStore {
    static final int MAX_BYTES = 512 * 1024;
    static final long MAX_AGE_NANOS = TimeBase.SECOND;

    private static final int INITIAL_BYTES = 16 * 1024;
    private static final int ENTRIES = 1024;
    private static final int MASK = ENTRIES - 1;

    private final StoreBudget budget;
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /** By the low bits of the sequence number: which packet is there, where, how long, since when. */
    private long[] sequences;

    private int[] offsets;
    private int[] lengths;
    private long[] times;

    /** The entries in the order of their bytes, as sequence numbers: a queue over a ring. */
    private long[] order;

    private int head;
    private int count;
    private int writeOffset;

    RetransmissionStore(StoreBudget budget) {
        this.budget = budget;
    }

    /** Copies the readable bytes of a packet in. */
    void put(long now, long sequence, ByteBuf packet) {
        int length = packet.readableBytes();
        int entry = (int) sequence & MASK;
        if (length > INITIAL_BYTES / 4 || !makeRoom(now, length, entry)) {
            return;
        }
        Bytes.set(bytes, writeOffset, packet, packet.readerIndex(), length);
        sequences[entry] = sequence;
        offsets[entry] = writeOffset;
        lengths[entry] = length;
        times[entry] = now;
        order[head + count & MASK] = sequence;
        count++;
        writeOffset += length;
    }

    /**
     * The packet with this number as readable bytes of a buffer that stays the store's, or null when it is not there or
     * too old. Valid until the next {@link #put}.
     */
    ByteBuf find(long now, long sequence) {
        if (sequences == null) {
            return null;
        }
        int entry = (int) sequence & MASK;
        if (sequences[entry] != sequence || now - times[entry] > MAX_AGE_NANOS) {
            return null;
        }
        return bytes.setIndex(offsets[entry], offsets[entry] + lengths[entry]);
    }

    /** Lets all memory go if even the newest packet is too old to be found. */
    void clearIfOld(long now) {
        if (count > 0 && now - times[(int) order[head + count - 1 & MASK] & MASK] > MAX_AGE_NANOS) {
            clear();
        }
    }

    /** Lets all memory go; a later {@link #put} starts anew. */
    void clear() {
        budget.give(bytes.capacity());
        bytes = Unpooled.EMPTY_BUFFER;
        sequences = null;
        offsets = null;
        lengths = null;
        times = null;
        order = null;
        head = 0;
        count = 0;
        writeOffset = 0;
    }

    private boolean makeRoom(long now, int length, int entry) {
        if (sequences == null && !start()) {
            return false;
        }
        while (count > 0 && now - times[(int) order[head] & MASK] > MAX_AGE_NANOS) {
            evictOldest();
        }
        while (sequences[entry] != -1) {
            evictOldest();
        }
        while (!fits(length)) {
            if (!grow()) {
                evictOldest();
            }
        }
        return true;
    }

    private boolean start() {
        if (!budget.take(INITIAL_BYTES)) {
            return false;
        }
        bytes = Unpooled.wrappedBuffer(new byte[INITIAL_BYTES]);
        sequences = new long[ENTRIES];
        Arrays.fill(sequences, -1);
        offsets = new int[ENTRIES];
        lengths = new int[ENTRIES];
        times = new long[ENTRIES];
        order = new long[ENTRIES];
        return true;
    }

    /** Whether the bytes from the write offset on are free; moves it to the front where the end is too near. */
    private boolean fits(int length) {
        if (count == 0) {
            writeOffset = 0;
            return true;
        }
        int oldest = offsets[(int) order[head] & MASK];
        if (writeOffset > oldest) {
            if (writeOffset + length <= bytes.capacity()) {
                return true;
            }
            if (length > oldest) {
                return false;
            }
            writeOffset = 0;
            return true;
        }
        return writeOffset + length <= oldest;
    }

    private boolean grow() {
        int capacity = bytes.capacity();
        if (capacity >= MAX_BYTES || !budget.take(capacity)) {
            return false;
        }
        ByteBuf larger = Unpooled.wrappedBuffer(new byte[2 * capacity]);
        int offset = 0;
        for (int i = 0; i < count; i++) {
            int entry = (int) order[head + i & MASK] & MASK;
            larger.setBytes(offset, bytes, offsets[entry], lengths[entry]);
            offsets[entry] = offset;
            offset += lengths[entry];
        }
        bytes = larger;
        writeOffset = offset;
        return true;
    }

    private void evictOldest() {
        int entry = (int) order[head] & MASK;
        sequences[entry] = -1;
        head = head + 1 & MASK;
        count--;
    }
}
