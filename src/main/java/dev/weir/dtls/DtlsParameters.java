package dev.weir.dtls;

import java.util.List;
import java.util.Objects;

/**
 * What one connection is to agree on.
 *
 * @param role server or client
 * @param certificate our own
 * @param remoteFingerprints what the other side's certificate must fit; from its session description, not empty
 * @param srtpProfiles protection profiles (RFC 5764 section 4.1.2, RFC 7714 section 14.2) to offer or to accept, best
 *     first: the server's order decides
 * @param mtuBytes the longest datagram to send, 256 to 1,500
 */
public record DtlsParameters(
        DtlsRole role,
        DtlsCertificate certificate,
        List<Fingerprint> remoteFingerprints,
        List<Integer> srtpProfiles,
        int mtuBytes) {
    /** SRTP_AES128_CM_HMAC_SHA1_80; 60 bytes of keying material. */
    public static final int AES128_CM_HMAC_SHA1_80 = 0x0001;

    /** SRTP_AEAD_AES_128_GCM; 56 bytes of keying material. */
    public static final int AEAD_AES_128_GCM = 0x0007;

    /** The profiles that Weir takes, best first. */
    public static final List<Integer> SRTP_PROFILES = List.of(AEAD_AES_128_GCM, AES128_CM_HMAC_SHA1_80);

    /** A length that every path carries that a browser's own datagrams pass. */
    public static final int MTU_BYTES = 1200;

    /** Checks our own arguments. */
    public DtlsParameters {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(certificate, "certificate");
        remoteFingerprints = List.copyOf(remoteFingerprints);
        srtpProfiles = List.copyOf(srtpProfiles);
        if (remoteFingerprints.isEmpty()) throw new IllegalArgumentException("no fingerprint to check against");
        if (srtpProfiles.isEmpty()) throw new IllegalArgumentException("no SRTP profile");
        srtpProfiles.forEach(DtlsParameters::keyingMaterialBytes);
        if (mtuBytes < 256 || mtuBytes > 1500) throw new IllegalArgumentException("mtuBytes " + mtuBytes);
    }

    /** A server's usual parameters. */
    public static DtlsParameters server(DtlsCertificate certificate, List<Fingerprint> remoteFingerprints) {
        return new DtlsParameters(DtlsRole.SERVER, certificate, remoteFingerprints, SRTP_PROFILES, MTU_BYTES);
    }

    /** A client's usual parameters. */
    public static DtlsParameters client(DtlsCertificate certificate, List<Fingerprint> remoteFingerprints) {
        return new DtlsParameters(DtlsRole.CLIENT, certificate, remoteFingerprints, SRTP_PROFILES, MTU_BYTES);
    }

    /** Two keys and two salts (RFC 5764 section 4.2). */
    static int keyingMaterialBytes(int srtpProfile) {
        return switch (srtpProfile) {
            case AES128_CM_HMAC_SHA1_80 -> 2 * (16 + 14);
            case AEAD_AES_128_GCM -> 2 * (16 + 12);
            default -> throw new IllegalArgumentException("SRTP profile " + srtpProfile);
        };
    }
}
