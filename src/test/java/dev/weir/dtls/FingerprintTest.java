package dev.weir.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private static final DtlsCertificate ONE = DtlsCertificate.generate(new SecureRandom());
    private static final DtlsCertificate OTHER = DtlsCertificate.generate(new SecureRandom());

    @Test
    void readsWhatItWrites() {
        Fingerprint fingerprint = ONE.fingerprint();

        assertEquals(fingerprint, Fingerprint.parse(fingerprint.toString()).orElseThrow());
        assertEquals(
                fingerprint,
                Fingerprint.parse(fingerprint.toString().toLowerCase(Locale.ROOT))
                        .orElseThrow());
        assertEquals(95, fingerprint.hex().length());
    }

    @Test
    void refusesWeakAlgorithmsAndWrongLengths() {
        assertTrue(Fingerprint.of("sha-1", "AB" + ":CD".repeat(19)).isEmpty());
        assertTrue(Fingerprint.of("md5", "AB" + ":CD".repeat(15)).isEmpty());
        assertTrue(Fingerprint.of("sha-256", "AB" + ":CD".repeat(31)).isPresent());
        assertTrue(Fingerprint.of("sha-384", "AB" + ":CD".repeat(47)).isPresent());
        assertTrue(Fingerprint.of("sha-512", "AB" + ":CD".repeat(63)).isPresent());
        assertTrue(Fingerprint.of("sha-256", "AB" + ":CD".repeat(30)).isEmpty());
        assertTrue(Fingerprint.of("sha-256", "AB" + ":CD".repeat(32)).isEmpty());
        assertTrue(Fingerprint.of("sha-256", "AG" + ":CD".repeat(31)).isEmpty());
        assertTrue(Fingerprint.of("sha-256", "AB" + "-CD".repeat(31)).isEmpty());
        assertTrue(Fingerprint.of(null, null).isEmpty());
        assertTrue(Fingerprint.parse("").isEmpty());
        assertTrue(Fingerprint.parse(null).isEmpty());
        assertTrue(Fingerprint.parse("sha-256").isEmpty());
    }

    @Test
    void theStrongestAlgorithmDecides() {
        Fingerprint right = Fingerprint.ofCertificate("sha-256", ONE.encoded());
        Fingerprint strong = Fingerprint.ofCertificate("sha-512", ONE.encoded());
        Fingerprint wrongStrong = Fingerprint.ofCertificate("sha-512", OTHER.encoded());
        Fingerprint wrong = Fingerprint.ofCertificate("sha-256", OTHER.encoded());

        assertTrue(Fingerprint.matches(List.of(right), ONE.encoded()));
        assertTrue(Fingerprint.matches(List.of(wrong, right), ONE.encoded()));
        assertTrue(Fingerprint.matches(List.of(wrong, strong), ONE.encoded()));
        assertFalse(Fingerprint.matches(List.of(right, wrongStrong), ONE.encoded()));
        assertFalse(Fingerprint.matches(List.of(wrong), ONE.encoded()));
        assertFalse(Fingerprint.matches(List.of(), ONE.encoded()));
    }
}
