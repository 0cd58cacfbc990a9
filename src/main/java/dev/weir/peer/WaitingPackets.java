package dev.weir.peer;

import dev.weir.rtp.ExtensionIds;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Packets of one viewer that wait for their turn, first in, first out: written, but neither numbered transport-wide nor
 * protected. A ring that doubles up to its limit and is then only reused, so that waiting allocates nothing.
 */
final class WaitingPackets {
    private static final int FIRST_CAPACITY = 32;

    private final int limit;

    /** Made with the first packet that waits: most viewers never have one. */
    private ByteBuf[] packets = {};

    private long[] indices = {};
    private long[] since = {};
    private ExtensionIds[] extensions = {};
    private int head;
    private int count;
    private long pathBytes;

    /** Modulo 2^64, so that only differences mean something. */
    private long sinceSum;

    /** @param limit a power of two, at least {@link #FIRST_CAPACITY} */
    WaitingPackets(int limit) {
        this.limit = limit;
    }

    int count() {
        return count;
    }

    /** What they take of the path. */
    long pathBytes() {
        return pathBytes;
    }

    /** How long all of them have waited, added up. */
    long waitedNanos(long now) {
        return count * now - sinceSum;
    }

    /** Takes the buffer, unless there is no room: then false, and the buffer stays the caller's. */
    boolean add(long now, ByteBuf packet, long index, ExtensionIds ids) {
        if (count == packets.length && !grow()) {
            return false;
        }
        int entry = head + count & packets.length - 1;
        packets[entry] = packet;
        indices[entry] = index;
        since[entry] = now;
        extensions[entry] = ids;
        count++;
        pathBytes += Departure.pathBytes(packet);
        sinceSum += now;
        return true;
    }

    /** Of the first in the row, as are the next two; only while there is one. */
    long index() {
        return indices[head];
    }

    long since() {
        return since[head];
    }

    ExtensionIds extensions() {
        return extensions[head];
    }

    /** Takes the first out. The buffer is the caller's. */
    ByteBuf remove() {
        ByteBuf packet = packets[head];
        packets[head] = null;
        extensions[head] = null;
        sinceSum -= since[head];
        pathBytes -= Departure.pathBytes(packet);
        head = head + 1 & packets.length - 1;
        count--;
        return packet;
    }

    private boolean grow() {
        if (packets.length == limit) {
            return false;
        }
        int old = packets.length;
        int capacity = Math.max(FIRST_CAPACITY, 2 * old);
        packets = Arrays.copyOf(packets, capacity);
        indices = Arrays.copyOf(indices, capacity);
        since = Arrays.copyOf(since, capacity);
        extensions = Arrays.copyOf(extensions, capacity);
        // The ring is full: what stood before its head goes behind what stood from its head on.
        System.arraycopy(packets, 0, packets, old, head);
        System.arraycopy(indices, 0, indices, old, head);
        System.arraycopy(since, 0, since, old, head);
        System.arraycopy(extensions, 0, extensions, old, head);
        Arrays.fill(packets, 0, head, null);
        Arrays.fill(extensions, 0, head, null);
        return true;
    }
}
