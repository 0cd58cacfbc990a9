package dev.weir.media;

/**
 * How much speech there is in one voice, in frames of 20 ms, of which each packet brings one: the signal that
 * {@link DominantSpeaker} compares, and the plain answer to "does he speak", which is there three loud packets after he
 * starts. Time without packets is silence.
 */
final class SpeechActivity {
    static final long FRAME_NANOS = 20_000_000;

    /** Frames of an immediate score's sub-bands, of a medium-term and of a long-term score; see the paper. */
    static final int BANDS = 13;

    static final int MEDIUM_FRAMES = 5;
    static final int LONG_PARTS = 7;

    private static final int BAND_DECIBELS = 10;

    /** Quieter than -50 dBov is no speech that anyone is to hear. */
    private static final int LEAST_LOUDNESS = AudioLevel.SILENT - 50;

    /** Speech is this much above the room's noise, in decibels. */
    private static final int ABOVE_FLOOR = 9;

    /** Speech rises and falls by at least this much within some 240 ms; a fan or a tone does not. */
    private static final int LEAST_SPREAD = 6;

    private static final int SPREAD_FRAMES = 12;

    /** Of a medium-term stretch, to count in the long-term score: more than a click or a key has. */
    private static final int MEDIUM_THRESHOLD = 3;

    /** Loud frames of the last five that make someone one who speaks. */
    private static final int SPEAKING_FRAMES = 3;

    private static final long RECENT = (1L << MEDIUM_FRAMES) - 1;

    /** Packets may come this late without counting as silence. */
    private static final long LATENESS_NANOS = 60_000_000;

    private final NoiseFloor floor = new NoiseFloor();
    private final int[] loudnesses = new int[SPREAD_FRAMES];
    private int next;

    /** One bit a frame, the newest lowest: those loud, and of these the ones that sound like speech. */
    private long loud;

    private long speech;
    private int bands;
    private long clock = Long.MIN_VALUE;
    private long since;

    /** @param minusDbov the level of RFC 6464 */
    void onFrame(long now, int minusDbov) {
        int loudness = AudioLevel.SILENT - minusDbov;
        advance(now);
        clock = clock == Long.MIN_VALUE ? now : Math.min(clock + FRAME_NANOS, now);
        floor.onFrame(loudness);
        loudnesses[next] = loudness;
        next = (next + 1) % SPREAD_FRAMES;
        boolean isLoud = loudness >= LEAST_LOUDNESS && loudness >= floor.loudness() + ABOVE_FLOOR;
        boolean isSpeech = isLoud && spread() >= LEAST_SPREAD;
        boolean spoke = speaking();
        loud = loud << 1 | (isLoud ? 1 : 0);
        if (!spoke && speaking()) {
            int framesAgo = Long.SIZE - 1 - Long.numberOfLeadingZeros(loud & RECENT);
            since = now - framesAgo * FRAME_NANOS;
        }
        speech = speech << 1 | (isSpeech ? 1 : 0);
        bands = isSpeech ? loudness / BAND_DECIBELS : 0;
    }

    /** Counts as silence what has not come until now. */
    void advance(long now) {
        if (clock == Long.MIN_VALUE || now - clock <= LATENESS_NANOS) {
            return;
        }
        long frames = (now - clock - LATENESS_NANOS) / FRAME_NANOS;
        clock += frames * FRAME_NANOS;
        if (frames > 0) {
            loud = frames < Long.SIZE ? loud << frames : 0;
            speech = frames < Long.SIZE ? speech << frames : 0;
            bands = 0;
        }
    }

    boolean speaking() {
        return Long.bitCount(loud & RECENT) >= SPEAKING_FRAMES;
    }

    /** Whether the last 100 ms had nothing loud. */
    boolean pausing() {
        return (loud & RECENT) == 0;
    }

    /** When the first loud packet came of those that last made him one who speaks. */
    long since() {
        return since;
    }

    /** 0 to {@link #BANDS}: the sub-bands of the level that the newest frame fills. */
    int immediate() {
        return bands;
    }

    /** 0 to {@link #MEDIUM_FRAMES}. */
    int mediumTerm() {
        return Long.bitCount(speech & RECENT);
    }

    /** 0 to {@link #LONG_PARTS}. */
    int longTerm() {
        int parts = 0;
        for (int i = 0; i < LONG_PARTS; i++) {
            if (Long.bitCount(speech >>> i * MEDIUM_FRAMES & RECENT) >= MEDIUM_THRESHOLD) {
                parts++;
            }
        }
        return parts;
    }

    private int spread() {
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int loudness : loudnesses) {
            least = Math.min(least, loudness);
            most = Math.max(most, loudness);
        }
        return most - least;
    }
}
