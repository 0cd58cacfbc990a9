package dev.weir.srtp;

import io.netty.buffer.ByteBuf;

/** Protects what goes out under one master key, in place. Belongs to one thread. */
public final class SrtpProtector {
    private static final int SSRC = 8;
    private static final int RTCP_SSRC = 4;
    private static final int RTCP_INDEX_MASK = 0x7FFF_FFFF;

    private final RtpCipher cipher;
    private int rtcpIndex;

    public SrtpProtector(SrtpProfile profile, SrtpKeys keys) {
        this(profile.cipher(keys));
    }

    SrtpProtector(RtpCipher cipher) {
        this.cipher = cipher;
    }

    /**
     * Encrypts the packet between reader and writer index behind its header, and appends the tag, for which the buffer
     * grows if it must. Never give an index of an SSRC twice: the key stream would be the same (and the JDK's GCM
     * throws, where the two follow each other). A retransmission has the SSRC and sequence of its own RTX stream.
     *
     * @param headerBytes RTP header with CSRCs and extensions
     * @param index rollover counter and sequence of the packet, 48 bits (RFC 3711 section 3.3.1)
     */
    public void protectRtp(ByteBuf packet, int headerBytes, long index) {
        cipher.protectRtp(packet, headerBytes, packet.getInt(packet.readerIndex() + SSRC), index);
    }

    /**
     * Encrypts the compound packet between reader and writer index, and appends tag and SRTCP index, for which the
     * buffer grows if it must. All SSRCs count in one row of indices, which RFC 3711 section 3.4 allows: each sees it
     * rise.
     */
    public void protectRtcp(ByteBuf packet) {
        cipher.protectRtcp(packet, packet.getInt(packet.readerIndex() + RTCP_SSRC), rtcpIndex);
        rtcpIndex = rtcpIndex + 1 & RTCP_INDEX_MASK;
    }
}
