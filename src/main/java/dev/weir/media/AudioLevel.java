package dev.weir.media;

/**
 * How loud a voice is, from the level that its packets carry (RFC 6464): follows speech within some 50 ms, and falls off
 * slowly enough to bridge the gaps between syllables. What of it is speech, its {@link SpeechActivity} says.
 */
public final class AudioLevel {
    /** The level of RFC 6464 that means silence, in -dBov. */
    public static final int SILENT = 127;

    private static final double ATTACK = 0.4;
    private static final double DECAY_PER_SECOND = 4;

    /** Linear, for each level of RFC 6464. */
    private static final double[] LINEAR = new double[SILENT + 1];

    static {
        for (int minusDbov = 0; minusDbov < SILENT; minusDbov++) {
            LINEAR[minusDbov] = Math.pow(10, -minusDbov / 20.0);
        }
    }

    private final SpeechActivity activity = new SpeechActivity();
    private double level;
    private long lastPacket;

    /** @param octet of the extension: the voice flag, which browsers do not agree on, and the level in -dBov */
    public void onPacket(long now, int octet) {
        int minusDbov = octet & 0x7f;
        activity.onFrame(now, minusDbov);
        double linear = LINEAR[minusDbov];
        double held = decayed(now);
        level = linear > held ? held + ATTACK * (linear - held) : held;
        lastPacket = now;
    }

    /** Linear, 0 to 1. */
    public double level(long now) {
        return decayed(now);
    }

    SpeechActivity activity() {
        return activity;
    }

    private double decayed(long now) {
        return level * Math.exp(-DECAY_PER_SECOND * (now - lastPacket) / TimeBase.SECOND);
    }
}
