package dev.weir.shard;

/**
 * How many joins a loop takes on.
 *
 * @param share the part of the loop's time that joins may take; the rest is for the media of those who are in
 * @param waiting the most joins that wait
 * @param waitNanos the longest wait that is worth it: who would wait longer is told when to come back
 */
public record JoinLimits(double share, int waiting, long waitNanos) {
    /** Half of a loop is well above a thousand joins a second; two seconds is what people bear before a picture. */
    public static final JoinLimits DEFAULT = new JoinLimits(0.5, 4_000, 2_000_000_000L);

    public JoinLimits {
        if (!(share > 0 && share <= 1) || waiting < 1 || waitNanos < 1) {
            throw new IllegalArgumentException("no join would ever begin");
        }
    }
}
