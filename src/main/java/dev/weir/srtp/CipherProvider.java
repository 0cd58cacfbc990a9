package dev.weir.srtp;

/** Somebody's ciphers. Immutable; any thread. */
interface CipherProvider {
    /** With the version, for the log. */
    String name();

    RtpCipher cipher(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp);
}
