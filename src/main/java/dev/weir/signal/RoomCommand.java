package dev.weir.signal;

import java.util.List;

/** From a branch to its room. */
public sealed interface RoomCommand {

    /** The first message of a branch. @param options for a room that does not exist yet */
    record Attach(RoomOptions options) implements RoomCommand {}

    /** The last: nobody is left on that branch. */
    record Detach() implements RoomCommand {}

    /**
     * A session wants to be a participant.
     *
     * @param participantId chosen by the branch: 128 random bits, or that of the session that returns
     * @param formerRole of a session that left within its resume time and comes back; else null
     */
    record Join(String participantId, Identity identity, String displayName, Capabilities capabilities, Role formerRole)
            implements RoomCommand {}

    record Leave(String participantId, LeaveReason reason) implements RoomCommand {}

    /** @param connection of {@link Snapshot.Member} */
    record Connection(String participantId, String connection) implements RoomCommand {}

    record Publish(List<Snapshot.Track> tracks) implements RoomCommand {
        public Publish {
            tracks = List.copyOf(tracks);
        }
    }

    record Unpublish(String participantId, String trackId) implements RoomCommand {}

    /** His packets carry this codec now. */
    record Codec(String participantId, String trackId, String codec) implements RoomCommand {}

    record Mute(String participantId, String trackId, boolean muted) implements RoomCommand {}

    /**
     * The loudest in one breakout room on that branch changed.
     *
     * @param breakout its name, {@link Snapshot.Member#MAIN} for the main room
     * @param participantId null: silence
     */
    record Loudest(String breakout, String participantId, double audioLevel) implements RoomCommand {}

    /**
     * A participant asks something of the room, which answers.
     *
     * @param askId names the question among those of its branch
     */
    record Ask(long askId, String participantId, RoomRequest request) implements RoomCommand {}

    /**
     * How it travels.
     *
     * @param number rises by one per message of a branch
     */
    record Envelope(String room, long epoch, ShardId fromShard, long number, RoomCommand command) {}
}
