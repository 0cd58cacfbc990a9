/** Protection of RTP and RTCP packets in place (RFC 3711, RFC 7714), keyed by a DTLS handshake (RFC 5764). */
package dev.weir.srtp;
