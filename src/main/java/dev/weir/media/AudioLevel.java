package dev.weir.media;

/**
 * How loud a voice is, from the level that its packets carry (RFC 6464): follows speech within some 50 ms, and falls off
 * slowly enough to bridge the gaps between syllables.
 */
public final class AudioLevel {
    /** The level of RFC 6464 that means silence, in -dBov. */
    public static final int SILENT = 127;

    private static final double ATTACK = 0.4;
    private static final double DECAY_PER_SECOND = 4;

    private double level;
    private long lastPacket;

    /** @param octet of the extension: the voice flag and the level in -dBov */
    public void onPacket(long now, int octet) {
        int minusDbov = octet & 0x7f;
        double linear = minusDbov >= SILENT ? 0 : Math.pow(10, -minusDbov / 20.0);
        double held = decayed(now);
        level = linear > held ? held + ATTACK * (linear - held) : held;
        lastPacket = now;
    }

    /** Linear, 0 to 1. */
    public double level(long now) {
        return decayed(now);
    }

    private double decayed(long now) {
        return level * Math.exp(-DECAY_PER_SECOND * (now - lastPacket) / TimeBase.SECOND);
    }
}
