package dev.weir.srtp;

import dev.weir.rtp.Bytes;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES128_CM_HMAC_SHA1_80 (RFC 3711 sections 4.1.1 and 4.2.1) with ciphers of the JDK or of a
 * provider installed in it.
 *
 * <pre>
 * RTP:  header | payload (encrypted) | tag 10; the tag is over all before it and the rollover counter
 * RTCP: first 8 bytes | the rest (encrypted) | E and index 4 | tag 10; the tag is over all before it
 * IV:   0 0 0 0 | SSRC 4 | index 6 | counter 2     xor salt 14
 * </pre>
 */
final class CounterModeCipher implements RtpCipher {
    private static final int TAG_BYTES = 10;
    private static final int MAC_BYTES = 20;
    private static final int IV_BYTES = 16;
    private static final int SALT_BYTES = 14;
    private static final int RTCP_HEADER_BYTES = 8;
    private static final int E_BIT = 0x8000_0000;

    private final Scratch scratch = new Scratch();
    private final byte[] iv = new byte[IV_BYTES];
    private final byte[] tag = new byte[MAC_BYTES];
    private final Half rtp;
    private final Half rtcp;

    /** The keys, salt and ciphers of RTP or of RTCP. */
    private record Half(SecretKeySpec key, byte[] salt, Cipher cipher, Mac mac) {}

    CounterModeCipher(SessionKeys rtpKeys, SessionKeys rtcpKeys, Jca jca) {
        try {
            rtp = half(rtpKeys, jca);
            rtcp = half(rtcpKeys, jca);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR and HMAC-SHA1 are part of every JDK", e);
        }
    }

    private static Half half(SessionKeys keys, Jca jca) throws GeneralSecurityException {
        Mac mac = jca.mac("HmacSHA1");
        mac.init(new SecretKeySpec(keys.authentication(), "HmacSHA1"));
        return new Half(new SecretKeySpec(keys.encryption(), "AES"), keys.salt(), jca.cipher("AES/CTR/NoPadding"), mac);
    }

    @Override
    public void protectRtp(ByteBuf packet, int start, int headerBytes, int ssrc, long index) {
        int encrypted = scratch.load(packet, start, 0) - headerBytes;
        crypt(rtp, packet, start, headerBytes, encrypted, ssrc, index);
        rtp.mac.update(scratch.in(), 0, headerBytes);
        rtp.mac.update(scratch.out(), 0, encrypted);
        finishRtpTag(index);
        packet.writeBytes(tag, 0, TAG_BYTES);
    }

    @Override
    public void protectRtp(ByteBuf packet, int start, ByteBuf source, int from, int bytes, int ssrc, long index) {
        int headerBytes = packet.writerIndex() - start;
        Bytes.append(packet, source, from, bytes);
        protectRtp(packet, start, headerBytes, ssrc, index);
    }

    @Override
    public boolean unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, long index) {
        int authenticated = scratch.load(packet, packet.readerIndex(), 0) - TAG_BYTES;
        rtp.mac.update(scratch.in(), 0, authenticated);
        finishRtpTag(index);
        if (!tagEquals(authenticated)) {
            return false;
        }
        crypt(rtp, packet, packet.readerIndex(), headerBytes, authenticated - headerBytes, ssrc, index);
        return true;
    }

    @Override
    public void protectRtcp(ByteBuf packet, int ssrc, int index) {
        int encrypted = scratch.load(packet, packet.readerIndex(), 0) - RTCP_HEADER_BYTES;
        crypt(rtcp, packet, packet.readerIndex(), RTCP_HEADER_BYTES, encrypted, ssrc, index);
        packet.writeInt(index | E_BIT);
        rtcp.mac.update(scratch.in(), 0, RTCP_HEADER_BYTES);
        rtcp.mac.update(scratch.out(), 0, encrypted);
        updateInt(rtcp.mac, index | E_BIT);
        finishTag(rtcp.mac);
        packet.writeBytes(tag, 0, TAG_BYTES);
    }

    @Override
    public int rtcpIndexWord(ByteBuf packet) {
        return packet.getInt(packet.writerIndex() - TAG_BYTES - SrtpProfile.RTCP_INDEX_BYTES);
    }

    @Override
    public boolean unprotectRtcp(ByteBuf packet, int ssrc, int indexWord) {
        int authenticated = scratch.load(packet, packet.readerIndex(), 0) - TAG_BYTES;
        rtcp.mac.update(scratch.in(), 0, authenticated);
        finishTag(rtcp.mac);
        if (!tagEquals(authenticated)) {
            return false;
        }
        int encrypted = authenticated - SrtpProfile.RTCP_INDEX_BYTES - RTCP_HEADER_BYTES;
        crypt(rtcp, packet, packet.readerIndex(), RTCP_HEADER_BYTES, encrypted, ssrc, indexWord & ~E_BIT);
        return true;
    }

    /**
     * Encrypts or decrypts, which is the same, what is loaded from {@code offset} on; the packet then ends behind it.
     */
    private void crypt(Half half, ByteBuf packet, int start, int offset, int bytes, int ssrc, long index) {
        setIv(half.salt, ssrc, index);
        try {
            half.cipher.init(Cipher.ENCRYPT_MODE, half.key, new IvParameterSpec(iv));
            scratch.store(packet, start + offset, half.cipher.doFinal(scratch.in(), offset, bytes, scratch.out(), 0));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ssrc " + Integer.toUnsignedString(ssrc) + " index " + index, e);
        }
    }

    private void finishRtpTag(long index) {
        updateInt(rtp.mac, (int) (index >>> 16));
        finishTag(rtp.mac);
    }

    private static void updateInt(Mac mac, int value) {
        for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
            mac.update((byte) (value >>> shift));
        }
    }

    private void finishTag(Mac mac) {
        try {
            mac.doFinal(tag, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the tag has room for HMAC-SHA1", e);
        }
    }

    /** Compares with the tag that is loaded; takes as long for a first byte that differs as for the last. */
    private boolean tagEquals(int offset) {
        int difference = 0;
        for (int i = 0; i < TAG_BYTES; i++) {
            difference |= tag[i] ^ scratch.in()[offset + i];
        }
        return difference == 0;
    }

    private void setIv(byte[] salt, int ssrc, long index) {
        System.arraycopy(salt, 0, iv, 0, SALT_BYTES);
        for (int i = 0; i < 4; i++) {
            iv[4 + i] ^= (byte) (ssrc >>> 24 - 8 * i);
        }
        for (int i = 0; i < 6; i++) {
            iv[8 + i] ^= (byte) (index >>> 40 - 8 * i);
        }
    }

    /** The garbage collector takes it all. */
    @Override
    public void close() {
        // Keys and states are plain objects.
    }
}
