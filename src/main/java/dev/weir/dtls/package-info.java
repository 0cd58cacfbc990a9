/**
 * DTLS 1.2 with use_srtp (RFC 6347, RFC 5764): agrees keys with a peer whose certificate the signaling named.
 *
 * <p>Bouncy Castle's protocol classes block, so a handshake has a thread of its own; what that thread and the event
 * loop share is in one class, {@link dev.weir.dtls.Exchange}, and everything else belongs to one of the two.
 */
package dev.weir.dtls;
