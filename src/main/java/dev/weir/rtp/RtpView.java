package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * A view of one RTP packet (RFC 3550 section 5.1) in a buffer that is borrowed, between its reader and writer index. It
 * is made once and moved from packet to packet; what it says is valid until the next wrap, or until the buffer goes.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |                             SSRC                              |
 * |                        CSRC, CC times                         |
 * |      extension profile        |       length in words         |  where X is set
 * |                      header extensions                        |
 * </pre>
 */
public final class RtpView {
    /** Bytes of a header without CSRCs and extensions; no RTP packet is shorter. */
    public static final int FIXED_HEADER_BYTES = 12;

    static final int SEQUENCE = 2;
    static final int TIMESTAMP = 4;
    static final int SSRC = 8;
    static final int VERSION = 2;
    static final int PADDING_BIT = 0x20;
    static final int EXTENSION_BIT = 0x10;
    static final int MARKER_BIT = 0x80;

    /** The profile of the one-byte form, RFC 8285 section 4.2. */
    static final int ONE_BYTE_PROFILE = 0xBEDE;
    /** The profile of the two-byte form; its low four bits are the application's, RFC 8285 section 4.3. */
    static final int TWO_BYTE_PROFILE = 0x1000;

    static final int TWO_BYTE_PROFILE_MASK = 0xFFF0;
    static final int EXTENSION_HEADER_BYTES = 4;
    static final int ONE_BYTE_MAX_ID = 14;
    static final int MAX_ID = 255;

    private static final int ONE_BYTE_STOP_ID = 15;

    private ByteBuf buffer;
    private int start;
    private int payloadOffset;
    private int payloadBytes;
    private int paddingBytes;

    // An id is present if its generation is the current one, so that a wrap clears 256 entries by adding one.
    private long generation;
    private final long[] generations = new long[MAX_ID + 1];
    private final int[] offsets = new int[MAX_ID + 1];
    private final int[] lengths = new int[MAX_ID + 1];

    /** Takes a whole packet in the clear. False means malformed: then nothing else may be asked. */
    public boolean wrap(ByteBuf packet) {
        return wrapHeader(packet) && cutPadding();
    }

    /**
     * Takes a packet whose payload is still encrypted: the header is read, and all behind it counts as payload, with
     * padding and authentication tag. False means malformed: then nothing else may be asked.
     */
    public boolean wrapHeader(ByteBuf packet) {
        buffer = packet;
        start = packet.readerIndex();
        paddingBytes = 0;
        generation++;
        int end = packet.writerIndex();
        if (end - start < FIXED_HEADER_BYTES || first() >>> 6 != VERSION) {
            return false;
        }
        int offset = start + FIXED_HEADER_BYTES + csrcCount() * Integer.BYTES;
        if ((first() & EXTENSION_BIT) != 0) {
            if (end - offset < EXTENSION_HEADER_BYTES) {
                return false;
            }
            int profile = packet.getUnsignedShort(offset);
            int extensionsEnd = offset + EXTENSION_HEADER_BYTES + packet.getUnsignedShort(offset + 2) * Integer.BYTES;
            offset += EXTENSION_HEADER_BYTES;
            if (extensionsEnd > end || !readExtensions(profile, offset, extensionsEnd)) {
                return false;
            }
            offset = extensionsEnd;
        }
        payloadOffset = offset;
        payloadBytes = end - offset;
        return payloadBytes >= 0;
    }

    private boolean readExtensions(int profile, int offset, int end) {
        if (profile == ONE_BYTE_PROFILE) {
            return readOneByteExtensions(offset, end);
        }
        // Another profile is another's private matter and is stepped over (RFC 3550 section 5.3.1).
        return (profile & TWO_BYTE_PROFILE_MASK) != TWO_BYTE_PROFILE || readTwoByteExtensions(offset, end);
    }

    private boolean readOneByteExtensions(int offset, int end) {
        int at = offset;
        while (at < end) {
            int head = buffer.getUnsignedByte(at++);
            if (head == 0) {
                continue;
            }
            int id = head >>> 4;
            if (id == 0 || id == ONE_BYTE_STOP_ID) {
                // Both end the reading, and what came before them counts (RFC 8285 section 4.2).
                return true;
            }
            int bytes = (head & 0x0F) + 1;
            if (bytes > end - at) {
                return false;
            }
            found(id, at, bytes);
            at += bytes;
        }
        return true;
    }

    private boolean readTwoByteExtensions(int offset, int end) {
        int at = offset;
        while (at < end) {
            int id = buffer.getUnsignedByte(at++);
            if (id == 0) {
                continue;
            }
            if (at == end) {
                return false;
            }
            int bytes = buffer.getUnsignedByte(at++);
            if (bytes > end - at) {
                return false;
            }
            found(id, at, bytes);
            at += bytes;
        }
        return true;
    }

    private void found(int id, int offset, int bytes) {
        generations[id] = generation;
        offsets[id] = offset;
        lengths[id] = bytes;
    }

    private boolean cutPadding() {
        if ((first() & PADDING_BIT) == 0) {
            return true;
        }
        if (payloadBytes == 0) {
            return false;
        }
        paddingBytes = buffer.getUnsignedByte(payloadOffset + payloadBytes - 1);
        payloadBytes -= paddingBytes;
        return paddingBytes > 0 && payloadBytes >= 0;
    }

    private int first() {
        return buffer.getUnsignedByte(start);
    }

    /** The buffer last wrapped; still borrowed. */
    public ByteBuf buffer() {
        return buffer;
    }

    /** All 32 bits, as an int that may be negative. */
    public int ssrc() {
        return buffer.getInt(start + SSRC);
    }

    /** 0..65535. */
    public int sequence() {
        return buffer.getUnsignedShort(start + SEQUENCE);
    }

    /** 0..2^32-1, in ticks of the codec's clock. */
    public long timestamp() {
        return buffer.getUnsignedInt(start + TIMESTAMP);
    }

    /** 0..127. */
    public int payloadType() {
        return buffer.getUnsignedByte(start + 1) & 0x7F;
    }

    public boolean marker() {
        return (buffer.getByte(start + 1) & MARKER_BIT) != 0;
    }

    /** 0..15. */
    public int csrcCount() {
        return first() & 0x0F;
    }

    /** From the start of the packet to the payload, CSRCs and extensions included. */
    public int headerBytes() {
        return payloadOffset - start;
    }

    /** Where the payload begins, as an index into the buffer. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** The payload's size without padding; after {@link #wrapHeader}, all that follows the header. */
    public int payloadBytes() {
        return payloadBytes;
    }

    /** The P bit of the packet that begins at an index. */
    public static boolean isPadded(ByteBuf packet, int index) {
        return (packet.getByte(index) & PADDING_BIT) != 0;
    }

    /** 0..255, the byte that counts them included; 0 after {@link #wrapHeader}. */
    public int paddingBytes() {
        return paddingBytes;
    }

    /**
     * Where the extension's data begin, as an index into the buffer, or -1 if the packet has none of that id (0..255).
     */
    public int extensionOffset(int id) {
        return generations[id] == generation ? offsets[id] : -1;
    }

    /** The size of the extension's data, 0..255; 0 also where the packet has none. */
    public int extensionBytes(int id) {
        return generations[id] == generation ? lengths[id] : 0;
    }
}
