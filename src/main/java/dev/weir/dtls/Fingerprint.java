package dev.weir.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The hash of a certificate as a session description names it (RFC 8122 section 5).
 *
 * @param algorithm {@code sha-256}, {@code sha-384} or {@code sha-512}; weaker ones are not taken
 * @param hex the hash, in upper-case pairs with colons between
 */
public record Fingerprint(String algorithm, String hex) {
    /** From the strongest on, and at the same index the length of the hash. */
    private static final List<String> ALGORITHMS = List.of("sha-512", "sha-384", "sha-256");

    private static final int[] HASH_BYTES = {64, 48, 32};
    private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

    /** Checks what {@link #of} checks; what comes from outside goes through that. */
    public Fingerprint {
        if (!isValid(algorithm, hex)) throw new IllegalArgumentException("not a fingerprint: " + algorithm);
    }

    /** A fingerprint from outside, in whatever case; empty when the algorithm is not taken or the hash does not fit it. */
    public static Optional<Fingerprint> of(String algorithm, String hex) {
        if (algorithm == null || hex == null) return Optional.empty();
        String name = algorithm.toLowerCase(Locale.ROOT);
        String digits = hex.toUpperCase(Locale.ROOT);
        return isValid(name, digits) ? Optional.of(new Fingerprint(name, digits)) : Optional.empty();
    }

    /** Reads {@code "sha-256 AB:CD:..."}, the value of the attribute in a session description. */
    public static Optional<Fingerprint> parse(String value) {
        if (value == null) return Optional.empty();
        int space = value.indexOf(' ');
        return space < 0
                ? Optional.empty()
                : of(value.substring(0, space), value.substring(space + 1).strip());
    }

    /** The fingerprint of a certificate in DER. */
    static Fingerprint ofCertificate(String algorithm, byte[] certificate) {
        try {
            byte[] hash = MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT))
                    .digest(certificate);
            return new Fingerprint(algorithm, HEX.formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    /**
     * Whether a certificate is one of those expected: it has to fit one fingerprint of the strongest algorithm among
     * them (RFC 8122 section 5), so that nobody gains by adding a weaker one.
     */
    static boolean matches(Collection<Fingerprint> expected, byte[] certificate) {
        for (String algorithm : ALGORITHMS) {
            List<Fingerprint> candidates = expected.stream()
                    .filter(fingerprint -> fingerprint.algorithm.equals(algorithm))
                    .toList();
            if (!candidates.isEmpty()) return candidates.contains(ofCertificate(algorithm, certificate));
        }
        return false;
    }

    private static boolean isValid(String algorithm, String hex) {
        int index = ALGORITHMS.indexOf(algorithm);
        if (index < 0 || hex == null || hex.length() != 3 * HASH_BYTES[index] - 1) return false;
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            boolean fits = i % 3 == 2 ? c == ':' : c >= '0' && c <= '9' || c >= 'A' && c <= 'F';
            if (!fits) return false;
        }
        return true;
    }

    /** The value of the attribute in a session description. */
    @Override
    public String toString() {
        return algorithm + " " + hex;
    }
}
