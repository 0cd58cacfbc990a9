package dev.weir.signal;

import dev.weir.rtp.MediaKind;
import java.util.List;
import java.util.Optional;

/** What a client asks of the room itself: it is granted or refused at the room's owner, by the role of who asks. */
public sealed interface RoomRequest extends Request {

    record Chat(String text) implements RoomRequest {}

    record Hand(boolean raised) implements RoomRequest {}

    record Reaction(String emoji) implements RoomRequest {}

    /** @param participantId empty: all who wait */
    record Admit(Optional<String> participantId) implements RoomRequest {}

    record Deny(String participantId) implements RoomRequest {}

    record Remove(String participantId) implements RoomRequest {}

    record Promote(String participantId, Role role) implements RoomRequest {}

    /**
     * Mutes by a host, which each publisher may undo for himself.
     *
     * @param participantId empty: all but the one who asks
     * @param muted false: they are asked to unmute, and not forced
     */
    record HostMute(Optional<String> participantId, MediaKind kind, boolean muted) implements RoomRequest {
        public boolean covers(Source source) {
            return source.kind() == kind;
        }
    }

    record Lock(boolean locked) implements RoomRequest {}

    record End() implements RoomRequest {}

    /** @param durationMs after which they close by themselves; 0: never */
    record OpenBreakouts(List<Breakout> rooms, long durationMs) implements RoomRequest {
        public OpenBreakouts {
            rooms = List.copyOf(rooms);
        }

        /** @param participants empty: a share of all who are in no other's list, by chance */
        public record Breakout(String name, Optional<List<String>> participants) {}
    }

    /** @param room empty: the main room */
    record MoveToBreakout(String participantId, Optional<String> room) implements RoomRequest {}

    /** A word to everyone, in whichever breakout room they are. */
    record Broadcast(String text) implements RoomRequest {}

    /** @param countdownMs until they are closed */
    record CloseBreakouts(long countdownMs) implements RoomRequest {}
}
