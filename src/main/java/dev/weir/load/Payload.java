package dev.weir.load;

import io.netty.buffer.ByteBuf;

/** Makes a packet's payload from so little that it can be made again, for a retransmission. */
interface Payload {
    /**
     * Appends a payload of {@code bytes}, which ends with a {@link Stamp}.
     *
     * @param bits what is special about this packet, for the implementation to know
     */
    void write(ByteBuf out, int bits, int bytes, long sentAt);
}
