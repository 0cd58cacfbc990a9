package dev.weir.srtp;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;

/**
 * Where Java's ciphers come from: a provider, and the JDK for what it lacks (Amazon Corretto's has no counter mode).
 *
 * @param provider empty: the JDK for all
 */
record Jca(Optional<Provider> provider) implements CipherProvider {
    static final Jca JDK = new Jca(Optional.empty());

    @Override
    public String name() {
        return provider.map(Provider::getInfo).orElse("JDK " + Runtime.version());
    }

    @Override
    public RtpCipher cipher(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp) {
        return switch (profile) {
            case AEAD_AES_128_GCM -> new GcmCipher(rtp, rtcp, this);
            case AES128_CM_HMAC_SHA1_80 -> new CounterModeCipher(rtp, rtcp, this);
        };
    }

    Cipher cipher(String transformation) throws GeneralSecurityException {
        return has("Cipher", transformation)
                ? Cipher.getInstance(transformation, provider.get())
                : Cipher.getInstance(transformation);
    }

    Mac mac(String algorithm) throws GeneralSecurityException {
        return has("Mac", algorithm) ? Mac.getInstance(algorithm, provider.get()) : Mac.getInstance(algorithm);
    }

    private boolean has(String type, String algorithm) {
        return provider.isPresent() && provider.get().getService(type, algorithm) != null;
    }
}
