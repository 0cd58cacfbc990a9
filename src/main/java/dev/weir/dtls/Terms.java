package dev.weir.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;

/**
 * What server and client insist on alike, and what they agreed: versions, suites, groups, certificates, SRTP profile.
 * Used by the handshake thread only.
 */
final class Terms {
    /** The exporter's label for SRTP keys (RFC 5764 section 4.2). */
    static final String EXPORTER_LABEL = "EXTRACTOR-dtls_srtp";

    private static final byte[] NO_MKI = {};
    private static final int[] CIPHER_SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
    };
    private static final SignatureAndHashAlgorithm ECDSA_SHA256 =
            new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

    private final DtlsParameters parameters;
    private final TlsCrypto crypto;
    private final Waiting waiting;
    private final QueueTransport transport;
    private int srtpProfile;
    private byte[] keyingMaterial;
    private String refusal;

    Terms(DtlsParameters parameters, TlsCrypto crypto, Waiting waiting, QueueTransport transport) {
        this.parameters = parameters;
        this.crypto = crypto;
        this.waiting = waiting;
        this.transport = transport;
    }

    TlsCrypto crypto() {
        return crypto;
    }

    int resendMillis() {
        return waiting.resendMillis();
    }

    int[] cipherSuites() {
        return CIPHER_SUITES.clone();
    }

    int[] groups() {
        return parameters.certificate().crypto().groups();
    }

    /** Clients may offer 1.3; Bouncy Castle 1.84 has none for DTLS. */
    ProtocolVersion[] versions() {
        return ProtocolVersion.DTLSv12.only();
    }

    /** What the other side's certificate may sign with: it is self-signed, by a browser with ECDSA or by others with RSA. */
    static Vector<SignatureAndHashAlgorithm> signatures() {
        var signatures = new Vector<SignatureAndHashAlgorithm>();
        short[] hashes = {HashAlgorithm.sha256, HashAlgorithm.sha384, HashAlgorithm.sha512};
        for (short hash : hashes) signatures.add(new SignatureAndHashAlgorithm(hash, SignatureAlgorithm.ecdsa));
        for (short hash : hashes) signatures.add(new SignatureAndHashAlgorithm(hash, SignatureAlgorithm.rsa));
        return signatures;
    }

    TlsCredentialedSigner credentials(TlsContext context) {
        var certificate = new Certificate(new TlsCertificate[] {ownCertificate()});
        var signer = parameters.certificate().signer(crypto);
        return new DefaultTlsCredentialedSigner(new TlsCryptoParameters(context), signer, certificate, ECDSA_SHA256);
    }

    private TlsCertificate ownCertificate() {
        try {
            return crypto.createCertificate(parameters.certificate().encoded());
        } catch (IOException e) {
            throw new IllegalStateException("our own certificate does not parse", e);
        }
    }

    void onCipherSuite(int suite) {
        boolean chacha = suite == CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
        transport.sealOverheadBytes(chacha ? QueueTransport.CHACHA_OVERHEAD_BYTES : QueueTransport.GCM_OVERHEAD_BYTES);
    }

    /** The other side's certificate is worth what the fingerprint says, whoever signed it (RFC 5763 section 5). */
    void checkCertificate(Certificate chain) throws IOException {
        if (chain == null || chain.isEmpty()) {
            throw refuse(AlertDescription.handshake_failure, "the other side has no certificate");
        }
        byte[] certificate = chain.getCertificateAt(0).getEncoded();
        if (!Fingerprint.matches(parameters.remoteFingerprints(), certificate)) {
            throw refuse(AlertDescription.bad_certificate, "the certificate does not match the fingerprint");
        }
    }

    /** Server: takes the best profile of ours that the client has too. */
    void chooseSrtpProfile(Hashtable<?, ?> clientExtensions) throws IOException {
        UseSRTPData offer = clientExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
        for (int profile : parameters.srtpProfiles()) {
            if (offer == null) break;
            for (int offered : offer.getProtectionProfiles()) {
                if (offered != profile) continue;
                srtpProfile = profile;
                return;
            }
        }
        throw refuse(AlertDescription.handshake_failure, "no SRTP protection profile in common");
    }

    void writeChosenSrtpProfile(Hashtable<?, ?> extensions) throws IOException {
        TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(new int[] {srtpProfile}, NO_MKI));
    }

    void writeOfferedSrtpProfiles(Hashtable<?, ?> extensions) throws IOException {
        int[] profiles = parameters.srtpProfiles().stream().mapToInt(p -> p).toArray();
        TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profiles, NO_MKI));
    }

    /** Client: the server must have chosen one of ours. */
    void acceptSrtpProfile(Hashtable<?, ?> serverExtensions) throws IOException {
        UseSRTPData answer = serverExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(serverExtensions);
        boolean one = answer != null
                && answer.getProtectionProfiles().length == 1
                && parameters.srtpProfiles().contains(answer.getProtectionProfiles()[0]);
        if (!one) throw refuse(AlertDescription.illegal_parameter, "no SRTP protection profile in common");
        srtpProfile = answer.getProtectionProfiles()[0];
    }

    void onComplete(TlsContext context) {
        int bytes = DtlsParameters.keyingMaterialBytes(srtpProfile);
        keyingMaterial = context.exportKeyingMaterial(EXPORTER_LABEL, null, bytes);
    }

    private TlsFatalAlert refuse(short alert, String reason) {
        refusal = reason;
        return new TlsFatalAlert(alert, reason);
    }

    int srtpProfile() {
        return srtpProfile;
    }

    /** Hands the keys over; they are not kept. */
    byte[] takeKeyingMaterial() {
        byte[] taken = keyingMaterial;
        keyingMaterial = null;
        return taken;
    }

    /** Why we refused the other side, or null if we did not. */
    String refusal() {
        return refusal;
    }
}
