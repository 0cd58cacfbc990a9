package dev.weir.dtls;

import java.security.SecureRandom;
import java.util.function.Function;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsECDSASigner;

/** Bouncy Castle's own computing, in plain Java. */
final class BouncyCastle implements HandshakeCrypto {
    private static final int[] GROUPS = {NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1};

    @Override
    public String name() {
        return new BouncyCastleProvider().getInfo();
    }

    @Override
    public TlsCrypto crypto(SecureRandom random) {
        return new BcTlsCrypto(random);
    }

    @Override
    public Function<TlsCrypto, TlsSigner> signers(AsymmetricKeyParameter privateKey) {
        ECPrivateKeyParameters key = (ECPrivateKeyParameters) privateKey;
        return crypto -> new BcTlsECDSASigner((BcTlsCrypto) crypto, key);
    }

    @Override
    public int[] groups() {
        return GROUPS.clone();
    }
}
