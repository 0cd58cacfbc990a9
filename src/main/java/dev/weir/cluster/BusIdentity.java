package dev.weir.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;

/**
 * The key and certificate by which nodes know each other on the event bus: a P-256 key derived from the cluster's
 * secret and a certificate signed by itself without chance (RFC 6979), so that all nodes have the same pair and trust
 * nothing else. Who knows the secret is a node, who does not gets no connection.
 */
final class BusIdentity {
    private static final String CURVE = "secp256r1";
    /** 128 bits more than the curve's order, so that no scalar is likelier than another (FIPS 186-5 A.2.1). */
    private static final int SCALAR_BYTES = 48;

    private static final X500Name NAME = new X500Name("CN=weir cluster");
    private static final Date FROM = Date.from(Instant.parse("2020-01-01T00:00:00Z"));
    /** RFC 5280 section 4.1.2.5: without an end. The secret is what is to be changed. */
    private static final Date UNTIL = Date.from(Instant.parse("9999-12-31T23:59:59Z"));

    private final Buffer key;
    private final Buffer certificate;

    private BusIdentity(byte[] key, byte[] certificate) {
        this.key = pem("PRIVATE KEY", key);
        this.certificate = pem("CERTIFICATE", certificate);
    }

    static BusIdentity of(ClusterSecret secret) {
        X9ECParameters curve = ECNamedCurveTable.getByName(CURVE);
        ECDomainParameters domain = new ECDomainParameters(curve);
        BigInteger scalar = new BigInteger(1, secret.derive("event bus key", SCALAR_BYTES))
                .mod(domain.getN().subtract(BigInteger.ONE))
                .add(BigInteger.ONE);
        try {
            return new BusIdentity(privateKey(scalar), certificate(domain, scalar));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] privateKey(BigInteger scalar) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(CURVE));
        return KeyFactory.getInstance("EC")
                .generatePrivate(new ECPrivateKeySpec(scalar, parameters.getParameterSpec(ECParameterSpec.class)))
                .getEncoded();
    }

    private static byte[] certificate(ECDomainParameters domain, BigInteger scalar) throws IOException {
        SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                new ECPublicKeyParameters(domain.getG().multiply(scalar), namedDomain()));
        return new X509v3CertificateBuilder(NAME, BigInteger.ONE, FROM, UNTIL, NAME, publicKey)
                .build(new Signer(new ECPrivateKeyParameters(scalar, domain)))
                .getEncoded();
    }

    private static org.bouncycastle.crypto.params.ECNamedDomainParameters namedDomain() {
        return new org.bouncycastle.crypto.params.ECNamedDomainParameters(
                ECNamedCurveTable.getOID(CURVE), ECNamedCurveTable.getByName(CURVE));
    }

    private static Buffer pem(String what, byte[] der) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return Buffer.buffer("-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    Buffer certificate() {
        return certificate;
    }

    /** Lets in, and goes to, those with the same identity only. */
    EventBusOptions applyTo(EventBusOptions options) {
        return options.setSsl(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setKeyCertOptions(new PemKeyCertOptions().addKeyValue(key).addCertValue(certificate))
                .setTrustOptions(new PemTrustOptions().addCertValue(certificate))
                .setClientAuth(ClientAuth.REQUIRED);
    }

    /** ECDSA whose nonce follows from key and message. */
    private static final class Signer implements ContentSigner {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private final ECPrivateKeyParameters key;

        Signer(ECPrivateKeyParameters key) {
            this.key = key;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            DSADigestSigner signer = new DSADigestSigner(
                    new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())), new SHA256Digest());
            signer.init(true, key);
            byte[] bytes = content.toByteArray();
            signer.update(bytes, 0, bytes.length);
            return signer.generateSignature();
        }
    }
}
