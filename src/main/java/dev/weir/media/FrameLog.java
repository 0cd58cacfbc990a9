package dev.weir.media;

import java.util.Arrays;

/**
 * What was decided on the last frames of one source, each by its number: one byte and one value, both the user's.
 * Frames of one picture have one timestamp, and numbers near to each other.
 */
final class FrameLog {
    static final int UNKNOWN = 0;

    /** No frame; any number can be one, since unwrapping goes either way. */
    static final long NONE = Long.MIN_VALUE;

    /** Chromium's structures reach back 12 frames, and a retransmission a second. */
    private static final int SIZE = 256;

    private static final int MASK = SIZE - 1;

    /** Further apart than this are no two frames of a picture. */
    private static final int PICTURE_FRAMES = 8;

    private final byte[] decisions = new byte[SIZE];
    private final int[] values = new int[SIZE];
    private final int[] timestamps = new int[SIZE];
    private long highest;
    private boolean empty = true;

    void clear() {
        empty = true;
    }

    /** Whether the frame is newer than all that are known. */
    boolean isNewest(long frame) {
        return empty || frame > highest;
    }

    /** The decision on a frame, or {@link #UNKNOWN}. */
    int decision(long frame) {
        return empty || frame > highest || frame <= highest - SIZE ? UNKNOWN : decisions[(int) frame & MASK] & 0xff;
    }

    /** What was put with the decision. Only for a known frame. */
    int value(long frame) {
        return values[(int) frame & MASK];
    }

    /** The newest known frame that is older than this one, or {@link #NONE} if there is none within reach. */
    long before(long frame) {
        for (long earlier = Math.min(frame - 1, highest); earlier > highest - SIZE; earlier--) {
            if (decision(earlier) != UNKNOWN) {
                return earlier;
            }
        }
        return NONE;
    }

    /**
     * By what a frame is to be judged that comes after newer ones: the decision on a frame of the same picture, else on
     * the one before it, or {@link #UNKNOWN}.
     */
    int governing(long frame, long timestamp) {
        for (long later = frame + 1; later < frame + PICTURE_FRAMES; later++) {
            if (decision(later) != UNKNOWN && timestamps[(int) later & MASK] == (int) timestamp) {
                return decision(later);
            }
        }
        long before = before(frame);
        return before == NONE ? UNKNOWN : decision(before);
    }

    /** @param decision 1 to 255 */
    void put(long frame, long timestamp, int decision, int value) {
        if (empty || frame - highest >= SIZE) {
            Arrays.fill(decisions, (byte) UNKNOWN);
            highest = frame;
            empty = false;
        }
        for (; highest < frame; highest++) {
            decisions[(int) (highest + 1) & MASK] = UNKNOWN;
        }
        if (frame > highest - SIZE) {
            decisions[(int) frame & MASK] = (byte) decision;
            values[(int) frame & MASK] = value;
            timestamps[(int) frame & MASK] = (int) timestamp;
        }
    }
}
