package dev.weir.signal;

/**
 * What happened in a room, as one outside of it wants to know it.
 *
 * @param epoch of the room, which is another when a room of the same name is made anew
 * @param number from 1, without a gap: the order of a room's reports
 */
public record RoomReport(String room, long epoch, long number, What what) {
    public sealed interface What {}

    /** The first has come. */
    public record Started() implements What {}

    /** After this a room of that name is another one. */
    public record Ended() implements What {}

    /** @param subject the token's {@code sub}; empty in open mode */
    public record Joined(String participantId, String displayName, Role role, String subject) implements What {}

    public record Left(String participantId, LeaveReason reason) implements What {}
}
