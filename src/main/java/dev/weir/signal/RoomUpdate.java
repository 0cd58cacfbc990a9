package dev.weir.signal;

import java.util.List;

/** From a room to a branch. */
public sealed interface RoomUpdate {

    /** The answer to an attach: the room as it is. Everything after it comes as {@link Happened}. */
    record Attached(
            RoomOptions options, List<Snapshot.Member> members, List<Snapshot.Track> tracks, Snapshot.Speaker speaker)
            implements RoomUpdate {
        public Attached {
            members = List.copyOf(members);
            tracks = List.copyOf(tracks);
        }
    }

    /** This shard does not own the room, or not at that epoch. */
    record NotHere() implements RoomUpdate {}

    record JoinRefused(String participantId, ErrorCode code, String message) implements RoomUpdate {}

    /** An event for everyone in the room. */
    record Happened(Event event) implements RoomUpdate {}

    /** @param number rises by one per message to a branch */
    record Envelope(String room, long epoch, int toShard, long number, RoomUpdate update) {}
}
