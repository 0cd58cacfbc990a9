package dev.weir.srtp;

import dev.weir.rtp.Bytes;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AEAD_AES_128_GCM (RFC 7714) with a cipher of the JDK or of a provider installed in it.
 *
 * <pre>
 * RTP:  header (authenticated) | payload (encrypted) | tag 16
 * RTCP: first 8 bytes (authenticated) | the rest (encrypted) | tag 16 | E and index 4 (authenticated)
 * IV:   0 0 | SSRC 4 | rollover counter 4 | sequence 2     xor salt      section 8.1
 *       0 0 | SSRC 4 | 0 0 | index 4                       xor salt      section 9.1
 * </pre>
 */
final class GcmCipher implements RtpCipher {
    private static final int TAG_BYTES = 16;
    private static final int IV_BYTES = 12;
    private static final int RTCP_HEADER_BYTES = 8;
    private static final int E_BIT = 0x8000_0000;

    private final Scratch scratch = new Scratch();
    private final byte[] iv = new byte[IV_BYTES];
    private final Half rtp;
    private final Half rtcp;

    /** The key, salt and cipher of RTP or of RTCP. */
    private record Half(SecretKeySpec key, byte[] salt, Cipher cipher) {}

    GcmCipher(SessionKeys rtpKeys, SessionKeys rtcpKeys, Jca jca) {
        try {
            rtp = half(rtpKeys, jca);
            rtcp = half(rtcpKeys, jca);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    private static Half half(SessionKeys keys, Jca jca) throws GeneralSecurityException {
        return new Half(new SecretKeySpec(keys.encryption(), "AES"), keys.salt(), jca.cipher("AES/GCM/NoPadding"));
    }

    @Override
    public void protectRtp(ByteBuf packet, int start, int headerBytes, int ssrc, long index) {
        int bytes = scratch.load(packet, start, TAG_BYTES);
        setIv(rtp.salt, ssrc, index);
        try {
            Cipher cipher = start(rtp, Cipher.ENCRYPT_MODE);
            cipher.updateAAD(scratch.in(), 0, headerBytes);
            scratch.store(packet, start + headerBytes, finish(cipher, headerBytes, bytes - headerBytes));
        } catch (GeneralSecurityException e) {
            throw bug(ssrc, index, e);
        }
    }

    @Override
    public void protectRtp(ByteBuf packet, int start, ByteBuf source, int from, int bytes, int ssrc, long index) {
        int headerBytes = packet.writerIndex() - start;
        Bytes.append(packet, source, from, bytes);
        protectRtp(packet, start, headerBytes, ssrc, index);
    }

    @Override
    public boolean unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, long index) {
        int bytes = scratch.load(packet, packet.readerIndex(), 0);
        setIv(rtp.salt, ssrc, index);
        try {
            Cipher cipher = start(rtp, Cipher.DECRYPT_MODE);
            cipher.updateAAD(scratch.in(), 0, headerBytes);
            scratch.store(packet, packet.readerIndex() + headerBytes, finish(cipher, headerBytes, bytes - headerBytes));
            return true;
        } catch (AEADBadTagException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw bug(ssrc, index, e);
        }
    }

    @Override
    public void protectRtcp(ByteBuf packet, int ssrc, int index) {
        int bytes = scratch.load(packet, packet.readerIndex(), TAG_BYTES + SrtpProfile.RTCP_INDEX_BYTES);
        int indexWord = index | E_BIT;
        setIv(rtcp.salt, ssrc, index);
        putInt(scratch.in(), bytes, indexWord);
        try {
            Cipher cipher = start(rtcp, Cipher.ENCRYPT_MODE);
            cipher.updateAAD(scratch.in(), 0, RTCP_HEADER_BYTES);
            cipher.updateAAD(scratch.in(), bytes, SrtpProfile.RTCP_INDEX_BYTES);
            scratch.store(
                    packet,
                    packet.readerIndex() + RTCP_HEADER_BYTES,
                    finish(cipher, RTCP_HEADER_BYTES, bytes - RTCP_HEADER_BYTES));
        } catch (GeneralSecurityException e) {
            throw bug(ssrc, index, e);
        }
        packet.writeInt(indexWord);
    }

    @Override
    public int rtcpIndexWord(ByteBuf packet) {
        return packet.getInt(packet.writerIndex() - SrtpProfile.RTCP_INDEX_BYTES);
    }

    @Override
    public boolean unprotectRtcp(ByteBuf packet, int ssrc, int indexWord) {
        int bytes = scratch.load(packet, packet.readerIndex(), 0) - SrtpProfile.RTCP_INDEX_BYTES;
        setIv(rtcp.salt, ssrc, indexWord & ~E_BIT);
        try {
            Cipher cipher = start(rtcp, Cipher.DECRYPT_MODE);
            cipher.updateAAD(scratch.in(), 0, RTCP_HEADER_BYTES);
            cipher.updateAAD(scratch.in(), bytes, SrtpProfile.RTCP_INDEX_BYTES);
            scratch.store(
                    packet,
                    packet.readerIndex() + RTCP_HEADER_BYTES,
                    finish(cipher, RTCP_HEADER_BYTES, bytes - RTCP_HEADER_BYTES));
            return true;
        } catch (AEADBadTagException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw bug(ssrc, indexWord, e);
        }
    }

    private Cipher start(Half half, int mode) throws GeneralSecurityException {
        half.cipher.init(mode, half.key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
        return half.cipher;
    }

    private int finish(Cipher cipher, int offset, int bytes) throws GeneralSecurityException {
        return cipher.doFinal(scratch.in(), offset, bytes, scratch.out(), 0);
    }

    /** The index fills the last 48 bits: rollover counter and sequence, or two zeros and the 31 bits of SRTCP. */
    private void setIv(byte[] salt, int ssrc, long index) {
        iv[0] = salt[0];
        iv[1] = salt[1];
        for (int i = 0; i < 4; i++) {
            iv[2 + i] = (byte) (salt[2 + i] ^ ssrc >>> 24 - 8 * i);
        }
        for (int i = 0; i < 6; i++) {
            iv[6 + i] = (byte) (salt[6 + i] ^ index >>> 40 - 8 * i);
        }
    }

    private static void putInt(byte[] array, int offset, int value) {
        for (int i = 0; i < 4; i++) {
            array[offset + i] = (byte) (value >>> 24 - 8 * i);
        }
    }

    /**
     * A repeated IV is the one that callers can bring about; it would give the key stream away, and the JDK refuses it.
     */
    private static IllegalStateException bug(int ssrc, long index, GeneralSecurityException cause) {
        String what = cause instanceof InvalidAlgorithmParameterException ? "index protected twice" : "cipher failed";
        return new IllegalStateException(what + ": ssrc " + Integer.toUnsignedString(ssrc) + " index " + index, cause);
    }

    /** The garbage collector takes it all. */
    @Override
    public void close() {
        // Keys and states are plain objects.
    }
}
