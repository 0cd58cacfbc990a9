package dev.weir.dtls;

/** Who opens the handshake (RFC 8842 section 5.2: "passive" is the server). */
public enum DtlsRole {
    /** Waits for the ClientHello, and asks the client for its certificate. */
    SERVER,
    /** Sends the ClientHello. */
    CLIENT
}
