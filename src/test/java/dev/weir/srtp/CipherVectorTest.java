package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** The ciphers against published packets. */
class CipherVectorTest {
    /** RFC 7714 sections 16 and 17: one key and salt for RTP and RTCP. */
    private static final SessionKeys GCM_KEYS = new SessionKeys(
            Wire.array("000102030405060708090a0b0c0d0e0f"), new byte[0], Wire.array("51756964 2070726f 2071756f"));

    private static final String GCM_RTP_PLAIN = "8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973"
            + "20646976 69736120 696e2070 61727465 73207472 6573";
    private static final String GCM_RTP = "8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca"
            + "be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce";
    private static final String GCM_RTCP_PLAIN = "81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930"
            + "4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef";
    private static final String GCM_RTCP = "81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7"
            + "6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4";

    /** The reference packets of libsrtp 2 (test/srtp_driver.c), under the master key of RFC 3711 appendix B.3. */
    private static final SrtpKeys LIBSRTP_MASTER =
            new SrtpKeys(Wire.array("e1f97a0d3e018be0d64fa32c06de4139"), Wire.array("0ec675ad498afeebb6960b3aabe6"));

    private static final String CM_RTP_PLAIN = "800f1234 decafbad cafebabe abababab abababab abababab abababab";
    private static final String CM_RTP =
            "800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402 b78d6acc 99ea179b 8dbb";
    private static final String CM_RTCP_PLAIN = "81c8000b cafebabe abababab abababab abababab abababab";
    private static final String CM_RTCP =
            "81c8000b cafebabe 7128035b e487b9bd bef89041 f977a5a8 80000001 993e08cd 54d6c123 0798";

    private static RtpCipher gcm(CipherProvider provider) {
        return provider.cipher(SrtpProfile.AEAD_AES_128_GCM, GCM_KEYS, GCM_KEYS);
    }

    private static RtpCipher counterMode(CipherProvider provider) {
        SrtpProfile profile = SrtpProfile.AES128_CM_HMAC_SHA1_80;
        return provider.cipher(
                profile, SessionKeys.rtp(profile, LIBSRTP_MASTER), SessionKeys.rtcp(profile, LIBSRTP_MASTER));
    }

    private static ByteBuf growing(String hex) {
        return Unpooled.buffer(16).writeBytes(Wire.array(hex));
    }

    private static void rtp(RtpCipher cipher, String plain, String expected, int ssrc, long index) {
        ByteBuf packet = growing(plain);
        cipher.protectRtp(packet, 0, 12, ssrc, index);
        assertEquals(Wire.hex(expected), Wire.hex(packet));
        assertTrue(cipher.unprotectRtp(packet, 12, ssrc, index));
        assertEquals(Wire.hex(plain), Wire.hex(packet));
    }

    private static void rtcp(RtpCipher cipher, String plain, String expected, int ssrc, int index) {
        ByteBuf packet = growing(plain);
        cipher.protectRtcp(packet, ssrc, index);
        assertEquals(Wire.hex(expected), Wire.hex(packet));
        assertEquals(index | 0x8000_0000, cipher.rtcpIndexWord(packet));
        assertTrue(cipher.unprotectRtcp(packet, ssrc, cipher.rtcpIndexWord(packet)));
        assertEquals(Wire.hex(plain), Wire.hex(packet));
    }

    @ParameterizedTest
    @ArgumentsSource(EveryProvider.class)
    void gcmMakesThePacketsOfRfc7714(CipherProvider provider) {
        try (RtpCipher cipher = gcm(provider)) {
            rtp(cipher, GCM_RTP_PLAIN, GCM_RTP, 0x5501a0b2, 0xf17b);
            rtcp(cipher, GCM_RTCP_PLAIN, GCM_RTCP, 0x4d617273, 0x5d4);
        }
    }

    @ParameterizedTest
    @ArgumentsSource(EveryProvider.class)
    void counterModeMakesTheKeyStreamOfRfc3711AppendixB2(CipherProvider provider) {
        SessionKeys keys = new SessionKeys(
                Wire.array("2B7E151628AED2A6ABF7158809CF4F3C"),
                new byte[20],
                Wire.array("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"));
        ByteBuf packet = Unpooled.buffer().writeZero(12 + 48);

        try (RtpCipher cipher = provider.cipher(SrtpProfile.AES128_CM_HMAC_SHA1_80, keys, keys)) {
            cipher.protectRtp(packet, 0, 12, 0, 0);
        }

        assertEquals(
                Wire.hex("e03ead0935c95e80e166b16dd92b4eb4 d23513162b02d0f72a43a2fe4a5f97ab"
                        + "41e95b3bb0a2e8dd477901e4fca894c0"),
                Wire.hex(packet.slice(12, 48)));
    }

    @ParameterizedTest
    @ArgumentsSource(EveryProvider.class)
    void counterModeMakesTheReferencePacketsOfLibsrtp(CipherProvider provider) {
        try (RtpCipher cipher = counterMode(provider)) {
            rtp(cipher, CM_RTP_PLAIN, CM_RTP, 0xcafebabe, 0x1234);
            rtcp(cipher, CM_RTCP_PLAIN, CM_RTCP, 0xcafebabe, 1);
        }
    }

    @ParameterizedTest
    @ArgumentsSource(EveryProvider.class)
    void everyFlippedBitIsSeenAndThePacketLeftAlone(CipherProvider provider) {
        try (RtpCipher gcm = gcm(provider);
                RtpCipher counterMode = counterMode(provider)) {
            everyFlippedBit(GCM_RTP, packet -> gcm.unprotectRtp(packet, 12, 0x5501a0b2, 0xf17b));
            everyFlippedBit(CM_RTP, packet -> counterMode.unprotectRtp(packet, 12, 0xcafebabe, 0x1234));
            everyFlippedBit(GCM_RTCP, packet -> gcm.unprotectRtcp(packet, 0x4d617273, gcm.rtcpIndexWord(packet)));
            everyFlippedBit(
                    CM_RTCP,
                    packet -> counterMode.unprotectRtcp(packet, 0xcafebabe, counterMode.rtcpIndexWord(packet)));
        }
    }

    private static void everyFlippedBit(String golden, Predicate<ByteBuf> unprotect) {
        for (int bit = 0; bit < Wire.array(golden).length * 8; bit++) {
            byte[] bytes = Wire.array(golden);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            for (ByteBuf packet : List.of(
                    Unpooled.copiedBuffer(bytes), Unpooled.directBuffer().writeBytes(bytes))) {
                assertFalse(unprotect.test(packet), "bit " + bit);
                assertEquals(Unpooled.wrappedBuffer(bytes), packet);
                packet.release();
            }
        }
    }

    @Test
    void theJdksGcmRefusesToProtectTheSameIndexTwice() {
        RtpCipher cipher = gcm(Jca.JDK);
        cipher.protectRtp(growing(GCM_RTP_PLAIN), 0, 12, 1, 5);

        assertThrows(IllegalStateException.class, () -> cipher.protectRtp(growing(GCM_RTP_PLAIN), 0, 12, 1, 5));

        ByteBuf next = growing(GCM_RTP_PLAIN);
        cipher.protectRtp(next, 0, 12, 1, 6);
        assertTrue(cipher.unprotectRtp(next, 12, 1, 6));
    }
}
