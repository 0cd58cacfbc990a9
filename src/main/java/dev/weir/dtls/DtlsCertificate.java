package dev.weir.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.function.Function;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSigner;

/**
 * A self-signed ECDSA P-256 certificate and its key, made at start and used for every connection of the process.
 * Immutable; any thread. The key never leaves the package.
 */
public final class DtlsCertificate {
    private static final X500Name NAME = new X500Name("CN=weir");
    /** Peers know the certificate by its hash and look at no date, so it needs no clock, and a wrong one does no harm. */
    private static final Date NOT_BEFORE = Date.from(Instant.parse("2020-01-01T00:00:00Z"));

    private static final Date NOT_AFTER = Date.from(Instant.parse("2049-12-31T23:59:59Z"));
    private static final int SERIAL_BITS = 64;

    private final byte[] encoded;
    private final Function<TlsCrypto, TlsSigner> signers;
    private final HandshakeCrypto crypto;
    private final Fingerprint fingerprint;

    private DtlsCertificate(byte[] encoded, AsymmetricKeyParameter privateKey, HandshakeCrypto crypto) {
        this.encoded = encoded;
        this.signers = crypto.signers(privateKey);
        this.crypto = crypto;
        fingerprint = Fingerprint.ofCertificate("sha-256", encoded);
    }

    /** Makes a new key and certificate for Bouncy Castle to compute with; takes a few milliseconds. */
    public static DtlsCertificate generate(SecureRandom random) {
        return generate(random, HandshakeCrypto.bouncyCastle());
    }

    /** Makes a new key and certificate, and says who computes the handshakes with it. */
    public static DtlsCertificate generate(SecureRandom random, HandshakeCrypto crypto) {
        try {
            var generator = new ECKeyPairGenerator();
            var curve = ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1);
            generator.init(new ECKeyGenerationParameters(curve, random));
            var keys = generator.generateKeyPair();
            var algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256WITHECDSA");
            var digest = new DefaultDigestAlgorithmIdentifierFinder().find(algorithm);
            var signer = new BcECContentSignerBuilder(algorithm, digest)
                    .setSecureRandom(random)
                    .build(keys.getPrivate());
            var publicKey = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(keys.getPublic());
            var serial = new BigInteger(SERIAL_BITS, random).setBit(0);
            var certificate = new X509v3CertificateBuilder(NAME, serial, NOT_BEFORE, NOT_AFTER, NAME, publicKey);
            return new DtlsCertificate(certificate.build(signer).getEncoded(), keys.getPrivate(), crypto);
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate of fixed form was not made", e);
        }
    }

    /** The SHA-256 fingerprint, for our session description. */
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    /** The certificate in DER; not to be written to. */
    byte[] encoded() {
        return encoded;
    }

    HandshakeCrypto crypto() {
        return crypto;
    }

    TlsSigner signer(TlsCrypto computing) {
        return signers.apply(computing);
    }

    @Override
    public String toString() {
        return "DtlsCertificate[" + fingerprint + "]";
    }
}
