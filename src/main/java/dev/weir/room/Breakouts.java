package dev.weir.room;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Role;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The breakout rooms of a meeting: parts of it in which people hear, see and read only each other. They stay in the
 * room, on the connections that they have; where someone is, is a word in the roster.
 */
final class Breakouts {
    static final int MAX_ROOMS = 50;

    private static final long MILLISECOND = 1_000_000;
    private static final ShardAnswer DONE = new ShardAnswer.Done();

    private final RoomSettings settings;
    private final Roster roster;
    private final Floor floor;
    /** Who belongs where, those included who are lost and may come back. */
    private final Map<String, String> assigned = new HashMap<>();

    private long closesAt = Long.MAX_VALUE;

    Breakouts(RoomSettings settings, Roster roster, Floor floor) {
        this.settings = settings;
        this.roster = roster;
        this.floor = floor;
    }

    /** When they close by themselves. */
    long nextTimeout() {
        return closesAt;
    }

    void onTimeout(long now, Voice voice) {
        if (now >= closesAt) {
            close(voice);
        }
    }

    ShardAnswer open(long now, RoomRequest.OpenBreakouts plan, Voice voice) {
        if (roster.breakouts().isPresent()) {
            return new ShardAnswer.Refused(ErrorCode.CONFLICT, "Breakout rooms are open already.");
        }
        Optional<String> objection = objection(plan);
        if (objection.isPresent()) {
            return new ShardAnswer.Refused(ErrorCode.BAD_REQUEST, objection.get());
        }
        Map<String, List<String>> shares = shares(plan);
        closesAt = plan.durationMs() == 0 ? Long.MAX_VALUE : now + plan.durationMs() * MILLISECOND;
        String endsAt = plan.durationMs() == 0 ? null : settings.timeOfDay(closesAt);
        List<Snapshot.Breakout> rooms = new ArrayList<>();
        shares.forEach((name, people) -> rooms.add(new Snapshot.Breakout(name, people)));
        voice.all(new Event.BreakoutOpened(new Snapshot.Breakouts(rooms, endsAt)));
        shares.forEach((name, people) -> people.forEach(id -> move(id, name, voice)));
        return DONE;
    }

    ShardAnswer move(RoomRequest.MoveToBreakout wish, Voice voice) {
        if (roster.member(wish.participantId()) == null) {
            return notFound("Nobody of that id is in the room.");
        }
        String to = wish.room().orElse(Snapshot.Member.MAIN);
        if (!to.equals(Snapshot.Member.MAIN) && !isOpen(to)) {
            return notFound("There is no such breakout room.");
        }
        move(wish.participantId(), to, voice);
        return DONE;
    }

    ShardAnswer close(long now, long countdownMs, Voice voice) {
        if (roster.breakouts().isEmpty()) {
            return new ShardAnswer.Refused(ErrorCode.CONFLICT, "No breakout rooms are open.");
        }
        if (countdownMs == 0) {
            close(voice);
        } else {
            closesAt = Math.min(closesAt, now + countdownMs * MILLISECOND);
            voice.all(new Event.BreakoutClosing((closesAt - now) / MILLISECOND));
        }
        return DONE;
    }

    /** One who was lost is back, and goes where he belongs. */
    void returned(String participantId, Voice voice) {
        String room = assigned.get(participantId);
        if (room != null) {
            move(participantId, room, voice);
        }
    }

    /** One who left for good belongs nowhere. */
    void forget(String participantId) {
        assigned.remove(participantId);
    }

    private void close(Voice voice) {
        closesAt = Long.MAX_VALUE;
        assigned.clear();
        for (Snapshot.Member member : roster.members()) {
            move(member.participantId(), Snapshot.Member.MAIN, voice);
        }
        floor.keepOnly(Snapshot.Member.MAIN);
        voice.all(new Event.BreakoutClosed());
    }

    private void move(String participantId, String to, Voice voice) {
        String from = roster.whereabouts(participantId);
        if (from.equals(to)) {
            return;
        }
        if (to.equals(Snapshot.Member.MAIN)) {
            assigned.remove(participantId);
        } else {
            assigned.put(participantId, to);
        }
        boolean spoke = floor.isSpeaker(participantId);
        voice.all(new Event.ParticipantUpdate(participantId, null, null, null, to));
        floor.vacate(participantId, from, spoke, voice);
        String room = to.equals(Snapshot.Member.MAIN) ? null : to;
        voice.one(participantId, new Event.BreakoutAssigned(room, roster.chat(to), roster.speaker(to)));
    }

    private boolean isOpen(String name) {
        return roster.breakouts().stream()
                .flatMap(breakouts -> breakouts.rooms().stream())
                .anyMatch(room -> room.name().equals(name));
    }

    private static Optional<String> objection(RoomRequest.OpenBreakouts plan) {
        Set<String> names = new HashSet<>();
        Set<String> people = new HashSet<>();
        if (plan.rooms().isEmpty() || plan.rooms().size() > MAX_ROOMS) {
            return Optional.of("There may be 1 to " + MAX_ROOMS + " breakout rooms.");
        }
        for (RoomRequest.OpenBreakouts.Breakout room : plan.rooms()) {
            if (!names.add(room.name())) {
                return Optional.of("Two breakout rooms have the same name.");
            }
            for (String id : room.participants().orElse(List.of())) {
                if (!people.add(id)) {
                    return Optional.of("A participant is in two lists.");
                }
            }
        }
        return Optional.empty();
    }

    /** Who goes where. Those who left meanwhile are passed over; who runs the meeting goes only where a list names him. */
    private Map<String, List<String>> shares(RoomRequest.OpenBreakouts plan) {
        Map<String, List<String>> shares = new LinkedHashMap<>();
        List<String> byChance = new ArrayList<>();
        Set<String> listed = new HashSet<>();
        for (RoomRequest.OpenBreakouts.Breakout room : plan.rooms()) {
            List<String> people = new ArrayList<>(room.participants().orElse(List.of()));
            people.removeIf(id -> roster.member(id) == null || roster.member(id).role() == Role.RECORDER);
            shares.put(room.name(), people);
            listed.addAll(people);
            if (room.participants().isEmpty()) {
                byChance.add(room.name());
            }
        }
        if (!byChance.isEmpty()) {
            List<String> others = new ArrayList<>(roster.members().stream()
                    .filter(member -> !member.role().isHosting() && member.role() != Role.RECORDER)
                    .map(Snapshot.Member::participantId)
                    .filter(id -> !listed.contains(id))
                    .toList());
            Collections.shuffle(others, settings.random());
            for (int i = 0; i < others.size(); i++) {
                shares.get(byChance.get(i % byChance.size())).add(others.get(i));
            }
        }
        return shares;
    }

    private static ShardAnswer notFound(String sentence) {
        return new ShardAnswer.Refused(ErrorCode.NOT_FOUND, sentence);
    }
}
