package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.rtp.Wire;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyDerivationTest {
    /** RFC 3711 appendix B.3. */
    private static final SrtpKeys MASTER =
            new SrtpKeys(Wire.array("E1F97A0D3E018BE0D64FA32C06DE4139"), Wire.array("0EC675AD498AFEEBB6960B3AABE6"));

    @Test
    void derivesTheSessionKeysOfTheRfc() {
        SessionKeys keys = SessionKeys.rtp(SrtpProfile.AES128_CM_HMAC_SHA1_80, MASTER);

        assertArrayEquals(Wire.array("C61E7A93744F39EE10734AFE3FF7A087"), keys.encryption());
        assertArrayEquals(Wire.array("30CBBC08863D8C85D49DB34A9AE1"), keys.salt());
        assertArrayEquals(Wire.array("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"), keys.authentication());
    }

    @Test
    void derivesAllNinetyFourBytesOfTheRfcsAuthenticationKey() {
        assertArrayEquals(
                Wire.array("CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE"
                        + "E049646C43D9327AD175578EF7227098 6371C10C9A369AC2F94A8C5FBCDDDC25"
                        + "6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2"),
                KeyDerivation.derive(MASTER, KeyDerivation.RTP_AUTHENTICATION, 94));
    }

    @Test
    void aSaltOfTwelveBytesCountsAsOneOfFourteenWithZerosBehind() {
        byte[] key = Wire.array("000102030405060708090a0b0c0d0e0f");
        SrtpKeys twelve = new SrtpKeys(key, Wire.array("a0a1a2a3a4a5a6a7a8a9aaab"));
        SrtpKeys fourteen = new SrtpKeys(key, Wire.array("a0a1a2a3a4a5a6a7a8a9aaab0000"));

        assertArrayEquals(
                KeyDerivation.derive(fourteen, KeyDerivation.RTCP_SALT, 12),
                SessionKeys.rtcp(SrtpProfile.AEAD_AES_128_GCM, twelve).salt());
    }

    @Test
    void exportedMaterialIsTwoKeysThenTwoSalts() {
        byte[] exported = new byte[56];
        for (int i = 0; i < exported.length; i++) {
            exported[i] = (byte) i;
        }

        SrtpKeys client = SrtpKeys.client(SrtpProfile.AEAD_AES_128_GCM, exported);
        SrtpKeys server = SrtpKeys.server(SrtpProfile.AEAD_AES_128_GCM, exported);

        assertArrayEquals(Wire.array("000102030405060708090a0b0c0d0e0f"), client.masterKey());
        assertArrayEquals(Wire.array("101112131415161718191a1b1c1d1e1f"), server.masterKey());
        assertArrayEquals(Wire.array("202122232425262728292a2b"), client.masterSalt());
        assertArrayEquals(Wire.array("2c2d2e2f3031323334353637"), server.masterSalt());
        assertThrows(
                IllegalArgumentException.class, () -> SrtpKeys.client(SrtpProfile.AES128_CM_HMAC_SHA1_80, exported));
    }

    @Test
    void profilesHaveTheSizesAndNumbersOfTheirRfcs() {
        assertEquals(Optional.of(SrtpProfile.AEAD_AES_128_GCM), SrtpProfile.byId(7));
        assertEquals(Optional.of(SrtpProfile.AES128_CM_HMAC_SHA1_80), SrtpProfile.byId(1));
        assertEquals(Optional.empty(), SrtpProfile.byId(2));
        assertEquals(56, SrtpProfile.AEAD_AES_128_GCM.keyingMaterialBytes());
        assertEquals(60, SrtpProfile.AES128_CM_HMAC_SHA1_80.keyingMaterialBytes());
        assertEquals(16, SrtpProfile.AEAD_AES_128_GCM.rtpOverheadBytes());
        assertEquals(20, SrtpProfile.AEAD_AES_128_GCM.rtcpOverheadBytes());
        assertEquals(10, SrtpProfile.AES128_CM_HMAC_SHA1_80.rtpOverheadBytes());
        assertEquals(14, SrtpProfile.AES128_CM_HMAC_SHA1_80.rtcpOverheadBytes());
    }
}
