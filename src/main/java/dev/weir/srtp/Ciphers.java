package dev.weir.srtp;

/**
 * What one event loop makes its protectors and unprotectors with. Counts those that are open, since their native memory
 * is nobody's garbage. Belongs to one thread.
 */
public final class Ciphers {
    private final CipherProvider provider;
    private int live;

    Ciphers(CipherProvider provider) {
        this.provider = provider;
    }

    /** The JDK's. */
    public static Ciphers jdk() {
        return new Ciphers(Jca.JDK);
    }

    /** How many were made and not closed. */
    public int live() {
        return live;
    }

    RtpCipher open(SrtpProfile profile, SrtpKeys keys) {
        RtpCipher cipher = provider.cipher(profile, SessionKeys.rtp(profile, keys), SessionKeys.rtcp(profile, keys));
        live++;
        return cipher;
    }

    void closed() {
        live--;
    }
}
