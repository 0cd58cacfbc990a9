package dev.weir.media;

import java.util.Arrays;

/**
 * Which layers of one track have takers. A layer without any is switched off at the publisher after a while, which saves
 * his uplink and his processor, and on again at once with the first who wants it.
 */
final class LayerDemand {
    /** Longer than a viewer needs to scroll back, or an estimate to recover from a short dip. */
    static final long KEEP_NANOS = 5 * TimeBase.SECOND;

    private final long[] lastWanted;
    private final boolean[] active;

    private boolean started;

    /** All layers are on to begin with, as if wanted just before the first review. @param most that there can be */
    LayerDemand(int most) {
        lastWanted = new long[most];
        active = new boolean[most];
        Arrays.fill(active, true);
    }

    /** Somebody takes this layer, or would. */
    void want(long now, int layer) {
        lastWanted[layer] = now;
    }

    /** Looks which of the first {@code layers} are to be on now. @return whether that has changed */
    boolean review(long now, int layers) {
        if (!started) {
            started = true;
            Arrays.fill(lastWanted, now);
        }
        boolean changed = false;
        for (int layer = 0; layer < layers; layer++) {
            boolean on = now - lastWanted[layer] < KEEP_NANOS;
            changed |= on != active[layer];
            active[layer] = on;
        }
        return changed;
    }

    boolean isActive(int layer) {
        return active[layer];
    }
}
