package dev.weir.room;

import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * What a shard lends to its rooms.
 *
 * @param origin the time of day at which the shard's clock stood at 0
 */
public record RoomSettings(Instant origin, RandomGenerator random, RoomTimes times) {

    /** The time of day as ISO-8601 UTC, to the millisecond. */
    String timeOfDay(long now) {
        return origin.plusMillis(now / 1_000_000).toString();
    }
}
