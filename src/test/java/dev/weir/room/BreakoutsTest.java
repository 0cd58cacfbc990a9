package dev.weir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.Snapshot;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakoutsTest {
    private static final List<String> GUESTS = List.of("a", "b", "c", "d", "e");

    private final RoomScene scene = new RoomScene();

    @BeforeEach
    void aHostAndFiveGuests() {
        scene.join("h", Role.HOST);
        GUESTS.forEach(id -> scene.join(id, Role.GUEST));
    }

    @Test
    void peopleGoWhereTheListsSay() {
        assertNull(open(0, breakout("one", "a", "b", "gone"), breakout("two", "c")));

        assertEquals(List.of("one", "one", "two"), where("a", "b", "c"));
        assertEquals(Arrays.asList(null, null), where("h", "d"));
        assertEquals(List.of(new Event.BreakoutAssigned("one", List.of(), null)), scene.toldTo("a"));
        assertEquals(List.of(), scene.toldTo("d"));
        assertEquals(2, scene.state().breakouts().orElseThrow().rooms().size());
    }

    @Test
    void whoIsInNoListIsSpreadByChanceOverTheRoomsWithoutOne() {
        assertNull(open(0, breakout("one", "a"), random("two"), random("three")));

        assertEquals(List.of("one"), where("a"));
        Set<String> two = in("two");
        Set<String> three = in("three");
        assertEquals(2, two.size());
        assertEquals(2, three.size());
        Set<String> both = new HashSet<>(two);
        both.addAll(three);
        assertEquals(Set.of("b", "c", "d", "e"), both);
        assertEquals(Arrays.asList((String) null), where("h"), "the host stays");
    }

    @Test
    void plansThatCannotBeAreRefused() {
        assertEquals(ErrorCode.BAD_REQUEST, open(0));
        assertEquals(ErrorCode.BAD_REQUEST, open(0, breakout("one"), breakout("one")));
        assertEquals(ErrorCode.BAD_REQUEST, open(0, breakout("one", "a"), breakout("two", "a")));
        assertEquals(ErrorCode.CONFLICT, scene.refusal("h", new RoomRequest.CloseBreakouts(0)));
        assertNull(open(0, breakout("one")));
        assertEquals(ErrorCode.CONFLICT, open(0, breakout("two")));
        assertEquals(ErrorCode.NOT_FOUND, move("a", "nowhere"));
        assertEquals(ErrorCode.NOT_FOUND, move("stranger", "one"));
    }

    @Test
    void theHostVisitsAndSendsPeopleAround() {
        open(0, breakout("one", "a"), breakout("two", "b"));

        assertNull(move("h", "one"));
        assertNull(move("h", "two"));
        assertNull(move("a", "two"));
        assertNull(scene.refusal("h", new RoomRequest.MoveToBreakout("b", Optional.empty())));

        assertEquals(Arrays.asList("two", "two", null), where("h", "a", "b"));
        assertEquals(
                new Event.BreakoutAssigned(null, List.of(), null),
                scene.toldTo("b").getLast());
    }

    @Test
    void chatStaysWhereItWasSaidAndWaitsForWhoComes() {
        scene.ask("d", new RoomRequest.Chat("before"));
        open(0, breakout("one", "a", "b"));
        scene.ask("a", new RoomRequest.Chat("among us"));
        assertEquals(
                List.of("among us"),
                scene.state().chats().get("one").stream()
                        .map(Snapshot.ChatMessage::text)
                        .toList());

        move("c", "one");

        Event.BreakoutAssigned assigned =
                (Event.BreakoutAssigned) scene.toldTo("c").getLast();
        assertEquals("among us", assigned.chat().getFirst().text());
        scene.ask("h", new RoomRequest.CloseBreakouts(0));
        assertEquals(Set.of(""), scene.state().chats().keySet());
        Event.BreakoutAssigned back = (Event.BreakoutAssigned) scene.toldTo("c").getLast();
        assertEquals("before", back.chat().getFirst().text());
    }

    @Test
    void eachRoomHasItsOwnSpeakerAndWhoMovesLeavesTheFloor() {
        open(0, breakout("one", "a", "b"), breakout("two", "c"));
        scene.tell(1, new RoomCommand.Loudest("one", "a", 0.5));
        scene.tell(1, new RoomCommand.Loudest("two", "c", 0.2));
        scene.tell(1, new RoomCommand.Loudest("two", "a", 0.9));
        assertEquals("a", scene.state().speakers().get("one").participantId());
        assertEquals("c", scene.state().speakers().get("two").participantId());

        move("a", "two");

        assertNull(scene.state().speakers().get("one"));
        assertEquals(new Event.SpeakerChange("one", null, 0), scene.events().getLast());
        Event.BreakoutAssigned assigned =
                (Event.BreakoutAssigned) scene.toldTo("a").getLast();
        assertEquals("c", assigned.speaker().participantId());
    }

    @Test
    void theTimerClosesThem() {
        open(60_000, breakout("one", "a"));
        assertEquals(
                "2026-11-01T12:01:00Z", scene.state().breakouts().orElseThrow().endsAt());
        scene.pass(59 * RoomScene.SECOND);
        assertEquals(List.of("one"), where("a"));

        scene.pass(RoomScene.SECOND);

        assertEquals(new Event.BreakoutClosed(), scene.events().getLast());
        assertEquals(Arrays.asList((String) null), where("a"));
        assertTrue(scene.state().breakouts().isEmpty());
        assertEquals(Long.MAX_VALUE, scene.room.nextTimeout());
    }

    @Test
    void aCountdownIsToldAndKept() {
        open(60_000, breakout("one", "a"));

        scene.ask("h", new RoomRequest.CloseBreakouts(10_000));
        assertEquals(new Event.BreakoutClosing(10_000), scene.events().getLast());
        scene.pass(9 * RoomScene.SECOND);
        assertEquals(List.of("one"), where("a"));
        scene.pass(RoomScene.SECOND);

        assertEquals(Arrays.asList((String) null), where("a"));
    }

    @Test
    void whoWasLostComesBackToHisRoomAndWhoLeftDoesNot() {
        open(0, breakout("one", "a", "b"));
        scene.leave("a", LeaveReason.LOST);
        scene.leave("b", LeaveReason.LEFT);

        scene.comeBack("a", Role.GUEST, Role.GUEST);
        scene.comeBack("b", Role.GUEST, Role.GUEST);

        assertEquals(Arrays.asList("one", null), where("a", "b"));
    }

    @Test
    void aBroadcastReachesEveryRoom() {
        open(0, breakout("one", "a"));

        scene.ask("h", new RoomRequest.Broadcast("two minutes"));

        assertEquals(
                new Event.BreakoutMessage("h", "name of h", "two minutes"),
                scene.events().getLast());
    }

    private ErrorCode open(long durationMs, RoomRequest.OpenBreakouts.Breakout... rooms) {
        return scene.refusal("h", new RoomRequest.OpenBreakouts(List.of(rooms), durationMs));
    }

    private ErrorCode move(String id, String room) {
        return scene.refusal("h", new RoomRequest.MoveToBreakout(id, Optional.of(room)));
    }

    private static RoomRequest.OpenBreakouts.Breakout breakout(String name, String... people) {
        return new RoomRequest.OpenBreakouts.Breakout(name, Optional.of(List.of(people)));
    }

    private static RoomRequest.OpenBreakouts.Breakout random(String name) {
        return new RoomRequest.OpenBreakouts.Breakout(name, Optional.empty());
    }

    private List<String> where(String... ids) {
        return Arrays.stream(ids).map(id -> scene.member(id).breakout()).toList();
    }

    private Set<String> in(String room) {
        Set<String> people = new HashSet<>();
        scene.state().members().stream()
                .filter(member -> room.equals(member.breakout()))
                .forEach(member -> people.add(member.participantId()));
        return people;
    }
}
