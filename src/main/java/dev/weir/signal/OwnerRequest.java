package dev.weir.signal;

import java.util.Set;

/**
 * What an administrator asks of the shard that owns a room; each is answered by one {@link OwnerAnswer}. Nobody who
 * asks keeps anything of a room, so any signaling verticle may.
 */
public sealed interface OwnerRequest {

    /** All rooms that the shard owns. */
    record ListRooms() implements OwnerRequest {}

    /** Makes the room, unless it is there. @param place the directory's, which names the shard that is asked */
    record Create(RoomPlace place, RoomOptions options) implements OwnerRequest {}

    record Describe(String room, long epoch) implements OwnerRequest {}

    /**
     * Replaces the options.
     *
     * @param before what the asker saw; when they are other ones by now nothing is changed
     */
    record Change(String room, long epoch, RoomOptions before, RoomOptions after) implements OwnerRequest {}

    /** Everybody is sent home, and the room is forgotten. */
    record End(String room, long epoch) implements OwnerRequest {}

    record Remove(String room, long epoch, String participantId) implements OwnerRequest {}

    /**
     * @param role null: as it is
     * @param mute what of his is muted; only he himself unmutes
     */
    record ChangeParticipant(String room, long epoch, String participantId, Role role, Set<Source> mute)
            implements OwnerRequest {
        public ChangeParticipant {
            mute = Set.copyOf(mute);
        }
    }
}
