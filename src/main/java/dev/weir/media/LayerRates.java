package dev.weir.media;

import dev.weir.rtp.DependencyDescriptor;
import dev.weir.rtp.DependencyStructure;
import java.util.Arrays;

/**
 * The bit rates of one stream over its last two seconds, with what a packet takes of a path besides: one for each pair of a
 * highest spatial and a highest temporal layer that a viewer could take of it. Without layers in the stream all of them
 * are the stream's. Over a shorter time a picture that moves little for a moment would look cheap.
 */
final class LayerRates {
    /** More spatial or temporal layers than these no browser sends in one stream; what is above counts as the highest. */
    static final int LAYERS = 3;

    private static final int PAIRS = LAYERS * LAYERS;
    private static final int BUCKETS = 20;
    private static final long WINDOW_NANOS = 2 * TimeBase.SECOND;
    private static final long BUCKET_NANOS = WINDOW_NANOS / BUCKETS;
    private static final long BUCKETS_PER_SECOND = TimeBase.SECOND / BUCKET_NANOS;

    /** IPv4, UDP and the tag of SRTP; what of header extensions differs from sender to receiver is little. */
    private static final int OVERHEAD_BYTES = 28 + 16;

    private final long[] bits = new long[BUCKETS * PAIRS];
    private final long[] totals = new long[PAIRS];

    /** The decode target that serves each pair, by the structure in force. */
    private final int[] targets = new int[PAIRS];

    private long structureCount = -1;
    private int topTemporal;
    private long bucket = -1;
    private long first = -1;

    /** Forgets what was measured: another stream follows. */
    void reset() {
        Arrays.fill(bits, 0);
        Arrays.fill(totals, 0);
        structureCount = -1;
        topTemporal = 0;
        bucket = -1;
        first = -1;
    }

    /** @param frame what the packet tells of its frame */
    void add(long now, FrameView frame, int bytes) {
        advance(now);
        int at = (int) (bucket % BUCKETS) * PAIRS;
        long packetBits = 8L * (bytes + OVERHEAD_BYTES);
        if (frame.byTargets()) {
            addByTargets(frame.descriptor(), at, packetBits);
        } else {
            addByLayers(frame.spatial(), frame.temporal(), at, packetBits);
        }
    }

    /** Whether it has flowed for as long as rates are measured over, so that they can be relied on. */
    boolean settled(long now) {
        return first >= 0 && now / BUCKET_NANOS - first >= BUCKETS;
    }

    private void addByTargets(DependencyDescriptor descriptor, int at, long packetBits) {
        if (descriptor.structureCount() != structureCount) {
            structureCount = descriptor.structureCount();
            assignTargets(descriptor.structure());
        }
        for (int pair = 0; pair < PAIRS; pair++) {
            if (descriptor.indication(targets[pair]) != DependencyDescriptor.NOT_PRESENT) {
                bits[at + pair] += packetBits;
                totals[pair] += packetBits;
            }
        }
    }

    private void addByLayers(int spatial, int temporal, int at, long packetBits) {
        topTemporal = Math.max(topTemporal, Math.min(LAYERS - 1, temporal));
        for (int s = Math.min(LAYERS - 1, spatial); s < LAYERS; s++) {
            for (int t = Math.min(LAYERS - 1, temporal); t < LAYERS; t++) {
                bits[at + s * LAYERS + t] += packetBits;
                totals[s * LAYERS + t] += packetBits;
            }
        }
    }

    private void assignTargets(DependencyStructure structure) {
        topTemporal = 0;
        for (int target = 0; target < structure.targets(); target++) {
            topTemporal = Math.max(topTemporal, Math.min(LAYERS - 1, structure.targetTemporal(target)));
        }
        for (int pair = 0; pair < PAIRS; pair++) {
            targets[pair] = bestTarget(structure, pair / LAYERS, pair % LAYERS);
        }
    }

    private static int bestTarget(DependencyStructure structure, int spatial, int temporal) {
        int best = 0;
        for (int target = 1; target < structure.targets(); target++) {
            if (rank(structure, target, spatial, temporal) > rank(structure, best, spatial, temporal)) {
                best = target;
            }
        }
        return best;
    }

    /** Those within both limits first, of these the highest; of the others the lowest. */
    private static int rank(DependencyStructure structure, int target, int spatial, int temporal) {
        int s = structure.targetSpatial(target);
        int t = structure.targetTemporal(target);
        int height = s * DependencyStructure.MAX_TARGETS + t;
        boolean fits = s <= spatial && t <= temporal;
        return fits ? 1 + height : -height;
    }

    /**
     * Bits per second of what goes up to both layers; 0 before anything came. A younger stream counts as if
     * it went on as it began.
     */
    long bps(long now, int spatial, int temporal) {
        if (first < 0) {
            return 0;
        }
        advance(now);
        long buckets = Math.min(BUCKETS, bucket - first + 1);
        return totals[Math.min(LAYERS - 1, spatial) * LAYERS + Math.min(LAYERS - 1, temporal)]
                * BUCKETS_PER_SECOND
                / buckets;
    }

    /** The highest temporal layer that the stream has. */
    int topTemporal() {
        return topTemporal;
    }

    private void advance(long now) {
        long current = now / BUCKET_NANOS;
        if (first < 0) {
            first = current;
            bucket = current;
        }
        if (current - bucket >= BUCKETS) {
            Arrays.fill(bits, 0);
            Arrays.fill(totals, 0);
            first = current;
            bucket = current;
        }
        while (bucket < current) {
            bucket++;
            int at = (int) (bucket % BUCKETS) * PAIRS;
            for (int pair = 0; pair < PAIRS; pair++) {
                totals[pair] -= bits[at + pair];
                bits[at + pair] = 0;
            }
        }
    }
}
