/**
 * A participant's WebRTC connection: ICE, DTLS and SRTP of one path, and the two ways across it: what comes in (ingress)
 * and what goes out (egress).
 */
package dev.weir.peer;
