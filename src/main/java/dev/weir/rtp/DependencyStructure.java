package dev.weir.rtp;

import java.util.Arrays;

/**
 * How the frames of a coded video sequence depend on each other: templates of frames, and decode targets, each a way to
 * watch less than everything (RTP payload format for AV1 v1.0, appendix A). It comes with a keyframe and holds until
 * the next one. Reused: its tables grow to the largest structure that they had to hold.
 */
public final class DependencyStructure {
    public static final int MAX_TARGETS = 32;

    static final int TEMPLATE_IDS = 64;
    static final int MAX_SPATIAL = 4;
    static final int MAX_TEMPORAL = 8;

    /** The format sets no bound; no codec has more than eight reference buffers. */
    static final int MAX_DIFFS = 16;

    private static final int SAME_LAYER = 0;
    private static final int NEXT_TEMPORAL = 1;
    private static final int NEXT_SPATIAL = 2;

    private int firstTemplateId;
    private int templates;
    private int targets;
    private int chains;
    private boolean resolutions;
    private int topSpatial;

    private final byte[] spatial = new byte[TEMPLATE_IDS];
    private final byte[] temporal = new byte[TEMPLATE_IDS];
    private final byte[] diffCounts = new byte[TEMPLATE_IDS];
    private byte[] diffs = new byte[0];
    private byte[] indications = new byte[0];
    private byte[] chainDiffs = new byte[0];
    private final byte[] protectedBy = new byte[MAX_TARGETS];
    private final byte[] targetSpatial = new byte[MAX_TARGETS];
    private final byte[] targetTemporal = new byte[MAX_TARGETS];
    private final int[] widths = new int[MAX_SPATIAL];
    private final int[] heights = new int[MAX_SPATIAL];

    DependencyStructure() {}

    /** How many decode targets there are, 1 to 32. */
    public int targets() {
        return targets;
    }

    /** How many chains there are. */
    public int chains() {
        return chains;
    }

    /** The chain that protects a target; meaningless where there are no chains. */
    public int protectedBy(int target) {
        return protectedBy[target];
    }

    /** The highest spatial layer in a decode target: 0 to 3. */
    public int targetSpatial(int target) {
        return targetSpatial[target];
    }

    /** The highest temporal layer in a decode target: 0 to 7. */
    public int targetTemporal(int target) {
        return targetTemporal[target];
    }

    /** The highest spatial layer. */
    public int topSpatial() {
        return topSpatial;
    }

    /** The height of a spatial layer's picture in pixels, or 0 where the structure does not tell. */
    public int height(int spatialLayer) {
        return resolutions && spatialLayer <= topSpatial ? heights[spatialLayer] : 0;
    }

    /** The width of a spatial layer's picture in pixels, or 0. */
    public int width(int spatialLayer) {
        return resolutions && spatialLayer <= topSpatial ? widths[spatialLayer] : 0;
    }

    /** The id of the first template, 0 to 63; the others follow, modulo 64. */
    public int firstTemplateId() {
        return firstTemplateId;
    }

    public int templates() {
        return templates;
    }

    /** Whether every frame of a target is also one of another, so that whoever has that one has this one too. */
    public boolean includes(int larger, int smaller) {
        if (Math.max(larger, smaller) >= targets) {
            return false;
        }
        for (int template = 0; template < templates; template++) {
            if (indication(template, smaller) != DependencyDescriptor.NOT_PRESENT
                    && indication(template, larger) == DependencyDescriptor.NOT_PRESENT) {
                return false;
            }
        }
        return true;
    }

    /** The place of a template id in the tables, or -1 if it is not of this structure. */
    int template(int templateId) {
        int index = templateId - firstTemplateId & TEMPLATE_IDS - 1;
        return index < templates ? index : -1;
    }

    int spatial(int template) {
        return spatial[template];
    }

    int temporal(int template) {
        return temporal[template];
    }

    int indication(int template, int target) {
        return indications[template * targets + target];
    }

    int diffCount(int template) {
        return diffCounts[template];
    }

    int diff(int template, int index) {
        return diffs[template * MAX_DIFFS + index];
    }

    int chainDiff(int template, int chain) {
        return chainDiffs[template * chains + chain];
    }

    /** Takes {@code template_dependency_structure()}. False: malformed; then nothing may be asked. */
    boolean read(BitReader bits) {
        firstTemplateId = bits.bits(6);
        targets = bits.bits(5) + 1;
        if (!readLayers(bits)) {
            return false;
        }
        readIndications(bits);
        if (!readDiffs(bits)) {
            return false;
        }
        readChains(bits);
        resolutions = bits.flag();
        for (int layer = 0; resolutions && layer <= topSpatial; layer++) {
            widths[layer] = bits.bits(16) + 1;
            heights[layer] = bits.bits(16) + 1;
        }
        if (bits.overrun()) {
            return false;
        }
        findTargetLayers();
        return true;
    }

    private boolean readLayers(BitReader bits) {
        int spatialId = 0;
        int temporalId = 0;
        templates = 0;
        while (true) {
            if (templates == TEMPLATE_IDS || spatialId == MAX_SPATIAL || temporalId == MAX_TEMPORAL) {
                return false;
            }
            spatial[templates] = (byte) spatialId;
            temporal[templates] = (byte) temporalId;
            templates++;
            switch (bits.bits(2)) {
                case SAME_LAYER -> {}
                case NEXT_TEMPORAL -> temporalId++;
                case NEXT_SPATIAL -> {
                    temporalId = 0;
                    spatialId++;
                }
                default -> {
                    topSpatial = spatialId;
                    return !bits.overrun();
                }
            }
        }
    }

    private void readIndications(BitReader bits) {
        int count = templates * targets;
        indications = indications.length < count ? new byte[count] : indications;
        for (int i = 0; i < count; i++) {
            indications[i] = (byte) bits.bits(2);
        }
    }

    private boolean readDiffs(BitReader bits) {
        int size = templates * MAX_DIFFS;
        diffs = diffs.length < size ? new byte[size] : diffs;
        for (int template = 0; template < templates; template++) {
            int count = 0;
            while (bits.flag()) {
                if (count == MAX_DIFFS) {
                    return false;
                }
                diffs[template * MAX_DIFFS + count++] = (byte) (bits.bits(4) + 1);
            }
            diffCounts[template] = (byte) count;
        }
        return true;
    }

    private void readChains(BitReader bits) {
        chains = bits.nonSymmetric(targets + 1);
        Arrays.fill(protectedBy, (byte) 0);
        for (int target = 0; chains > 0 && target < targets; target++) {
            protectedBy[target] = (byte) bits.nonSymmetric(chains);
        }
        int size = templates * chains;
        chainDiffs = chainDiffs.length < size ? new byte[size] : chainDiffs;
        for (int i = 0; i < size; i++) {
            chainDiffs[i] = (byte) bits.bits(4);
        }
    }

    private void findTargetLayers() {
        for (int target = 0; target < targets; target++) {
            int highestSpatial = 0;
            int highestTemporal = 0;
            for (int template = 0; template < templates; template++) {
                if (indication(template, target) != DependencyDescriptor.NOT_PRESENT) {
                    highestSpatial = Math.max(highestSpatial, spatial[template]);
                    highestTemporal = Math.max(highestTemporal, temporal[template]);
                }
            }
            targetSpatial[target] = (byte) highestSpatial;
            targetTemporal[target] = (byte) highestTemporal;
        }
    }
}
