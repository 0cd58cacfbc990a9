package dev.weir.dtls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Handshakes by a provider of Java. */
class HandshakeCryptoTest {
    private static Provider corretto() throws ReflectiveOperationException {
        return (Provider) Class.forName("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider")
                .getField("INSTANCE")
                .get(null);
    }

    @Test
    void correttosAndBouncyCastlesConnectToEachOtherAndToThemselves() throws Exception {
        HandshakeCrypto corretto = HandshakeCrypto.of(corretto(), DtlsPair.RANDOM);
        HandshakeCrypto bouncyCastle = HandshakeCrypto.bouncyCastle();
        for (HandshakeCrypto client : List.of(corretto, bouncyCastle)) {
            for (HandshakeCrypto server : List.of(corretto, bouncyCastle)) {
                DtlsPair pair = pair(client, server, 1_200);
                pair.handshake();
                assertTrue(pair.isConnected(), pair.client.events + " " + pair.server.events);
                assertArrayEquals(pair.client.keys, pair.server.keys);
                pair.close();
                assertEquals(0, pair.lockstep.liveThreads());
            }
        }
    }

    @Test
    void correttosSurvivesLossOfAFragmentedHandshake() throws Exception {
        HandshakeCrypto corretto = HandshakeCrypto.of(corretto(), DtlsPair.RANDOM);
        for (int lost = 0; lost < 8; lost++) {
            int dropped = lost;
            DtlsPair pair = pair(corretto, corretto, 256);
            pair.disturbance = (n, datagram) -> n == dropped ? List.of() : List.of(datagram);
            pair.handshake();
            assertTrue(pair.isConnected(), "without datagram " + lost + ": " + pair.client.events + pair.server.events);
            pair.close();
        }
    }

    private static DtlsPair pair(HandshakeCrypto client, HandshakeCrypto server, int mtuBytes) {
        DtlsCertificate ofClient = DtlsCertificate.generate(DtlsPair.RANDOM, client);
        DtlsCertificate ofServer = DtlsCertificate.generate(DtlsPair.RANDOM, server);
        List<Integer> profiles = DtlsParameters.SRTP_PROFILES;
        return new DtlsPair(
                new DtlsParameters(DtlsRole.CLIENT, ofClient, List.of(ofServer.fingerprint()), profiles, mtuBytes),
                new DtlsParameters(DtlsRole.SERVER, ofServer, List.of(ofClient.fingerprint()), profiles, mtuBytes),
                Map.of());
    }

    @Test
    void whatTheProviderLacksTheJdkDoes() throws Exception {
        Provider empty = new Provider("Empty", "1", "has nothing") {
            private static final long serialVersionUID = 1;
        };
        assertNotNull(Security.getProvider("SunEC"));
        assertEquals("has nothing", HandshakeCrypto.of(empty, DtlsPair.RANDOM).name());
    }

    @Test
    void aProviderThatFailsATrialIsRefused() {
        Provider broken = new Provider("Broken", "1", "signs nothing") {
            private static final long serialVersionUID = 1;
        };
        broken.put("KeyFactory.EC", "none.such.Class");
        assertThrows(GeneralSecurityException.class, () -> HandshakeCrypto.of(broken, DtlsPair.RANDOM));
    }
}
