package dev.weir.media;

/**
 * One stretch of a slot's stream that comes from one layer without a switch: all that turns an incoming packet into the
 * outgoing one, except the sequence number. Made at a switch and kept as long as its packets may be asked for again.
 *
 * @param stream the one that brought the packets; a layer may get another
 * @param timestampOffset outgoing minus incoming, both unwrapped
 * @param pictureIdOffset added to VP8 picture ids, modulo their size
 * @param tl0Offset added to VP8's TL0PICIDX, modulo 256
 */
record Segment(Layer layer, ReceiveStream stream, long timestampOffset, int pictureIdOffset, int tl0Offset) {}
