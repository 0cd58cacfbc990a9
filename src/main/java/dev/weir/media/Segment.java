package dev.weir.media;

import dev.weir.rtp.Codec;

/**
 * One stretch of a slot's stream that comes from one layer without a switch: all that turns an incoming packet into the
 * outgoing one, except the sequence number. Made at a switch and kept as long as its packets may be asked for again.
 *
 * @param stream the one that brought the packets; a layer may get another
 * @param codec of the packets; an encoder may go on with another on the same stream
 * @param timestampOffset outgoing minus incoming, both unwrapped
 * @param pictureIdOffset added to picture ids of VP8 and VP9, modulo their size
 * @param tl0Offset added to their TL0PICIDX, modulo 256
 * @param frameOffset added to frame numbers of dependency descriptors, modulo 2^16
 * @param templateOffset added to their template ids, modulo 64
 */
record Segment(
        Layer layer,
        ReceiveStream stream,
        Codec codec,
        long timestampOffset,
        int pictureIdOffset,
        int tl0Offset,
        long frameOffset,
        int templateOffset) {}
