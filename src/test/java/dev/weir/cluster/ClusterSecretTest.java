package dev.weir.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterSecretTest {
    private static final byte[] VALUE = "a room".getBytes(StandardCharsets.UTF_8);

    private final ClusterSecret ours = ClusterSecret.of("0123456789abcdef0123456789abcdef");
    private final ClusterSecret same = ClusterSecret.of("0123456789abcdef0123456789abcdef");
    private final ClusterSecret other = ClusterSecret.of("0123456789abcdef0123456789abcdeF");

    @Test
    void whatIsSealedIsUnsealedByTheSameSecretInTheSamePlaceOnly() {
        byte[] sealed = ours.seal("rooms/a", VALUE);

        assertArrayEquals(VALUE, same.unseal("rooms/a", sealed).orElseThrow());
        assertEquals(Optional.empty(), other.unseal("rooms/a", sealed));
        assertEquals(Optional.empty(), ours.unseal("rooms/b", sealed));
    }

    @Test
    void noBitOfItCanBeChanged() {
        byte[] sealed = ours.seal("rooms/a", VALUE);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertEquals(Optional.empty(), ours.unseal("rooms/a", changed));
        }
        for (int length = 0; length < sealed.length; length++) {
            assertEquals(Optional.empty(), ours.unseal("rooms/a", java.util.Arrays.copyOf(sealed, length)));
        }
    }

    @Test
    void namesTellNothingAndAreTheSameOnEachNode() {
        assertEquals(ours.name("rooms", "a"), same.name("rooms", "a"));
        assertNotEquals(ours.name("rooms", "a"), other.name("rooms", "a"));
        assertNotEquals(ours.name("rooms", "a"), ours.name("nodes", "a"));
        assertFalse(ours.name("rooms", "all-hands").contains("all-hands"));
    }

    @Test
    void keysForDifferentUsesAreDifferent() {
        assertEquals(64, ours.derive("relay", 64).length);
        assertNotEquals(
                HexFormat.of().formatHex(ours.derive("relay", 32)),
                HexFormat.of().formatHex(ours.derive("names", 32)));
    }

    @Test
    void allNodesHaveTheSameCertificateWhichSignsItself() throws Exception {
        String certificate = BusIdentity.of(ours).certificate().toString();

        assertEquals(certificate, BusIdentity.of(same).certificate().toString());
        assertNotEquals(certificate, BusIdentity.of(other).certificate().toString());
        X509Certificate read = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)));
        read.verify(read.getPublicKey());
        assertTrue(read.getPublicKey().toString().contains("secp256r1"), read.getPublicKey()::toString);
    }

    @Test
    void itIsNeverPrinted() {
        assertEquals("ClusterSecret", ours.toString());
    }
}
