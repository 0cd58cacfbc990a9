package dev.weir.room;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Role;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import java.util.Optional;
import java.util.function.Function;

/** How the roles of those who are in change, and what follows from it. */
final class Roles {
    private final Roster roster;
    private final Succession succession;
    private final Publications publications;

    Roles(Roster roster, Succession succession, Publications publications) {
        this.roster = roster;
        this.succession = succession;
        this.publications = publications;
    }

    /** To a host's wish: a room is not left without one, but by an administrator. */
    Optional<ShardAnswer> objection(String participantId, Role role) {
        Snapshot.Member member = roster.member(participantId);
        boolean onlyHost = member != null && member.role() == Role.HOST && hosts() == 1;
        return onlyHost && role != Role.HOST
                ? Optional.of(
                        new ShardAnswer.Refused(ErrorCode.CONFLICT, "The room needs a host: make another one first."))
                : Optional.empty();
    }

    /** @param full why there is no room for another in a role, or empty */
    ShardAnswer promote(String participantId, Role role, Function<Role, Optional<String>> full, Voice voice) {
        Snapshot.Member member = roster.member(participantId);
        if (member == null) {
            return nobody();
        }
        if (role == Role.RECORDER || member.role() == Role.RECORDER) {
            return new ShardAnswer.Refused(ErrorCode.BAD_REQUEST, "Nobody becomes a recorder, or ceases to be one.");
        }
        if (member.role() == role) {
            return new ShardAnswer.Done();
        }
        Optional<String> objection = member.role().maySend() == role.maySend() ? Optional.empty() : full.apply(role);
        if (objection.isPresent()) {
            return new ShardAnswer.Refused(ErrorCode.ROOM_FULL, objection.get());
        }
        succession.given(participantId);
        give(participantId, role, voice);
        return new ShardAnswer.Done();
    }

    private long hosts() {
        return roster.members().stream()
                .filter(member -> member.role() == Role.HOST)
                .count();
    }

    void give(String participantId, Role role, Voice voice) {
        boolean hosting = roster.member(participantId).role().isHosting();
        if (!role.maySend()) {
            publications.unpublishAll(participantId, voice);
        }
        voice.all(new Event.ParticipantUpdate(participantId, role, null, null, null));
        if (role.isHosting() && !hosting) {
            roster.waiting()
                    .forEach(who ->
                            voice.one(participantId, new Event.WaitingRequest(who.participantId(), who.displayName())));
        }
    }

    static ShardAnswer.Refused nobody() {
        return new ShardAnswer.Refused(ErrorCode.NOT_FOUND, "Nobody of that id is in the room.");
    }
}
