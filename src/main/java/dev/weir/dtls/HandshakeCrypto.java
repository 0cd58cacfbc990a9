package dev.weir.dtls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.tls.DigitallySigned;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsSigner;

/**
 * Who computes handshakes: Bouncy Castle itself, or a provider of Java. Chosen at start; any thread. Its methods are
 * for this package, which is the only one to name Bouncy Castle's types.
 */
public sealed interface HandshakeCrypto permits BouncyCastle, JavaProvider {
    /** Bouncy Castle's own, which works everywhere. */
    static HandshakeCrypto bouncyCastle() {
        return new BouncyCastle();
    }

    /**
     * A provider's elliptic curves, hashes and ciphers, and the JDK's for what it lacks; tried out.
     *
     * @throws GeneralSecurityException if they do not do what a handshake needs
     */
    static HandshakeCrypto of(Provider provider, SecureRandom random) throws GeneralSecurityException {
        try {
            HandshakeCrypto crypto = new JavaProvider(provider, random);
            DtlsCertificate certificate = DtlsCertificate.generate(random, crypto);
            TlsCrypto computing = crypto.crypto(random);
            checkSignature(certificate, computing);
            for (int group : crypto.groups()) {
                checkAgreement(computing, group);
            }
            return crypto;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new GeneralSecurityException(provider.getInfo() + " failed a trial: " + e, e);
        }
    }

    private static void checkSignature(DtlsCertificate certificate, TlsCrypto crypto) throws IOException {
        var ecdsa = new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);
        byte[] hash = new byte[32];
        byte[] signature = certificate.signer(crypto).generateRawSignature(ecdsa, hash);
        boolean verified = crypto.createCertificate(certificate.encoded())
                .createVerifier(SignatureAlgorithm.ecdsa)
                .verifyRawSignature(new DigitallySigned(ecdsa, signature), hash);
        if (!verified) {
            throw new IllegalStateException("its ECDSA signature does not verify");
        }
    }

    private static void checkAgreement(TlsCrypto crypto, int group) throws IOException {
        TlsAgreement one = crypto.createECDomain(new TlsECConfig(group)).createECDH();
        TlsAgreement other = crypto.createECDomain(new TlsECConfig(group)).createECDH();
        one.receivePeerValue(other.generateEphemeral());
        other.receivePeerValue(one.generateEphemeral());
        byte[] ofOne = one.calculateSecret().extract();
        if (!Arrays.equals(ofOne, other.calculateSecret().extract())) {
            throw new IllegalStateException("its two sides do not agree in " + NamedGroup.getName(group));
        }
    }

    /** With the version, for the log. */
    String name();

    /** For one handshake. */
    TlsCrypto crypto(SecureRandom random);

    /** Takes in a certificate's key, once; what comes of it makes the signer of one {@link #crypto}. */
    Function<TlsCrypto, TlsSigner> signers(AsymmetricKeyParameter privateKey);

    /** Groups of the key exchange, the fastest here first: all of them are good enough. */
    int[] groups();
}
