package dev.weir.peer;

import dev.weir.media.OutgoingRtp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * What of a packet is not in the run yet to which its header is already written, and what is to be known of it. One per
 * viewer, used for packet after packet.
 */
final class Draft {
    /** The number of a packet that has none transport-wide. */
    static final int UNNUMBERED = -1;

    /** For SRTP; see {@link dev.weir.srtp.SrtpProtector#protectRtp}. */
    long index;

    /** Where what is written lies among the {@link Gathered#headers}, and how much that is. */
    int at;

    int written;

    /** Of what is written, the header alone: what follows it begins the payload. */
    int headerBytes;

    int transportNumber;

    /** When it could have left, had it not waited for a run. */
    long since;

    /** Whether packets of the same size are likely to follow. */
    boolean more;

    /** Where the rest of the payload lies, to be encrypted from there. Borrowed. */
    ByteBuf source = Unpooled.EMPTY_BUFFER;

    int from;
    int bytes;

    /** Whose picture it is part of; null: of none, or of one that is sent again. */
    Slot slot;

    /** Whether the picture ends here. */
    boolean last;

    /** Notes what is known of a slot's packet before it is written. */
    void begin(long now, int number, Slot slot, OutgoingRtp packet) {
        boolean again = packet.originalSequence() != OutgoingRtp.NONE;
        this.since = now;
        this.transportNumber = number;
        this.slot = again ? null : slot;
        this.last = packet.marker();
        this.more = !again && !packet.marker();
    }
}
