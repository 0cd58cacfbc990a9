package dev.weir.srtp;

import java.util.List;

/** The ciphers of the system's libcrypto. */
record LibcryptoCiphers(String name, boolean hasFastGcm) implements CipherProvider {
    /** Throws where the library is not there, too old, or lacks something. */
    static LibcryptoCiphers open(List<String> libraries) {
        Libcrypto library = Libcrypto.find(libraries);
        return new LibcryptoCiphers("libcrypto (" + library.version() + ")", library.hasFastGcm());
    }

    @Override
    public RtpCipher cipher(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp) {
        return new OnDirectBuffers(
                switch (profile) {
                    case AEAD_AES_128_GCM -> new LibcryptoGcm(rtp, rtcp);
                    case AES128_CM_HMAC_SHA1_80 -> new LibcryptoCounterMode(rtp, rtcp);
                });
    }
}
