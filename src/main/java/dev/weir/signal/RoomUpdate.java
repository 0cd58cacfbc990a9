package dev.weir.signal;

/** From a room to a branch. */
public sealed interface RoomUpdate {

    /** The answer to an attach: the room as it is. Everything after it comes as {@link Happened}. */
    record Attached(RoomOptions options, Roster.State state) implements RoomUpdate {}

    /** This shard does not own the room, or not at that epoch. */
    record NotHere() implements RoomUpdate {}

    record JoinRefused(String participantId, ErrorCode code, String message) implements RoomUpdate {}

    /** He has to wait until a host lets him in. */
    record Waits(String participantId) implements RoomUpdate {}

    /** He waits no more: no host lets him in. */
    record Denied(String participantId) implements RoomUpdate {}

    /** Something in the room changed, for all branches, which tell those whom it concerns. */
    record Happened(Event event) implements RoomUpdate {}

    /** A word for one participant alone. */
    record Told(String participantId, Event event) implements RoomUpdate {}

    /** What became of a {@link RoomCommand.Ask}: done or refused. */
    record Answer(long askId, ShardAnswer answer) implements RoomUpdate {}

    /** @param number rises by one per message to a branch */
    record Envelope(String room, long epoch, ShardId toShard, long number, RoomUpdate update) {}
}
