package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * The dependency descriptor of one stream's packets (RTP payload format for AV1 v1.0, appendix A): which frame a packet
 * is of, what that frame needs, and who needs it. One object per incoming stream, since what packets say refers to the
 * structure that came with the last keyframe.
 *
 * <pre>
 * |S|E|template id|   start and end of frame; 6 bits
 * |  frame number |   16 bits
 * |T|A|D|F|C| ... |   if longer: structure, active targets, and the frame's own indications, diffs and chains
 * </pre>
 */
public final class DependencyDescriptor {
    /** Indications: what a frame is to a decode target. */
    public static final int NOT_PRESENT = 0;

    public static final int DISCARDABLE = 1;

    /** With this frame, if it can be decoded, one may begin to watch the target. */
    public static final int SWITCH = 2;

    public static final int REQUIRED = 3;

    static final int MANDATORY_BYTES = 3;
    static final int START_BIT = 0x80;
    static final int END_BIT = 0x40;
    static final int TEMPLATE_MASK = 0x3F;

    private final BitReader bits = new BitReader();
    private final SequenceUnwrapper frames = new SequenceUnwrapper();
    private final int[] indications = new int[DependencyStructure.MAX_TARGETS];
    private final int[] diffs = new int[DependencyStructure.MAX_DIFFS];
    private final int[] chainDiffs = new int[DependencyStructure.MAX_TARGETS];

    /** The structure in force, and one to read the next into. */
    private DependencyStructure current;

    private DependencyStructure spare;
    private long structureFrame;
    private long structureCount;
    private int activeTargets;
    private long activeSince;

    /** The structure that the packet read last refers to. */
    private DependencyStructure structure;

    private long frame;
    private boolean startsFrame;
    private boolean endsFrame;
    private boolean structurePresent;
    private boolean activePresent;
    private int activeAt;
    private int spatial;
    private int temporal;
    private int diffCount;

    /**
     * Takes the extension's data. False: malformed, or of a structure that has not come; then only {@link #frame},
     * {@link #startsFrame} and {@link #endsFrame} may be asked, and those only where there are three bytes.
     */
    public boolean read(ByteBuf source, int offset, int bytes) {
        if (bytes < MANDATORY_BYTES) {
            return false;
        }
        bits.wrap(source, offset, bytes);
        startsFrame = bits.flag();
        endsFrame = bits.flag();
        int templateId = bits.bits(6);
        frame = frames.unwrap(bits.bits(16));
        structure = current;
        activeAt = 0;
        boolean extended = bytes > MANDATORY_BYTES;
        structurePresent = extended && bits.flag();
        activePresent = extended && bits.flag();
        boolean ownIndications = extended && bits.flag();
        boolean ownDiffs = extended && bits.flag();
        boolean ownChains = extended && bits.flag();
        if (structurePresent && !readStructure() || structure == null) {
            return false;
        }
        activeAt = bits.position();
        int active = activePresent ? bits.bits(structure.targets()) : -1;
        int template = structure.template(templateId);
        if (template < 0 || bits.overrun()) {
            return false;
        }
        spatial = structure.spatial(template);
        temporal = structure.temporal(template);
        readIndications(template, ownIndications);
        boolean read = readDiffs(template, ownDiffs);
        readChains(template, ownChains);
        if (!read || bits.overrun()) {
            return false;
        }
        accept(active);
        return true;
    }

    private boolean readStructure() {
        if (spare == null) {
            spare = new DependencyStructure();
        }
        structure = spare;
        return structure.read(bits);
    }

    private void readIndications(int template, boolean own) {
        for (int target = 0; target < structure.targets(); target++) {
            indications[target] = own ? bits.bits(2) : structure.indication(template, target);
        }
    }

    private boolean readDiffs(int template, boolean own) {
        if (!own) {
            diffCount = structure.diffCount(template);
            for (int i = 0; i < diffCount; i++) {
                diffs[i] = structure.diff(template, i);
            }
            return true;
        }
        diffCount = 0;
        for (int size = bits.bits(2); size > 0; size = bits.bits(2)) {
            if (diffCount == DependencyStructure.MAX_DIFFS) {
                return false;
            }
            diffs[diffCount++] = bits.bits(4 * size) + 1;
        }
        return true;
    }

    private void readChains(int template, boolean own) {
        for (int chain = 0; chain < structure.chains(); chain++) {
            chainDiffs[chain] = own ? bits.bits(8) : structure.chainDiff(template, chain);
        }
    }

    /** What comes late neither takes the place of a newer structure nor changes what is active now. */
    private void accept(int active) {
        if (structurePresent && current != null && frame == structureFrame) {
            // The same packet once more, from a store.
            structure = current;
        } else if (structurePresent && (current == null || frame > structureFrame)) {
            spare = current;
            current = structure;
            structureFrame = frame;
            structureCount++;
            activeTargets = allTargets();
            activeSince = frame;
        }
        if (activePresent && frame >= activeSince && active != activeTargets) {
            activeTargets = active;
            activeSince = frame;
        }
    }

    private int allTargets() {
        return (int) ((1L << structure.targets()) - 1);
    }

    /** The frame's number: the 16 bits that the packet has, unwrapped. */
    public long frame() {
        return frame;
    }

    public boolean startsFrame() {
        return startsFrame;
    }

    public boolean endsFrame() {
        return endsFrame;
    }

    /** Whether the packet brings a structure: the first one of a keyframe does. */
    public boolean structurePresent() {
        return structurePresent;
    }

    /** What the packet refers to. Belongs to the descriptor, which reads the next one but one into it. */
    public DependencyStructure structure() {
        return structure;
    }

    /** How many structures have been in force, the current one included: what one has learnt of others is void. */
    public long structureCount() {
        return structureCount;
    }

    /** The decode targets that the sender makes now, one bit each from the lowest. */
    public int activeTargets() {
        return activeTargets;
    }

    /** The frame with which those targets became the active ones. */
    public long activeSince() {
        return activeSince;
    }

    /** Whether the packet itself tells the active targets. */
    public boolean activePresent() {
        return activePresent;
    }

    /** Where in this descriptor the active targets stand, or would, in bits. */
    public int activeAt() {
        return activeAt;
    }

    public int spatial() {
        return spatial;
    }

    public int temporal() {
        return temporal;
    }

    /** What the frame is to a decode target. */
    public int indication(int target) {
        return indications[target];
    }

    /** How many frames this one needs. */
    public int diffCount() {
        return diffCount;
    }

    /** How many numbers before this frame one is that it needs: 1 to 4096. */
    public int diff(int index) {
        return diffs[index];
    }

    /** How many numbers before this frame the last one of a chain is; 0: the chain begins here. */
    public int chainDiff(int chain) {
        return chainDiffs[chain];
    }
}
