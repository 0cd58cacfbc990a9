package dev.weir.srtp;

import io.netty.buffer.ByteBuf;

/**
 * The two byte arrays through which packets pass Java's ciphers, which are slower on direct buffers. Two, since on
 * one the ciphers would copy. They grow with the largest packet, which a datagram bounds to 64 kB.
 */
final class Scratch {
    private static final int FIRST_BYTES = 1_536;

    private byte[] in = new byte[FIRST_BYTES];
    private byte[] out = new byte[FIRST_BYTES];

    /**
     * Copies the packet, which goes from {@code start} to the writer index, to the start of {@link #in}, with
     * {@code room} bytes behind it in both arrays. Returns its size.
     */
    int load(ByteBuf packet, int start, int room) {
        int bytes = packet.writerIndex() - start;
        if (bytes + room > in.length) {
            int size = Integer.highestOneBit(bytes + room) << 1;
            in = new byte[size];
            out = new byte[size];
        }
        packet.getBytes(start, in, 0, bytes);
        return bytes;
    }

    /** Makes the packet end at {@code from}, then appends that much of {@link #out}. */
    void store(ByteBuf packet, int from, int bytes) {
        packet.writerIndex(from);
        packet.writeBytes(out, 0, bytes);
    }

    byte[] in() {
        return in;
    }

    byte[] out() {
        return out;
    }
}
