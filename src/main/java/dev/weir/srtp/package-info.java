/**
 * Protection of RTP and RTCP packets (RFC 3711, RFC 7714), keyed by a DTLS handshake (RFC 5764), with ciphers of the
 * system's libcrypto or of Java.
 */
package dev.weir.srtp;
