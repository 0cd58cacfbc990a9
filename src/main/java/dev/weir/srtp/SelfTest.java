package dev.weir.srtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;

/**
 * Published packets through somebody's ciphers, before anybody's media goes through them: RFC 7714 sections 16 and 17,
 * and of libsrtp 2 (test/srtp_driver.c) those under the master key of RFC 3711 appendix B.3, since the RFC itself has
 * key streams only.
 */
final class SelfTest {
    private static final SessionKeys GCM_KEYS =
            new SessionKeys(array("000102030405060708090a0b0c0d0e0f"), new byte[0], array("517569642070726f2071756f"));

    private static final SrtpKeys CM_MASTER =
            new SrtpKeys(array("e1f97a0d3e018be0d64fa32c06de4139"), array("0ec675ad498afeebb6960b3aabe6"));

    private static final Sample GCM_RTP = new Sample(
            "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573",
            "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
                    + "899d7f27beb16a9152cf765ee4390cce",
            0x5501a0b2,
            0xf17b);

    private static final Sample GCM_RTCP = new Sample(
            "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
            "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
                    + "c84aa45896cf4d2fc5abf87245d9eade800005d4",
            0x4d617273,
            0x5d4);

    private static final Sample CM_RTP = new Sample(
            "800f1234decafbadcafebabeabababababababababababababababab",
            "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb",
            0xcafebabe,
            0x1234);

    private static final Sample CM_RTCP = new Sample(
            "81c8000bcafebabeabababababababababababababababab",
            "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798",
            0xcafebabe,
            1);

    private static final int RTP_HEADER_BYTES = 12;

    private SelfTest() {}

    private record Sample(String plain, String sealed, int ssrc, int index) {
        ByteBuf buffer(String hex) {
            return Unpooled.directBuffer(hex.length()).writeBytes(array(hex));
        }
    }

    /** Throws {@link CryptoUnavailable} if one bit is not as published. */
    static void run(CipherProvider provider) {
        try (RtpCipher cipher = provider.cipher(SrtpProfile.AEAD_AES_128_GCM, GCM_KEYS, GCM_KEYS)) {
            rtp(cipher, GCM_RTP);
            rtcp(cipher, GCM_RTCP);
        }
        SrtpProfile profile = SrtpProfile.AES128_CM_HMAC_SHA1_80;
        try (RtpCipher cipher =
                provider.cipher(profile, SessionKeys.rtp(profile, CM_MASTER), SessionKeys.rtcp(profile, CM_MASTER))) {
            rtp(cipher, CM_RTP);
            rtcp(cipher, CM_RTCP);
        }
    }

    private static void rtp(RtpCipher cipher, Sample sample) {
        ByteBuf source = sample.buffer(sample.plain);
        ByteBuf packet = Unpooled.directBuffer(sample.sealed.length()).writeBytes(source, 0, RTP_HEADER_BYTES);
        try {
            int bytes = source.readableBytes() - RTP_HEADER_BYTES;
            cipher.protectRtp(packet, 0, source, RTP_HEADER_BYTES, bytes, sample.ssrc, sample.index);
            same(packet, sample.sealed);
            packet.setByte(RTP_HEADER_BYTES, ~packet.getByte(RTP_HEADER_BYTES));
            require(!cipher.unprotectRtp(packet, RTP_HEADER_BYTES, sample.ssrc, sample.index));
            packet.setByte(RTP_HEADER_BYTES, ~packet.getByte(RTP_HEADER_BYTES));
            require(cipher.unprotectRtp(packet, RTP_HEADER_BYTES, sample.ssrc, sample.index));
            same(packet, sample.plain);
        } finally {
            source.release();
            packet.release();
        }
    }

    private static void rtcp(RtpCipher cipher, Sample sample) {
        ByteBuf packet = sample.buffer(sample.plain);
        try {
            cipher.protectRtcp(packet, sample.ssrc, sample.index);
            same(packet, sample.sealed);
            require(cipher.unprotectRtcp(packet, sample.ssrc, cipher.rtcpIndexWord(packet)));
            same(packet, sample.plain);
        } finally {
            packet.release();
        }
    }

    private static void same(ByteBuf packet, String hex) {
        byte[] bytes = new byte[packet.readableBytes()];
        packet.getBytes(packet.readerIndex(), bytes);
        require(HexFormat.of().formatHex(bytes).equals(hex));
    }

    private static void require(boolean asPublished) {
        if (!asPublished) {
            throw new CryptoUnavailable("it does not compute the published packets");
        }
    }

    private static byte[] array(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
