package dev.weir.shard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * How a socket is read: many datagrams with one system call, and again only while there were as many as it takes, up to
 * a bound for each turn of the loop. Netty's own reads on until the kernel has nothing, which is one call more for each
 * wake-up.
 */
final class FullReads implements RecvByteBufAllocator {
    private final int bufferBytes;
    private final int datagramsPerRead;
    private final int readsPerTurn;

    /** @param bufferBytes for all datagrams of one read */
    FullReads(int bufferBytes, int datagramsPerRead, int readsPerTurn) {
        this.bufferBytes = bufferBytes;
        this.datagramsPerRead = datagramsPerRead;
        this.readsPerTurn = readsPerTurn;
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new Reads();
    }

    // The class that Netty asks for is one that it deprecates, to be extended by.
    @SuppressWarnings("deprecation")
    private final class Reads implements ExtendedHandle {
        private int reads;
        private int datagrams;
        private int lastBytes;
        private int attemptedBytes;

        @Override
        public ByteBuf allocate(ByteBufAllocator buffers) {
            return buffers.ioBuffer(bufferBytes);
        }

        @Override
        public int guess() {
            return bufferBytes;
        }

        @Override
        public void reset(ChannelConfig config) {
            reads = 0;
            datagrams = 0;
        }

        @Override
        public void incMessagesRead(int messages) {
            reads++;
            datagrams = messages;
        }

        @Override
        public void lastBytesRead(int bytes) {
            lastBytes = bytes;
        }

        @Override
        public int lastBytesRead() {
            return lastBytes;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attemptedBytes = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attemptedBytes;
        }

        @Override
        public boolean continueReading() {
            return datagrams >= datagramsPerRead && reads < readsPerTurn;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return continueReading();
        }

        @Override
        public void readComplete() {}
    }
}
