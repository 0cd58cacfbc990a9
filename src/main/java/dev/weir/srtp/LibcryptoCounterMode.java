package dev.weir.srtp;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * AES128_CM_HMAC_SHA1_80 (RFC 3711 sections 4.1.1 and 4.2.1) by libcrypto, on direct buffers; {@link CounterModeCipher}
 * draws the packets. Allocates nothing per packet.
 */
final class LibcryptoCounterMode implements RtpCipher {
    private static final int TAG_BYTES = 10;
    private static final int RTCP_HEADER_BYTES = 8;
    private static final int ROLLOVER_BYTES = 4;
    private static final int E_BIT = 0x8000_0000;

    /** The scratch memory: IV, rollover counter, the whole MAC, and the length that libcrypto writes. */
    private static final int IV = 0;

    private static final int ROLLOVER = 16;
    private static final int MAC = 24;
    private static final int LENGTH = 48;
    private static final int SCRATCH_BYTES = 56;

    private final Arena arena = Arena.ofConfined();
    private final long scratch;
    private final Half rtp;
    private final Half rtcp;

    /** The keys and salt of RTP or of RTCP, the salt in two numbers as the IV is written. */
    private record Half(EvpCipher cipher, EvpHmac mac, long saltHigh, long saltLow) {
        static Half of(SessionKeys keys) {
            MemorySegment salt = MemorySegment.ofArray(keys.salt());
            return new Half(
                    new EvpCipher(Evp.aes128Ctr(), keys.encryption()),
                    new EvpHmac(keys.authentication()),
                    salt.get(NativeMemory.LONG, 0),
                    salt.get(NativeMemory.LONG, 6) << 16);
        }

        void close() {
            cipher.close();
            mac.close();
        }
    }

    LibcryptoCounterMode(SessionKeys rtpKeys, SessionKeys rtcpKeys) {
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
        crypt(rtp, plain, header + headerBytes, bytes, ssrc, index);
        authenticateRtp(header, headerBytes + bytes, index);
        NativeMemory.copy(scratch + MAC, header + headerBytes + bytes, TAG_BYTES);
    }

    @Override
    public boolean unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, long index) {
        int bytes = packet.readableBytes() - headerBytes - TAG_BYTES;
        long header = NativeMemory.packet(packet, packet.readerIndex(), headerBytes, bytes, TAG_BYTES);
        long body = header + headerBytes;
        authenticateRtp(header, headerBytes + bytes, index);
        if (!NativeMemory.equal(scratch + MAC, body + bytes, TAG_BYTES)) {
            return false;
        }
        crypt(rtp, body, body, bytes, ssrc, index);
        packet.writerIndex(packet.writerIndex() - TAG_BYTES);
        return true;
    }

    @Override
    public void protectRtcp(ByteBuf packet, int ssrc, int index) {
        int bytes = packet.readableBytes() - RTCP_HEADER_BYTES;
        int overhead = SrtpProfile.RTCP_INDEX_BYTES + TAG_BYTES;
        packet.ensureWritable(overhead);
        long header = NativeMemory.packet(packet, packet.readerIndex(), RTCP_HEADER_BYTES, bytes, overhead);
        long body = header + RTCP_HEADER_BYTES;
        crypt(rtcp, body, body, bytes, ssrc, index);
        NativeMemory.putInt(body + bytes, index | E_BIT);
        authenticateRtcp(header, RTCP_HEADER_BYTES + bytes + SrtpProfile.RTCP_INDEX_BYTES);
        NativeMemory.copy(scratch + MAC, body + bytes + SrtpProfile.RTCP_INDEX_BYTES, TAG_BYTES);
        packet.writerIndex(packet.writerIndex() + overhead);
    }

    @Override
    public int rtcpIndexWord(ByteBuf packet) {
        return packet.getInt(packet.writerIndex() - TAG_BYTES - SrtpProfile.RTCP_INDEX_BYTES);
    }

    @Override
    public boolean unprotectRtcp(ByteBuf packet, int ssrc, int indexWord) {
        int overhead = SrtpProfile.RTCP_INDEX_BYTES + TAG_BYTES;
        int bytes = packet.readableBytes() - RTCP_HEADER_BYTES - overhead;
        long header = NativeMemory.packet(packet, packet.readerIndex(), RTCP_HEADER_BYTES, bytes, overhead);
        long body = header + RTCP_HEADER_BYTES;
        authenticateRtcp(header, RTCP_HEADER_BYTES + bytes + SrtpProfile.RTCP_INDEX_BYTES);
        if (!NativeMemory.equal(scratch + MAC, body + bytes + SrtpProfile.RTCP_INDEX_BYTES, TAG_BYTES)) {
            return false;
        }
        crypt(rtcp, body, body, bytes, ssrc, indexWord & ~E_BIT);
        packet.writerIndex(packet.writerIndex() - overhead);
        return true;
    }

    /** Encrypts or decrypts, which is the same. */
    private void crypt(Half half, long from, long to, int bytes, int ssrc, long index) {
        if (bytes == 0) {
            return;
        }
        long context = half.cipher.context();
        NativeMemory.putLong(scratch + IV, half.saltHigh ^ ssrc & 0xFFFF_FFFFL);
        NativeMemory.putLong(scratch + IV + 8, half.saltLow ^ index << 16);
        Evp.initCipher(context, 0, 0, scratch + IV, true);
        Evp.updateCipher(context, to, scratch + LENGTH, from, bytes);
    }

    private void authenticateRtp(long from, int bytes, long index) {
        rtp.mac.begin();
        NativeMemory.putInt(scratch + ROLLOVER, (int) (index >>> 16));
        rtp.mac.update(from, bytes);
        rtp.mac.update(scratch + ROLLOVER, ROLLOVER_BYTES);
        rtp.mac.finish(scratch + MAC);
    }

    private void authenticateRtcp(long from, int bytes) {
        rtcp.mac.begin();
        rtcp.mac.update(from, bytes);
        rtcp.mac.finish(scratch + MAC);
    }

    @Override
    public void close() {
        rtp.close();
        rtcp.close();
        arena.close();
    }
}
