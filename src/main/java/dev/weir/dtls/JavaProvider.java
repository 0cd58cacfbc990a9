package dev.weir.dtls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.jcajce.util.DefaultJcaJceHelper;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsECDSASigner;

/** A provider of Java does what it can, the JDK the rest. One computing for all handshakes: it keeps no state of any. */
final class JavaProvider implements HandshakeCrypto {
    /** Amazon Corretto's has the curves of NIST in assembler and leaves X25519 to the JDK. */
    private static final int[] GROUPS = {NamedGroup.secp256r1, NamedGroup.x25519, NamedGroup.secp384r1};

    private final Provider provider;
    private final TlsCrypto crypto;

    JavaProvider(Provider provider, SecureRandom random) {
        this.provider = provider;
        crypto = new Computing(new Preferring(provider), random);
    }

    @Override
    public String name() {
        return provider.getInfo();
    }

    @Override
    public TlsCrypto crypto(SecureRandom random) {
        return crypto;
    }

    @Override
    public Function<TlsCrypto, TlsSigner> signers(AsymmetricKeyParameter privateKey) {
        PrivateKey key = converted(privateKey);
        return computing -> new JcaTlsECDSASigner((JcaTlsCrypto) computing, key);
    }

    private PrivateKey converted(AsymmetricKeyParameter privateKey) {
        try {
            byte[] encoded =
                    PrivateKeyInfoFactory.createPrivateKeyInfo(privateKey).getEncoded();
            return new Preferring(provider).createKeyFactory("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("our own key does not parse", e);
        }
    }

    @Override
    public int[] groups() {
        return GROUPS.clone();
    }

    /** Opens the constructor that takes a helper. */
    private static final class Computing extends JcaTlsCrypto {
        Computing(Preferring helper, SecureRandom random) {
            super(helper, random, random);
        }
    }

    /** Finds each algorithm in the provider if it is there, else where the JDK does. */
    private static final class Preferring extends DefaultJcaJceHelper {
        private final Provider provider;

        Preferring(Provider provider) {
            this.provider = provider;
        }

        private boolean has(String type, String algorithm) {
            return provider.getService(type, algorithm) != null;
        }

        @Override
        public Cipher createCipher(String algorithm) throws NoSuchAlgorithmException, NoSuchPaddingException {
            return has("Cipher", algorithm) ? Cipher.getInstance(algorithm, provider) : super.createCipher(algorithm);
        }

        @Override
        public Mac createMac(String algorithm) throws NoSuchAlgorithmException {
            return has("Mac", algorithm) ? Mac.getInstance(algorithm, provider) : super.createMac(algorithm);
        }

        @Override
        public KeyAgreement createKeyAgreement(String algorithm) throws NoSuchAlgorithmException {
            return has("KeyAgreement", algorithm)
                    ? KeyAgreement.getInstance(algorithm, provider)
                    : super.createKeyAgreement(algorithm);
        }

        @Override
        public KeyFactory createKeyFactory(String algorithm) throws NoSuchAlgorithmException {
            return has("KeyFactory", algorithm)
                    ? KeyFactory.getInstance(algorithm, provider)
                    : super.createKeyFactory(algorithm);
        }

        @Override
        public KeyPairGenerator createKeyPairGenerator(String algorithm) throws NoSuchAlgorithmException {
            return has("KeyPairGenerator", algorithm)
                    ? KeyPairGenerator.getInstance(algorithm, provider)
                    : super.createKeyPairGenerator(algorithm);
        }

        @Override
        public Signature createSignature(String algorithm) throws NoSuchAlgorithmException {
            return has("Signature", algorithm)
                    ? Signature.getInstance(algorithm, provider)
                    : super.createSignature(algorithm);
        }

        @Override
        public MessageDigest createMessageDigest(String algorithm) throws NoSuchAlgorithmException {
            return has("MessageDigest", algorithm)
                    ? MessageDigest.getInstance(algorithm, provider)
                    : super.createMessageDigest(algorithm);
        }
    }
}
