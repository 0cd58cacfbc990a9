package dev.weir.srtp;

import io.netty.buffer.ByteBuf;

/**
 * The transform of one profile under one side's keys: encrypts and decrypts packets, and knows nothing of streams and
 * replays. An instance belongs to one thread. Lengths have been checked by its callers.
 */
interface RtpCipher extends AutoCloseable {
    /**
     * Encrypts in place what follows the header of the packet that lies from {@code start} to the writer index, and
     * appends the tag; {@code index} is the 48-bit packet index (RFC 3711 section 3.3.1).
     */
    void protectRtp(ByteBuf packet, int start, int headerBytes, int ssrc, long index);

    /**
     * The same for a packet of which only the header lies from {@code start} to the writer index: the payload is
     * encrypted from where it lies in the source, which stays as it is, to behind the header.
     */
    void protectRtp(ByteBuf packet, int start, ByteBuf source, int from, int bytes, int ssrc, long index);

    /**
     * The reverse of either, in place between reader and writer index, with the tag cut off. False, with the packet
     * untouched, if it is not authentic.
     */
    boolean unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, long index);

    /**
     * Encrypts in place between reader and writer index what follows the first eight bytes, and appends tag and index
     * word; {@code index} is 31 bits, E is set.
     */
    void protectRtcp(ByteBuf packet, int ssrc, int index);

    /** The E bit and index of a protected RTCP packet, not yet authentic. */
    int rtcpIndexWord(ByteBuf packet);

    /** The reverse of {@link #protectRtcp}. False, with the packet untouched, if it is not authentic. */
    boolean unprotectRtcp(ByteBuf packet, int ssrc, int indexWord);

    /** Frees what is not the garbage collector's. Once; nothing else may be called after it. */
    @Override
    void close();
}
