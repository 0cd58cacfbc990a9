package dev.weir.srtp;

import io.netty.buffer.ByteBuf;

/**
 * The transform of one profile under one side's keys: encrypts and decrypts a packet in place between its reader and
 * writer index, and knows nothing of streams and replays. An instance belongs to one thread. Lengths have been checked
 * by its callers.
 */
interface RtpCipher {
    /**
     * Encrypts what follows the header and appends the tag; {@code index} is the 48-bit packet index (RFC 3711 section
     * 3.3.1).
     */
    void protectRtp(ByteBuf packet, int headerBytes, int ssrc, long index);

    /** The reverse, with the tag cut off. False, with the packet untouched, if it is not authentic. */
    boolean unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, long index);

    /**
     * Encrypts what follows the first eight bytes and appends tag and index word; {@code index} is 31 bits, E is set.
     */
    void protectRtcp(ByteBuf packet, int ssrc, int index);

    /** The E bit and index of a protected RTCP packet, not yet authentic. */
    int rtcpIndexWord(ByteBuf packet);

    /** The reverse of {@link #protectRtcp}. False, with the packet untouched, if it is not authentic. */
    boolean unprotectRtcp(ByteBuf packet, int ssrc, int indexWord);
}
