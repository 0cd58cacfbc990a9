package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.security.Provider;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PacketCryptoTest {
    private static final Optional<Provider> CORRETTO = Optional.of(EveryProvider.corretto());
    private static final List<String> NOWHERE = List.of("libcrypto.so.none");

    private static PacketCrypto auto(Optional<Provider> corretto, List<String> libraries) {
        return PacketCrypto.choose(CryptoChoice.AUTO, corretto, libraries);
    }

    @Test
    void withoutTheLibraryTheNextProviderIsTaken() {
        PacketCrypto chosen = auto(CORRETTO, NOWHERE);

        assertEquals(CORRETTO.get().getInfo(), chosen.name());
        assertEquals(List.of("libcrypto is not used: none of libcrypto.so.none can be loaded"), chosen.notes());
    }

    @Test
    void withNothingElseTheJdkIsTaken() {
        PacketCrypto chosen = auto(Optional.empty(), NOWHERE);

        assertTrue(chosen.name().startsWith("JDK "), chosen.name());
        assertEquals(
                "Amazon Corretto's provider is not used: it is not on the class path",
                chosen.notes().getLast());
    }

    @Test
    void aLibraryWithoutTheFunctionsIsPassedOver() {
        assertEquals(
                "libcrypto is not used: the library has no OpenSSL_version_num",
                auto(Optional.empty(), List.of("libc.so.6")).notes().getFirst());
    }

    @Test
    void aProviderWithoutServicesIsPassedOver() {
        Provider empty = new Provider("Empty", "1", "loads nothing") {
            private static final long serialVersionUID = 1;
        };
        assertEquals(
                "Amazon Corretto's provider is not used: its native library does not load on this machine",
                auto(Optional.of(empty), NOWHERE).notes().getLast());
    }

    @Test
    void whatIsChosenByNameIsTakenOrRefused() {
        assertEquals(
                CORRETTO.get().getInfo(),
                PacketCrypto.choose(CryptoChoice.CORRETTO, CORRETTO).name());
        assertTrue(PacketCrypto.choose(CryptoChoice.JDK, CORRETTO).name().startsWith("JDK "));
        assertThrows(CryptoUnavailable.class, () -> PacketCrypto.choose(CryptoChoice.LIBCRYPTO, CORRETTO, NOWHERE));
        assertThrows(CryptoUnavailable.class, () -> PacketCrypto.choose(CryptoChoice.CORRETTO, Optional.empty()));
    }

    @Test
    void theSlowGcmOfOpenSsl30IsToldAtStart() {
        LibcryptoCiphers found = LibcryptoCiphers.open(Libcrypto.NAMES);
        List<String> notes = auto(Optional.empty(), Libcrypto.NAMES).notes();

        assertEquals(found.hasFastGcm() ? 0 : 1, notes.size(), notes::toString);
        assertEquals(!found.name().contains("OpenSSL 3.0"), found.hasFastGcm(), found.name());
    }

    /** Ciphers that do all but one thing right. */
    private record Wrong(String fault) implements CipherProvider {
        @Override
        public String name() {
            return fault;
        }

        @Override
        public RtpCipher cipher(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp) {
            return new OnDirectBuffers(Jca.JDK.cipher(profile, rtp, rtcp)) {
                @Override
                public void protectRtp(
                        ByteBuf packet, int start, ByteBuf source, int from, int bytes, int ssrc, long index) {
                    super.protectRtp(packet, start, source, from, bytes, ssrc, index);
                    if (fault.equals("a wrong last bit")) {
                        packet.setByte(packet.writerIndex() - 1, packet.getByte(packet.writerIndex() - 1) ^ 1);
                    }
                }

                @Override
                public boolean unprotectRtp(ByteBuf packet, int headerBytes, int ssrc, long index) {
                    return super.unprotectRtp(packet, headerBytes, ssrc, index) || fault.equals("believes all");
                }

                @Override
                public void protectRtcp(ByteBuf packet, int ssrc, int index) {
                    if (fault.equals("throws")) {
                        throw new UnsatisfiedLinkError("gone");
                    }
                    super.protectRtcp(packet, ssrc, index);
                }
            };
        }
    }

    @Test
    void ciphersThatComputeSomethingElseAreNotTaken() {
        for (String fault : List.of("a wrong last bit", "believes all", "throws")) {
            assertThrows(CryptoUnavailable.class, () -> PacketCrypto.tested(() -> new Wrong(fault)), fault);
        }
        assertEquals("none", PacketCrypto.tested(() -> new Wrong("none")).name());
    }
}
