package dev.weir.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate of https, with its key, both as PEM.
 *
 * @param fingerprint SHA-256, as browsers show it
 */
record ServerCertificate(String certificatePem, String keyPem, String fingerprint) {
    private static final Duration LIFETIME = Duration.ofDays(365);
    /** A visitor's clock may be behind ours. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private static final int SERIAL_BITS = 120;

    /** Blocks. Fails with a sentence that names the file. */
    static ServerCertificate read(String certificatePath, String keyPath) throws IOException {
        String certificate = readText("the TLS certificate", certificatePath);
        String key = readText("the TLS key", keyPath);
        try {
            X509Certificate first = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8)));
            if (isOfAnother(first, key)) {
                throw new IOException("the TLS key " + keyPath + " is not that of the certificate " + certificatePath);
            }
            return new ServerCertificate(certificate, key, fingerprint(first));
        } catch (CertificateException wrong) {
            throw new IOException("the TLS certificate " + certificatePath + " is no PEM certificate", wrong);
        }
    }

    /** Whether what the key signs is not signed by the certificate. A key in a form that we cannot read may fit. */
    private static boolean isOfAnother(X509Certificate certificate, String keyPem) {
        try (PEMParser parser = new PEMParser(new StringReader(keyPem))) {
            Object part = parser.readObject();
            while (part != null && !(part instanceof PrivateKeyInfo) && !(part instanceof PEMKeyPair)) {
                part = parser.readObject();
            }
            PrivateKeyInfo info = part instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : (PrivateKeyInfo) part;
            if (info == null) {
                return false;
            }
            PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(info);
            Signature signature = Signature.getInstance(
                    switch (certificate.getPublicKey().getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        case String other -> other;
                    });
            signature.initSign(key);
            signature.update(keyPem.getBytes(StandardCharsets.UTF_8));
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(keyPem.getBytes(StandardCharsets.UTF_8));
            return !signature.verify(signed);
        } catch (InvalidKeyException | SignatureException _) {
            // A key of another kind.
            return true;
        } catch (IOException | GeneralSecurityException _) {
            return false;
        }
    }

    private static String readText(String what, String path) throws IOException {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException unreadable) {
            throw new IOException(what + " " + path + " cannot be read", unreadable);
        }
    }

    static ServerCertificate selfSigned(Collection<String> names, Collection<InetAddress> addresses) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            X509Certificate certificate = sign(keys, names, addresses);
            return new ServerCertificate(
                    pem("CERTIFICATE", certificate.getEncoded()),
                    pem("PRIVATE KEY", keys.getPrivate().getEncoded()),
                    fingerprint(certificate));
        } catch (GeneralSecurityException | IOException | OperatorCreationException unexpected) {
            throw new IllegalStateException("no self-signed certificate could be made", unexpected);
        }
    }

    private static X509Certificate sign(KeyPair keys, Collection<String> names, Collection<InetAddress> addresses)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        List<GeneralName> subjects = new ArrayList<>();
        names.forEach(name -> subjects.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(address -> subjects.add(new GeneralName(GeneralName.iPAddress, literal(address))));
        X500Name issuer = new X500Name("CN=Weir");
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0),
                        Date.from(now.minus(BACKDATED)),
                        Date.from(now.plus(LIFETIME)),
                        issuer,
                        keys.getPublic())
                .addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(subjects.toArray(GeneralName[]::new)));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    }

    /** Without the scope that an IPv6 link-local address carries. */
    private static String literal(InetAddress address) {
        return address.getHostAddress().replaceFirst("%.*", "");
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    PemKeyCertOptions options() {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(certificatePem))
                .addKeyValue(Buffer.buffer(keyPem));
    }
}
