package dev.weir.room;

/**
 * How long rooms without people stay.
 *
 * @param emptyNanos after the last branch is gone, so that a reload of the only tab finds it again
 * @param unusedNanos after it was created, when nobody ever came
 */
public record RoomTimes(long emptyNanos, long unusedNanos) {
    public static final RoomTimes DEFAULT = new RoomTimes(30_000_000_000L, 300_000_000_000L);
}
