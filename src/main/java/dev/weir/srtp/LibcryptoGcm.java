package dev.weir.srtp;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * AEAD_AES_128_GCM (RFC 7714) by libcrypto, on direct buffers; {@link GcmCipher} draws the packets. Allocates nothing
 * per packet.
 */
final class LibcryptoGcm implements RtpCipher {
    private static final int TAG_BYTES = 16;
    private static final int RTCP_HEADER_BYTES = 8;
    private static final int E_BIT = 0x8000_0000;

    /** The scratch memory: IV, and the length that libcrypto writes and nobody reads. */
    private static final int IV = 0;

    private static final int LENGTH = 16;
    private static final int SCRATCH_BYTES = 24;

    private final Arena arena = Arena.ofConfined();
    private final long scratch;
    private final Half rtp;
    private final Half rtcp;

    /** The key and salt of RTP or of RTCP, the salt in two numbers as the IV is written. */
    private record Half(EvpCipher cipher, int salt32, long salt64) {
        static Half of(SessionKeys keys) {
            MemorySegment salt = MemorySegment.ofArray(keys.salt());
            return new Half(
                    new EvpCipher(Evp.aes128Gcm(), keys.encryption()),
                    salt.get(NativeMemory.INT, 0),
                    salt.get(NativeMemory.LONG, 4));
        }
    }

    LibcryptoGcm(SessionKeys rtpKeys, SessionKeys rtcpKeys) {
        scratch = NativeMemory.address(arena.allocate(SCRATCH_BYTES), 0, SCRATCH_BYTES);
        rtp = Half.of(rtpKeys);
        rtcp = Half.of(rtcpKeys);
    }

    @Override
    public void protectRtp(ByteBuf packet, int start, int headerBytes, int ssrc, long index) {
        int bytes = packet.writerIndex() - start - headerBytes;
        packet.ensureWritable(TAG_BYTES);
        long header = NativeMemory.packet(packet, start, headerBytes, bytes, TAG_BYTES);
        sealRtp(header, headerBytes, header + headerBytes, bytes, ssrc, index);
        packet.writerIndex(packet.writerIndex() + TAG_BYTES);
    }

    @Override
    public void protectRtp(ByteBuf packet, int start, ByteBuf source, int from, int bytes, int ssrc, long index) {
        int headerBytes = packet.writerIndex() - start;
        long plain = NativeMemory.address(source, from, bytes);
        packet.ensureWritable(bytes + TAG_BYTES);
        long header = NativeMemory.packet(packet, start, headerBytes, bytes, TAG_BYTES);
        sealRtp(header, headerBytes, plain, bytes, ssrc, index);
        packet.writerIndex(packet.writerIndex() + bytes + TAG_BYTES);
    }

    /** Encrypts from {@code plain} to behind the header, and puts the tag behind that. */
    private void sealRtp(long header, int headerBytes, long plain, int bytes, int ssrc, long index) {
        long context = begin(rtp, ssrc, index, true);
        authenticate(context, header, headerBytes);
        crypt(context, plain, header + headerBytes, bytes);
        seal(context, header + headerBytes + bytes);
    }

    @Override
    public boolean unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, long index) {
        int bytes = packet.readableBytes() - headerBytes - TAG_BYTES;
        long header = NativeMemory.packet(packet, packet.readerIndex(), headerBytes, bytes, TAG_BYTES);
        long body = header + headerBytes;
        long context = begin(rtp, ssrc, index, false);
        authenticate(context, header, headerBytes);
        crypt(context, body, body, bytes);
        if (!open(context, body + bytes)) {
            restore(rtp, ssrc, index, body, bytes);
            return false;
        }
        packet.writerIndex(packet.writerIndex() - TAG_BYTES);
        return true;
    }

    @Override
    public void protectRtcp(ByteBuf packet, int ssrc, int index) {
        int bytes = packet.readableBytes() - RTCP_HEADER_BYTES;
        int overhead = TAG_BYTES + SrtpProfile.RTCP_INDEX_BYTES;
        packet.ensureWritable(overhead);
        long header = NativeMemory.packet(packet, packet.readerIndex(), RTCP_HEADER_BYTES, bytes, overhead);
        long body = header + RTCP_HEADER_BYTES;
        long word = body + bytes + TAG_BYTES;
        long context = begin(rtcp, ssrc, index, true);
        NativeMemory.putInt(word, index | E_BIT);
        authenticate(context, header, RTCP_HEADER_BYTES);
        authenticate(context, word, SrtpProfile.RTCP_INDEX_BYTES);
        crypt(context, body, body, bytes);
        seal(context, body + bytes);
        packet.writerIndex(packet.writerIndex() + overhead);
    }

    @Override
    public int rtcpIndexWord(ByteBuf packet) {
        return packet.getInt(packet.writerIndex() - SrtpProfile.RTCP_INDEX_BYTES);
    }

    @Override
    public boolean unprotectRtcp(ByteBuf packet, int ssrc, int indexWord) {
        int overhead = TAG_BYTES + SrtpProfile.RTCP_INDEX_BYTES;
        int bytes = packet.readableBytes() - RTCP_HEADER_BYTES - overhead;
        long header = NativeMemory.packet(packet, packet.readerIndex(), RTCP_HEADER_BYTES, bytes, overhead);
        long body = header + RTCP_HEADER_BYTES;
        int index = indexWord & ~E_BIT;
        long context = begin(rtcp, ssrc, index, false);
        authenticate(context, header, RTCP_HEADER_BYTES);
        authenticate(context, body + bytes + TAG_BYTES, SrtpProfile.RTCP_INDEX_BYTES);
        crypt(context, body, body, bytes);
        if (!open(context, body + bytes)) {
            restore(rtcp, ssrc, index, body, bytes);
            return false;
        }
        packet.writerIndex(packet.writerIndex() - overhead);
        return true;
    }

    /** The index fills the last 48 bits: rollover counter and sequence, or two zeros and the 31 bits of SRTCP. */
    private long begin(Half half, int ssrc, long index, boolean encrypt) {
        long context = half.cipher.context();
        NativeMemory.putInt(scratch + IV, half.salt32 ^ ssrc >>> 16);
        NativeMemory.putLong(scratch + IV + 4, half.salt64 ^ ((long) ssrc << 48 | index));
        Evp.initCipher(context, 0, 0, scratch + IV, encrypt);
        return context;
    }

    private void authenticate(long context, long from, int bytes) {
        Evp.updateCipher(context, 0, scratch + LENGTH, from, bytes);
    }

    private void crypt(long context, long from, long to, int bytes) {
        if (bytes > 0) {
            Evp.updateCipher(context, to, scratch + LENGTH, from, bytes);
        }
    }

    private void seal(long context, long tag) {
        if (!Evp.finishCipher(context, tag, scratch + LENGTH)) {
            throw new IllegalStateException("EVP_CipherFinal_ex failed");
        }
        Evp.getTag(context, tag, TAG_BYTES);
    }

    private boolean open(long context, long tag) {
        Evp.setTag(context, tag, TAG_BYTES);
        return Evp.finishCipher(context, tag, scratch + LENGTH);
    }

    /** A forged packet was decrypted before that was known; the same key stream over it brings it back. */
    private void restore(Half half, int ssrc, long index, long body, int bytes) {
        crypt(begin(half, ssrc, index, true), body, body, bytes);
    }

    @Override
    public void close() {
        rtp.cipher.close();
        rtcp.cipher.close();
        arena.close();
    }
}
