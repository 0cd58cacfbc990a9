package dev.weir.media;

/** How a layer is left that the viewer's path does not carry any more, until the keyframe of the next one is there. */
public enum Haste {
    /** It goes on as it is. */
    NONE,
    /** It goes on at its lowest frame rate. */
    THINNED,
    /**
     * It stops, since the path carries not even that: what it would still bring only fills the queue before the
     * keyframe. What was lost of it is not sent again.
     */
    AT_ONCE
}
