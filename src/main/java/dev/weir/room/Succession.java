package dev.weir.room;

import dev.weir.signal.Role;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who becomes host when the last one leaves: the co-host who has been in longest; else the guest, among those whose
 * role no token gave; else nobody. He acts until a host comes back who had just been lost, and then has his role of
 * before again.
 */
final class Succession {
    private final Roster roster;
    private final Map<String, Role> acting = new HashMap<>();
    /** Whose role was not given by a token. */
    private final Set<String> open = new HashSet<>();

    Succession(Roster roster) {
        this.roster = roster;
    }

    void joined(String participantId, boolean withoutToken) {
        if (withoutToken) {
            open.add(participantId);
        }
    }

    void left(String participantId) {
        open.remove(participantId);
        acting.remove(participantId);
    }

    /** A host gave him another role: that is his own. */
    void given(String participantId) {
        acting.remove(participantId);
    }

    boolean hasHost() {
        return roster.members().stream().anyMatch(member -> member.role() == Role.HOST);
    }

    /** The one who is to be host now, if there is none and somebody can be. He acts from now on. */
    Optional<Snapshot.Member> successor() {
        if (hasHost()) {
            return Optional.empty();
        }
        Optional<Snapshot.Member> next = roster.members().stream()
                .filter(member -> member.role() == Role.COHOST)
                .findFirst()
                .or(() -> roster.members().stream()
                        .filter(member -> member.role() == Role.GUEST && open.contains(member.participantId()))
                        .findFirst());
        next.ifPresent(member -> acting.put(member.participantId(), member.role()));
        return next;
    }

    /** A host is back: whoever acted for him has this role again. */
    Map<String, Role> stepBack() {
        Map<String, Role> former = Map.copyOf(acting);
        acting.clear();
        return former;
    }
}
