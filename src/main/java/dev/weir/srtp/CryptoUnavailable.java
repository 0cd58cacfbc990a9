package dev.weir.srtp;

/** Somebody's ciphers cannot be used on this machine; the message says why, for one line of the log. */
public final class CryptoUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    CryptoUnavailable(String reason) {
        super(reason, null, false, false);
    }
}
