package dev.weir.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Passes packets on to a cipher that works on direct buffers only. The media path has no others; one that comes all the
 * same goes through a copy.
 */
class OnDirectBuffers implements RtpCipher {
    private final RtpCipher cipher;

    OnDirectBuffers(RtpCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public void protectRtp(ByteBuf packet, int start, int headerBytes, int ssrc, long index) {
        if (packet.hasMemoryAddress()) {
            cipher.protectRtp(packet, start, headerBytes, ssrc, index);
            return;
        }
        ByteBuf direct = copy(packet, start);
        cipher.protectRtp(direct, 0, headerBytes, ssrc, index);
        replace(packet, start, direct);
    }

    @Override
    public void protectRtp(ByteBuf packet, int start, ByteBuf source, int from, int bytes, int ssrc, long index) {
        if (packet.hasMemoryAddress() && source.hasMemoryAddress()) {
            cipher.protectRtp(packet, start, source, from, bytes, ssrc, index);
            return;
        }
        int headerBytes = packet.writerIndex() - start;
        packet.writeBytes(source, from, bytes);
        protectRtp(packet, start, headerBytes, ssrc, index);
    }

    @Override
    public boolean unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, long index) {
        if (packet.hasMemoryAddress()) {
            return cipher.unprotectRtp(packet, headerBytes, ssrc, index);
        }
        ByteBuf direct = copy(packet, packet.readerIndex());
        boolean authentic = cipher.unprotectRtp(direct, headerBytes, ssrc, index);
        replace(packet, packet.readerIndex(), direct);
        return authentic;
    }

    @Override
    public void protectRtcp(ByteBuf packet, int ssrc, int index) {
        if (packet.hasMemoryAddress()) {
            cipher.protectRtcp(packet, ssrc, index);
            return;
        }
        ByteBuf direct = copy(packet, packet.readerIndex());
        cipher.protectRtcp(direct, ssrc, index);
        replace(packet, packet.readerIndex(), direct);
    }

    @Override
    public int rtcpIndexWord(ByteBuf packet) {
        return cipher.rtcpIndexWord(packet);
    }

    @Override
    public boolean unprotectRtcp(ByteBuf packet, int ssrc, int indexWord) {
        if (packet.hasMemoryAddress()) {
            return cipher.unprotectRtcp(packet, ssrc, indexWord);
        }
        ByteBuf direct = copy(packet, packet.readerIndex());
        boolean authentic = cipher.unprotectRtcp(direct, ssrc, indexWord);
        replace(packet, packet.readerIndex(), direct);
        return authentic;
    }

    private static ByteBuf copy(ByteBuf packet, int start) {
        int bytes = packet.writerIndex() - start;
        return Unpooled.directBuffer(bytes).writeBytes(packet, start, bytes);
    }

    private static void replace(ByteBuf packet, int start, ByteBuf direct) {
        packet.writerIndex(start).writeBytes(direct);
        direct.release();
    }

    @Override
    public void close() {
        cipher.close();
    }
}
