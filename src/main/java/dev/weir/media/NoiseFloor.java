package dev.weir.media;

import java.util.Arrays;

/**
 * The level that a microphone has when nobody speaks into it: the least of the last four seconds, since speech has gaps
 * and noise has none (minimum statistics, after R. Martin, "Noise power spectral density estimation based on optimal
 * smoothing and minimum statistics", 2001).
 */
final class NoiseFloor {
    private static final int BLOCKS = 8;
    private static final int BLOCK_FRAMES = 25;

    /** Of a good microphone in a quiet room, until more is known: 90 dB below the loudest. */
    private static final int QUIET_ROOM = 37;

    private final int[] minima = new int[BLOCKS];
    private int block;
    private int framesInBlock;
    private int floor = QUIET_ROOM;

    NoiseFloor() {
        Arrays.fill(minima, QUIET_ROOM);
    }

    /** @param loudness 0 to 127, the loudest; 0, which is a muted microphone, says nothing of the room */
    void onFrame(int loudness) {
        if (loudness == 0) {
            return;
        }
        if (framesInBlock == BLOCK_FRAMES) {
            framesInBlock = 0;
            block = (block + 1) % BLOCKS;
            minima[block] = loudness;
        }
        framesInBlock++;
        minima[block] = Math.min(minima[block], loudness);
        floor = minima[0];
        for (int i = 1; i < BLOCKS; i++) {
            floor = Math.min(floor, minima[i]);
        }
    }

    /** 0 to 127. */
    int loudness() {
        return floor;
    }
}
