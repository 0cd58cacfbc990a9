package dev.weir.media;

/**
 * What a slot takes of a stream whose payloads tell of layers: frames up to one spatial and one temporal layer. Down at
 * the start of any picture; up in time where the codec says that a layer can be joined, in space at a keyframe.
 *
 * <p>Counts the pictures that are dropped, since VP8's receivers take a gap in picture ids for a loss: libwebrtc
 * (rtp_vp8_ref_finder.cc) holds frames of upper temporal layers back until every picture between them and what they need
 * has come, but for those that can be joined. Pictures of which nothing has come yet are dropped already where only the
 * lowest layer was being forwarded: TL0PICIDX tells how many of them are of it. Elsewhere an id is kept for each. If one
 * then comes that is not to be forwarded, no id can be taken back from those behind it: it goes out where it needs the
 * lowest layer alone, else the upper layers end until one can be joined.
 */
final class LayerSelection {
    private static final int FORWARDED = 1;
    private static final int DROPPED = 2;
    private static final int TEMPORAL_SHIFT = 2;
    private static final int SPATIAL_SHIFT = 5;
    private static final int MAX_LAYER = 7;

    /** What is put on a frame: TL0PICIDX plus one, and the shift; of that only the low bits matter. */
    private static final int SHIFT_SHIFT = 9;

    private static final int TL0_MASK = 0xff;

    private final FrameLog log = new FrameLog();

    private int wantedSpatial;
    private int wantedTemporal;
    private int spatial;
    private int temporal;
    private int topSpatial;
    private boolean started;
    private boolean raises;
    private long lastTimestamp;
    private int decision;
    private int shift;

    void begin(int spatialLayer, int temporalLayer) {
        log.clear();
        started = false;
        raises = false;
        topSpatial = 0;
        want(spatialLayer, temporalLayer);
    }

    void want(int spatialLayer, int temporalLayer) {
        wantedSpatial = Math.min(MAX_LAYER, spatialLayer);
        wantedTemporal = Math.min(MAX_LAYER, temporalLayer);
    }

    /** Whether the packet's frame is for this slot. @param timestamp of the packet, unwrapped */
    boolean takes(FrameView frame, long timestamp) {
        decision = log.decision(frame.frame());
        if (decision != FrameLog.UNKNOWN) {
            shift = log.value(frame.frame()) >> SHIFT_SHIFT;
        } else {
            decide(frame, timestamp);
            log.put(frame.frame(), timestamp, decision, shift << SHIFT_SHIFT | frame.tl0() + 1);
        }
        return (decision & FORWARDED) != 0;
    }

    /** Whether the packet taken last ends its picture for this slot. */
    boolean endsPicture(FrameView frame) {
        return frame.endsFrame() && frame.spatial() == decision >> SPATIAL_SHIFT;
    }

    /** How many pictures were dropped before the one taken last. */
    int droppedBefore() {
        return shift;
    }

    /** Whether only a keyframe can bring what is wanted. */
    boolean waits() {
        return started && Math.min(wantedSpatial, topSpatial) > spatial;
    }

    int spatial() {
        return Math.min(spatial, topSpatial);
    }

    private void decide(FrameView frame, long timestamp) {
        long before = log.before(frame.frame());
        int then = before == FrameLog.NONE ? FrameLog.UNKNOWN : log.decision(before);
        shift = before == FrameLog.NONE
                ? 0
                : (log.value(before) >> SHIFT_SHIFT) + ((then & DROPPED) == 0 ? 0 : 1) + unwanted(before, frame);
        if (log.isNewest(frame.frame())) {
            choose(frame, timestamp);
            decision = judge(frame, spatial, temporal);
            raises |= frame.switchingUp() && frame.temporal() <= temporal;
        } else {
            decideLate(frame, timestamp);
        }
    }

    /** How many of the pictures between two, of which nothing has come yet, will be dropped when they come. */
    private int unwanted(long before, FrameView frame) {
        int tl0 = (log.value(before) & (1 << SHIFT_SHIFT) - 1) - 1;
        if (!frame.leavesNoGap() || temporalOf(log.decision(before)) > 0 || tl0 < 0 || frame.tl0() < 0) {
            return 0;
        }
        int between = (int) (frame.frame() - before - 1);
        int base = frame.tl0() - tl0 - (frame.temporal() == 0 ? 1 : 0) & TL0_MASK;
        return Math.max(0, between - base);
    }

    /** Nothing of it had come when later ones did: it belongs to what was being forwarded then. */
    private void decideLate(FrameView frame, long timestamp) {
        int governing = log.governing(frame.frame(), timestamp);
        boolean known = governing != FrameLog.UNKNOWN;
        int thenSpatial = known ? governing >> SPATIAL_SHIFT : spatial;
        int thenTemporal = known ? temporalOf(governing) : temporal;
        decision = judge(frame, thenSpatial, thenTemporal);
        if ((decision & DROPPED) != 0 && frame.leavesNoGap() && thenTemporal > 0) {
            if (frame.sync()) {
                decision = decision & ~DROPPED | FORWARDED;
            } else {
                temporal = 0;
            }
        }
    }

    private void choose(FrameView frame, long timestamp) {
        topSpatial = frame.topSpatial();
        boolean newPicture = !started || timestamp != lastTimestamp;
        lastTimestamp = timestamp;
        if (!started || frame.startsKeyframe()) {
            spatial = wantedSpatial;
            temporal = wantedTemporal;
            started = true;
        } else if (newPicture) {
            spatial = Math.min(spatial, wantedSpatial);
            temporal = raises ? wantedTemporal : Math.min(temporal, wantedTemporal);
        }
        if (newPicture) {
            raises = false;
        }
        // One layer at a time: a higher one may come to need what the layer between has from before.
        if (frame.sync() && frame.temporal() == temporal + 1 && frame.temporal() <= wantedTemporal) {
            temporal++;
        }
    }

    private static int temporalOf(int decided) {
        return decided >> TEMPORAL_SHIFT & MAX_LAYER;
    }

    private static int judge(FrameView frame, int spatial, int temporal) {
        boolean forwarded = frame.spatial() <= spatial && frame.temporal() <= temporal;
        return (forwarded ? FORWARDED : DROPPED) | temporal << TEMPORAL_SHIFT | spatial << SPATIAL_SHIFT;
    }
}
