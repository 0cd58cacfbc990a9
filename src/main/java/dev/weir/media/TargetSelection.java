package dev.weir.media;

import dev.weir.rtp.DependencyDescriptor;
import dev.weir.rtp.DependencyStructure;

/**
 * What a slot takes of a stream with dependency descriptors: the frames of one decode target at a time. A switch waits
 * for a frame that allows it and that can itself be decoded from what was forwarded (RTP payload format for AV1 v1.0,
 * appendix A.4.4), or for the start of any picture where the wanted target is part of the present one. Whatever the
 * sender says, a frame that needs one which was dropped is dropped too.
 */
final class TargetSelection {
    private static final int FORWARDED = 1;
    private static final int DROPPED = 2;
    private static final int UNMARKED = 4;
    private static final int TARGET_SHIFT = 3;

    private final FrameLog log = new FrameLog();

    private int wantedSpatial;
    private int wantedTemporal;

    private long structureCount = -1;
    private DependencyStructure structure;
    private int activeTargets;
    private int target;
    private int wanted;
    private long lastTimestamp;

    /** The sender begins with a wanted layer in this picture: its frame may follow, so that nothing before it is last. */
    private boolean rising;

    private int decision;
    private int dropped;
    private long announcedFrame;
    private int announced;
    private boolean announcing;
    private boolean told;

    void begin(int spatial, int temporal) {
        log.clear();
        structureCount = -1;
        announced = -1;
        want(spatial, temporal);
    }

    void want(int spatial, int temporal) {
        wantedSpatial = spatial;
        wantedTemporal = temporal;
        if (structureCount >= 0) {
            wanted = best(wantedSpatial);
        }
    }

    /** Whether the packet's frame is for this slot. @param timestamp of the packet, unwrapped */
    boolean takes(FrameView view, long timestamp) {
        DependencyDescriptor frame = view.descriptor();
        decision = log.decision(frame.frame());
        if (decision != FrameLog.UNKNOWN) {
            dropped = log.value(frame.frame());
        } else {
            long before = log.before(frame.frame());
            int then = before == FrameLog.NONE ? FrameLog.UNKNOWN : log.decision(before);
            dropped = before == FrameLog.NONE ? 0 : log.value(before) + ((then & DROPPED) == 0 ? 0 : 1);
            decision = log.isNewest(frame.frame()) ? decide(frame, timestamp) : decideLate(frame, timestamp);
            log.put(frame.frame(), timestamp, decision, dropped);
        }
        return (decision & FORWARDED) != 0;
    }

    /** Whether the packet taken last ends its picture for this slot. */
    boolean endsPicture(FrameView view) {
        int decided = decision >> TARGET_SHIFT;
        return view.endsFrame()
                && (decision & UNMARKED) == 0
                && decided < view.descriptor().structure().targets()
                && view.spatial() == view.descriptor().structure().targetSpatial(decided);
    }

    /** How many frames were dropped before the one taken last. */
    int droppedBefore() {
        return dropped;
    }

    /** Whether only a keyframe can bring what is wanted. */
    boolean waits() {
        return structureCount >= 0
                && structure.targetSpatial(wanted) != structure.targetSpatial(target)
                && !structure.includes(target, wanted);
    }

    int spatial() {
        return structureCount < 0 ? 0 : structure.targetSpatial(target);
    }

    /** Whether the packet taken last has to name the targets that are still whole, since they changed. */
    boolean announces(FrameView view) {
        DependencyDescriptor frame = view.descriptor();
        if (frame.structure() != structure) {
            return false;
        }
        return frame.activePresent()
                || frame.structurePresent() && whole() != allTargets()
                || announcing && frame.frame() >= announcedFrame;
    }

    /** The targets of which every frame is forwarded, one bit each from the lowest. */
    int whole() {
        return announced;
    }

    private int decide(DependencyDescriptor frame, long timestamp) {
        boolean newPicture = structureCount < 0 || timestamp != lastTimestamp;
        lastTimestamp = timestamp;
        if (frame.structureCount() != structureCount) {
            boolean first = structureCount < 0;
            structureCount = frame.structureCount();
            structure = frame.structure();
            activeTargets = frame.activeTargets();
            wanted = best(wantedSpatial);
            target = first || frame.structurePresent() || target >= structure.targets() ? wanted : target;
            announced = -1;
        } else if (frame.activeTargets() != activeTargets) {
            activeTargets = frame.activeTargets();
            wanted = best(wantedSpatial);
        }
        if (newPicture) {
            rising = frame.activeSince() == frame.frame() && above(wanted, target);
        }
        if (target != wanted) {
            approach(frame, newPicture);
        }
        boolean forwarded = !lacks(frame) && frame.indication(target) != DependencyDescriptor.NOT_PRESENT;
        announce(frame);
        boolean unmarked = rising && frame.spatial() < structure.targetSpatial(wanted);
        return (forwarded ? FORWARDED : DROPPED) | (unmarked ? UNMARKED : 0) | target << TARGET_SHIFT;
    }

    /** A frame of which nothing had come when later ones did: it belongs to what was being forwarded then. */
    private int decideLate(DependencyDescriptor frame, long timestamp) {
        int governing = log.governing(frame.frame(), timestamp);
        int thenTarget = governing == FrameLog.UNKNOWN ? target : governing >> TARGET_SHIFT;
        boolean forwarded = thenTarget < frame.structure().targets()
                && frame.indication(thenTarget) != DependencyDescriptor.NOT_PRESENT
                && !lacks(frame);
        return (forwarded ? FORWARDED : DROPPED) | thenTarget << TARGET_SHIFT;
    }

    /** Whether something that the frame needs was dropped. */
    private boolean lacks(DependencyDescriptor frame) {
        for (int i = 0; i < frame.diffCount(); i++) {
            if ((log.decision(frame.frame() - frame.diff(i)) & DROPPED) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether all that the frame needs was forwarded; what has not come yet may be dropped when it does. */
    private boolean has(DependencyDescriptor frame) {
        for (int i = 0; i < frame.diffCount(); i++) {
            if ((log.decision(frame.frame() - frame.diff(i)) & FORWARDED) == 0) {
                return false;
            }
        }
        return true;
    }

    private void approach(DependencyDescriptor frame, boolean newPicture) {
        int same = best(structure.targetSpatial(target));
        boolean samePicture = structure.targetSpatial(wanted) == structure.targetSpatial(target) || rising;
        if (allows(frame, wanted, newPicture, newPicture || samePicture)) {
            target = wanted;
        } else if (structure.targetSpatial(same) == structure.targetSpatial(target)
                && same != target
                && allows(frame, same, newPicture, true)) {
            target = same;
        }
    }

    private boolean allows(DependencyDescriptor frame, int next, boolean newPicture, boolean switchable) {
        boolean switches = switchable && has(frame) && frame.indication(next) == DependencyDescriptor.SWITCH;
        return switches || newPicture && structure.includes(target, next);
    }

    private boolean above(int one, int other) {
        return structure.targetSpatial(one) > structure.targetSpatial(other);
    }

    /** The best target that the sender makes, up to these layers; where all are above them, the lowest. */
    private int best(int maxSpatial) {
        int best = -1;
        int lowest = -1;
        for (int candidate = 0; candidate < structure.targets(); candidate++) {
            if (activeTargets != 0 && (activeTargets >>> candidate & 1) == 0) {
                continue;
            }
            lowest = lowest < 0 || rank(candidate) < rank(lowest) ? candidate : lowest;
            boolean fits = structure.targetSpatial(candidate) <= maxSpatial
                    && structure.targetTemporal(candidate) <= wantedTemporal;
            if (fits && (best < 0 || rank(candidate) > rank(best))) {
                best = candidate;
            }
        }
        return best < 0 ? Math.max(0, lowest) : best;
    }

    private int rank(int candidate) {
        return structure.targetSpatial(candidate) << 3 | structure.targetTemporal(candidate);
    }

    /** A change is told until a frame of the lowest temporal layer has told it: those are the ones that arrive. */
    private void announce(DependencyDescriptor frame) {
        int whole = 0;
        for (int each = 0; each < structure.targets(); each++) {
            boolean active = (activeTargets >>> each & 1) != 0;
            whole |= active && structure.includes(target, each) ? 1 << each : 0;
        }
        if (announced == -1) {
            announced = allTargets();
        }
        if (whole != announced) {
            announced = whole;
            announcedFrame = frame.frame();
            announcing = true;
            told = false;
        } else if (announcing && told) {
            announcing = false;
        }
        told |= announcing && frame.temporal() == 0 && frame.indication(target) != DependencyDescriptor.NOT_PRESENT;
    }

    private int allTargets() {
        return (int) ((1L << structure.targets()) - 1);
    }
}
