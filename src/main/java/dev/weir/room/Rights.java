package dev.weir.room;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Role;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import java.util.Optional;

/**
 * Who may ask what of a room. A host may everything. A co-host runs the meeting too, but does not end it, makes nobody
 * host, and neither removes a host nor takes his role. All others speak for themselves only, and a recorder is silent.
 */
final class Rights {
    private Rights() {}

    static Optional<ShardAnswer.Refused> objection(Snapshot.Member asker, RoomRequest request, Roster roster) {
        if (allows(asker.role(), request, roster)) {
            return Optional.empty();
        }
        return Optional.of(
                new ShardAnswer.Refused(ErrorCode.FORBIDDEN, "A " + asker.role().word() + " may not do that."));
    }

    private static boolean allows(Role role, RoomRequest request, Roster roster) {
        return switch (request) {
            case RoomRequest.Chat _, RoomRequest.Hand _, RoomRequest.Reaction _ -> role != Role.RECORDER;
            case RoomRequest.Admit _,
                    RoomRequest.Deny _,
                    RoomRequest.HostMute _,
                    RoomRequest.Lock _,
                    RoomRequest.OpenBreakouts _,
                    RoomRequest.MoveToBreakout _,
                    RoomRequest.Broadcast _,
                    RoomRequest.CloseBreakouts _ -> role.isHosting();
            case RoomRequest.Remove(var id) -> actsOn(role, id, roster);
            case RoomRequest.Promote(var id, var to) ->
                actsOn(role, id, roster) && (role == Role.HOST || to != Role.HOST);
            case RoomRequest.End _ -> role == Role.HOST;
        };
    }

    private static boolean actsOn(Role role, String participantId, Roster roster) {
        Snapshot.Member other = roster.member(participantId);
        return role == Role.HOST || role == Role.COHOST && (other == null || other.role() != Role.HOST);
    }
}
