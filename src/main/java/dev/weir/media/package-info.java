/**
 * Selective forwarding: what comes in (tracks, layers, receive streams), what is kept of it (the retransmission store),
 * and what goes out (forwarders into slots), with the time lines between. Knows no transport: packets leave through a
 * {@link dev.weir.media.PacketSink}.
 */
package dev.weir.media;
