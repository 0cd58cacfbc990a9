package dev.weir.branch;

import dev.weir.signal.Role;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import java.util.List;

/** What a participant may see of a room when he comes in. */
final class Sight {
    private Sight() {}

    /** Of recorders nothing, of who waits only if he runs the meeting, and what is said where he is. */
    static Snapshot of(Session session, RoomOptions options, Roster roster) {
        String breakout = roster.whereabouts(session.participantId());
        return new Snapshot(
                options,
                roster.members().stream()
                        .filter(member -> member.role() != Role.RECORDER
                                || member.participantId().equals(session.participantId()))
                        .toList(),
                roster.tracks(),
                roster.speaker(breakout),
                session.slots(),
                roster.chat(breakout),
                session.role().isHosting() ? roster.waiting() : List.of(),
                Snapshot.Recording.OFF,
                roster.hands(),
                roster.breakouts().orElse(null));
    }
}
