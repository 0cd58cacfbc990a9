package dev.weir.srtp;

/** Whose ciphers an operator wants for packets. */
public enum CryptoChoice {
    /** The first that works, in the order below. */
    AUTO,
    LIBCRYPTO,
    CORRETTO,
    JDK
}
