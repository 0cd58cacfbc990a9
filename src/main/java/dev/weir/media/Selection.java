package dev.weir.media;

/**
 * What a slot takes of the layer that it follows, picture by picture: by decode targets where packets tell them, else by
 * the layers that payloads tell; all of it where nothing is told. All that is asked is about the packet taken last.
 */
final class Selection {
    /** More than any codec has. */
    static final int ALL = Integer.MAX_VALUE;

    private enum Means {
        NOTHING,
        TARGETS,
        LAYERS
    }

    private int spatial = ALL;
    private int temporal = ALL;
    private Means means = Means.NOTHING;

    /** Made with the first packet that needs it: most slots of most viewers show no picture, or one kind. */
    private TargetSelection targets;

    private LayerSelection layers;

    /** The highest layers that the viewer has a use for. */
    void want(int spatialLayer, int temporalLayer) {
        spatial = spatialLayer;
        temporal = temporalLayer;
        if (targets != null) {
            targets.want(spatial, temporal);
        }
        if (layers != null) {
            layers.want(spatial, temporal);
        }
    }

    /** Another source, or a new start of the same one. */
    void begin() {
        means = Means.NOTHING;
        if (targets != null) {
            targets.begin(spatial, temporal);
        }
        if (layers != null) {
            layers.begin(spatial, temporal);
        }
    }

    /** Whether the packet is for this slot. @param timestamp of the packet, unwrapped */
    boolean takes(FrameView frame, long timestamp) {
        if (frame.byTargets()) {
            if (targets == null) {
                targets = new TargetSelection();
                targets.begin(spatial, temporal);
            }
            means = Means.TARGETS;
            return targets.takes(frame, timestamp);
        }
        if (frame.byLayers()) {
            if (layers == null) {
                layers = new LayerSelection();
                layers.begin(spatial, temporal);
            }
            means = Means.LAYERS;
            return layers.takes(frame, timestamp);
        }
        means = Means.NOTHING;
        return true;
    }

    /** Whether the packet is the last one of its picture for this slot, although the sender may go on. */
    boolean endsPicture(FrameView frame) {
        return switch (means) {
            case TARGETS -> targets.endsPicture(frame);
            case LAYERS -> layers.endsPicture(frame);
            case NOTHING -> false;
        };
    }

    /** How many pictures were dropped before this one since the source began. */
    int droppedBefore() {
        return switch (means) {
            case TARGETS -> targets.droppedBefore();
            case LAYERS -> layers.droppedBefore();
            case NOTHING -> 0;
        };
    }

    /** Whether the packet has to name the decode targets that are still whole. */
    boolean announces(FrameView frame) {
        return means == Means.TARGETS && targets.announces(frame);
    }

    /** One bit each from the lowest. Only where the packet announces them. */
    int activeTargets() {
        return targets.whole();
    }

    /** Whether only a keyframe can bring what is wanted. */
    boolean waits() {
        return switch (means) {
            case TARGETS -> targets.waits();
            case LAYERS -> layers.waits();
            case NOTHING -> false;
        };
    }

    /** The spatial layer that is forwarded now. */
    int spatial() {
        return switch (means) {
            case TARGETS -> targets.spatial();
            case LAYERS -> layers.spatial();
            case NOTHING -> 0;
        };
    }
}
