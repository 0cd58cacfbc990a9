package dev.weir.client;

/** A frame that a decoder could show. @param frame the number that the camera gave it */
public record DecodedFrame(long time, long timestamp, int csrc, int frame, int height, boolean keyframe) {}
