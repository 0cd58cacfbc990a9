package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Appends RTP headers to borrowed buffers. Made once and used for packet after packet: {@link #begin}, perhaps {@link
 * #csrc}, the extensions, {@link #end}; then the caller appends the payload, and perhaps {@link #pad}s.
 *
 * <p>Extensions are written in the one-byte form of RFC 8285 while they fit it. The first that does not (an id above
 * 14, or data of 0 or more than 16 bytes) makes the whole block two-byte: a block has one form. Id 0 means that the
 * extension was not negotiated, and writes nothing.
 */
public final class RtpWriter {
    /** The most extensions in one header; Weir negotiates fewer. */
    public static final int MAX_EXTENSIONS = 16;

    private static final int ONE_BYTE_MAX_BYTES = 16;
    private static final int MAX_EXTENSION_BYTES = 255;
    private static final int MAX_PADDING_BYTES = 255;

    private ByteBuf out;
    private int start;
    private int block;
    private boolean twoByte;
    private int count;
    private final int[] elements = new int[MAX_EXTENSIONS];

    /** Starts a packet at the writer index. Sequence and timestamp are cut to their 16 and 32 bits. */
    public RtpWriter begin(ByteBuf target, int payloadType, boolean marker, long sequence, long timestamp, int ssrc) {
        out = target;
        start = target.writerIndex();
        count = 0;
        twoByte = false;
        target.writeByte(RtpView.VERSION << 6);
        target.writeByte((marker ? RtpView.MARKER_BIT : 0) | payloadType & 0x7F);
        target.writeShort((int) sequence);
        target.writeInt((int) timestamp);
        target.writeInt(ssrc);
        return this;
    }

    /** Names the one source of the packet; before any extension. */
    public RtpWriter csrc(int csrc) {
        out.setByte(start, out.getByte(start) | 1);
        out.writeInt(csrc);
        return this;
    }

    /** Adds an extension of up to 255 bytes, such as a mid. */
    public RtpWriter extension(int id, byte[] value) {
        if (id != 0) {
            element(id, value.length);
            // One by one: for an array a pooled buffer makes an NIO buffer, which is garbage.
            for (byte each : value) {
                out.writeByte(each);
            }
        }
        return this;
    }

    /** Adds an extension whose data, up to 255 bytes, are copied from another buffer; its indices stay. */
    public RtpWriter extension(int id, ByteBuf source, int offset, int bytes) {
        if (id != 0) {
            element(id, bytes);
            for (int i = 0; i < bytes; i++) {
                out.writeByte(source.getByte(offset + i));
            }
        }
        return this;
    }

    /** Adds an extension of one byte, such as an audio level. */
    public RtpWriter extension8(int id, int value) {
        if (id != 0) {
            element(id, 1);
            out.writeByte(value);
        }
        return this;
    }

    /** Adds an extension of two bytes, such as a transport-wide sequence number. */
    public RtpWriter extension16(int id, int value) {
        if (id != 0) {
            element(id, 2);
            out.writeShort(value);
        }
        return this;
    }

    /** Adds an extension of three bytes, such as abs-send-time. */
    public RtpWriter extension24(int id, int value) {
        if (id != 0) {
            element(id, 3);
            out.writeMedium(value);
        }
        return this;
    }

    /** Closes the header; the payload comes next. Returns the header's size in bytes. */
    public int end() {
        if (count > 0) {
            closeBlock();
        }
        return out.writerIndex() - start;
    }

    /**
     * Appends padding (RFC 3550 section 5.1) to the packet that began at {@code packetStart} and ends at the writer
     * index. {@code paddingBytes} is 0..255 and counts its own last byte; 0 changes nothing.
     */
    public static void pad(ByteBuf packet, int packetStart, int paddingBytes) {
        if (paddingBytes < 0 || paddingBytes > MAX_PADDING_BYTES) {
            throw new IllegalArgumentException("padding of " + paddingBytes + " bytes");
        }
        if (paddingBytes == 0) {
            return;
        }
        announcePadding(packet, packetStart);
        packet.writeZero(paddingBytes - 1);
        packet.writeByte(paddingBytes);
    }

    /** Says in the header at {@code packetStart} that there is padding, which somebody else appends. */
    public static void announcePadding(ByteBuf packet, int packetStart) {
        packet.setByte(packetStart, packet.getByte(packetStart) | RtpView.PADDING_BIT);
    }

    private void element(int id, int bytes) {
        if (id < 0 || id > RtpView.MAX_ID || bytes > MAX_EXTENSION_BYTES || count == MAX_EXTENSIONS) {
            throw new IllegalArgumentException("extension " + id + " of " + bytes + " bytes after " + count);
        }
        if (count == 0) {
            block = out.writerIndex();
            out.writeZero(RtpView.EXTENSION_HEADER_BYTES);
        }
        if (!twoByte && (id > RtpView.ONE_BYTE_MAX_ID || bytes == 0 || bytes > ONE_BYTE_MAX_BYTES)) {
            widen();
        }
        elements[count++] = out.writerIndex();
        if (twoByte) {
            out.writeByte(id);
            out.writeByte(bytes);
        } else {
            out.writeByte(id << 4 | bytes - 1);
        }
    }

    /** Makes the elements written so far two-byte ones: the n-th moves up by n bytes, from the last to the first. */
    private void widen() {
        twoByte = true;
        out.writeZero(count);
        for (int i = count - 1; i >= 0; i--) {
            int from = elements[i];
            int head = out.getUnsignedByte(from);
            int bytes = (head & 0x0F) + 1;
            int to = from + i;
            for (int b = bytes - 1; b >= 0; b--) {
                out.setByte(to + 2 + b, out.getByte(from + 1 + b));
            }
            out.setByte(to, head >>> 4);
            out.setByte(to + 1, bytes);
            elements[i] = to;
        }
    }

    private void closeBlock() {
        int data = block + RtpView.EXTENSION_HEADER_BYTES;
        out.writeZero(data - out.writerIndex() & 3);
        out.setByte(start, out.getByte(start) | RtpView.EXTENSION_BIT);
        out.setShort(block, twoByte ? RtpView.TWO_BYTE_PROFILE : RtpView.ONE_BYTE_PROFILE);
        out.setShort(block + 2, out.writerIndex() - data >> 2);
    }
}
