package dev.weir.peer;

import io.netty.buffer.ByteBuf;

/** What the first bytes of a datagram tell that is neither STUN nor DTLS. */
final class Datagrams {
    private static final int MIN_RTCP_BYTES = 8;

    private Datagrams() {}

    /** The first byte of RTP and RTCP is 128 to 191 (RFC 7983 section 7). */
    static boolean isRtp(ByteBuf datagram) {
        return datagram.readableBytes() >= MIN_RTCP_BYTES && (datagram.getByte(datagram.readerIndex()) & 0xc0) == 0x80;
    }

    /** The second byte of RTCP, with its marker bit, is 192 to 223 (RFC 5761 section 4). */
    static boolean isRtcp(ByteBuf datagram) {
        return (datagram.getUnsignedByte(datagram.readerIndex() + 1) & 0xe0) == 0xc0;
    }
}
