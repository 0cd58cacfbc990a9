/**
 * Wire formats: RTP, RTCP, header extensions, payload descriptors, NTP time. Views over borrowed buffers and writers
 * that append to them; nothing here keeps a buffer, allocates per packet, or throws for what came from the network.
 */
package dev.weir.rtp;
