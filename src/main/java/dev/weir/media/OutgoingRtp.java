package dev.weir.media;

import dev.weir.rtp.Bytes;
import dev.weir.rtp.Codec;
import dev.weir.rtp.DescriptorWriter;
import dev.weir.rtp.Vp8Descriptor;
import dev.weir.rtp.Vp9Descriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

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
    boolean lasting;
    int payloadOffset;
    int payloadBytes;
    int originalSequence;
    int pictureId;
    int tl0;
    int audioLevel;
    Codec codec;
    boolean announces;
    int activeTargets;

    private final Vp8Descriptor vp8 = new Vp8Descriptor();
    private final Vp9Descriptor vp9 = new Vp9Descriptor();
    private ByteBuf descriptor = Unpooled.EMPTY_BUFFER;

    OutgoingRtp() {}

    void clearDescriptor() {
        descriptor.clear();
    }

    /** Copies a dependency descriptor in, its numbers moved as the segment's are. */
    void moveDescriptor(int offset, int bytes, Segment segment) {
        makeRoom();
        DescriptorWriter.write(source, offset, bytes, segment.frameOffset(), segment.templateOffset(), descriptor);
    }

    /** The same, with {@link #activeTargets}. */
    void moveDescriptor(int offset, int bytes, Segment segment, int targets, int activeAt) {
        makeRoom();
        DescriptorWriter.write(
                source,
                offset,
                bytes,
                segment.frameOffset(),
                segment.templateOffset(),
                descriptor,
                activeTargets,
                targets,
                activeAt);
    }

    private void makeRoom() {
        if (descriptor.capacity() == 0) {
            descriptor = Unpooled.buffer(DescriptorWriter.MAX_BYTES);
        }
        descriptor.clear();
    }

    /**
     * Appends what of the payload is this slot's own: the codec's descriptor, with its picture id as it is here. The rest
     * is the source's as it stands.
     *
     * @return how many of the payload's bytes that was
     */
    public int writeDescriptor(ByteBuf target) {
        if (pictureId == NONE) {
            return 0;
        }
        int start = target.writerIndex();
        if (codec == Codec.VP8 && vp8.wrap(source, payloadOffset, payloadBytes)) {
            Bytes.append(target, source, payloadOffset, vp8.headerBytes());
            vp8.rewrite(target, start, pictureId, tl0);
        } else if (codec == Codec.VP9 && vp9.wrap(source, payloadOffset, payloadBytes)) {
            Bytes.append(target, source, payloadOffset, vp9.headerBytes());
            vp9.rewrite(target, start, pictureId, tl0);
        }
        return target.writerIndex() - start;
    }

    /** Appends the whole payload. */
    public void writePayload(ByteBuf target) {
        int written = writeDescriptor(target);
        Bytes.append(target, source, payloadOffset + written, payloadBytes - written);
    }

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

    /** Holds the payload. Borrowed. */
    public ByteBuf source() {
        return source;
    }

    /** Whether the source's bytes stay as they are while it is retained; else they are good for the call only. */
    public boolean lasting() {
        return lasting;
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

    /** What the picture id of a VP8 or VP9 payload becomes, or {@link #NONE} where there is none. */
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

    /** The dependency descriptor as its readable bytes, none where there is none. Borrowed. */
    public ByteBuf descriptor() {
        return descriptor;
    }
}
