package dev.weir.load;

import io.netty.buffer.ByteBuf;

/**
 * The last bytes of each payload: which run of the generator sent it, and when. Sender and receiver share a clock, as
 * they are one process.
 *
 * <pre>
 * | magic 4 | run 4 | nanoseconds since the run's start 8 |
 * </pre>
 */
final class Stamp {
    static final int BYTES = 16;

    /** What {@link #read} says of a payload that this run did not make. */
    static final long NONE = -1;

    private static final int MAGIC = 0x57_45_49_52;

    private Stamp() {}

    static void write(ByteBuf out, int run, long now) {
        out.writeInt(MAGIC).writeInt(run).writeLong(now);
    }

    /** When the packet was sent whose payload ends at {@code end}, or {@link #NONE}. */
    static long read(ByteBuf packet, int payloadOffset, int payloadBytes, int run) {
        int at = payloadOffset + payloadBytes - BYTES;
        boolean ours = payloadBytes >= BYTES && packet.getInt(at) == MAGIC && packet.getInt(at + 4) == run;
        return ours ? packet.getLong(at + 8) : NONE;
    }
}
