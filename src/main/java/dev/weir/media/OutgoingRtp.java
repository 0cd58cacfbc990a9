package dev.weir.media;

import io.netty.buffer.ByteBuf;

/**
 * One packet on its way out: the decision of a forwarder, before the sink writes it with its receiver's extension ids
 * and protects it. Reused by its forwarder for every packet, so that forwarding allocates nothing.
 */
public final class OutgoingRtp {
    /** The value of fields that a packet does not have. */
    public static final int NONE = -1;

    SendStream stream;
    int ssrc;
    long index;
    int payloadType;
    boolean marker;
    long timestamp;
    int csrc;
    ByteBuf source;
    int payloadOffset;
    int payloadBytes;
    int originalSequence;
    int pictureId;
    int tl0;
    int audioLevel;
    int descriptorOffset;
    int descriptorBytes;

    OutgoingRtp() {}

    /** The slot's stream, whose m-line's extension ids apply. */
    public SendStream stream() {
        return stream;
    }

    public int ssrc() {
        return ssrc;
    }

    /** The 48-bit packet index of SRTP (RFC 3711 section 3.3.1); its low 16 bits are the sequence number. */
    public long index() {
        return index;
    }

    public int payloadType() {
        return payloadType;
    }

    public boolean marker() {
        return marker;
    }

    /** Unsigned 32 bits. */
    public long timestamp() {
        return timestamp;
    }

    /** The source's, which is the packet's only CSRC. */
    public int csrc() {
        return csrc;
    }

    /** Holds the payload, and the dependency descriptor if there is one. Borrowed. */
    public ByteBuf source() {
        return source;
    }

    /** Absolute index in {@link #source()}. */
    public int payloadOffset() {
        return payloadOffset;
    }

    public int payloadBytes() {
        return payloadBytes;
    }

    /** For a retransmission: the sequence number that it repeats (RFC 4588 section 4); else {@link #NONE}. */
    public int originalSequence() {
        return originalSequence;
    }

    /** What the VP8 payload's picture id becomes, or {@link #NONE} for another codec. */
    public int pictureId() {
        return pictureId;
    }

    /** What its TL0PICIDX becomes, where it has one. */
    public int tl0() {
        return tl0;
    }

    /** The octet of RFC 6464, or {@link #NONE}. */
    public int audioLevel() {
        return audioLevel;
    }

    /** Absolute index of the dependency descriptor in {@link #source()}, or {@link #NONE}. */
    public int descriptorOffset() {
        return descriptorOffset;
    }

    public int descriptorBytes() {
        return descriptorBytes;
    }
}
