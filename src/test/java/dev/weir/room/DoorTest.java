package dev.weir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.Snapshot;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The waiting room. */
class DoorTest {
    private RoomScene scene = new RoomScene(RoomScene.options(200, true));

    @Test
    void guestsWaitAndThoseWhoRunTheMeetingDoNot() {
        scene.join("h", Role.HOST);
        scene.join("c", Role.COHOST);
        scene.join("r", Role.RECORDER);
        scene.join("a", Role.GUEST);
        scene.join("v", Role.VIEWER);

        assertEquals(3, scene.state().members().size());
        assertEquals(
                List.of(new Snapshot.Waiting("a", "name of a"), new Snapshot.Waiting("v", "name of v")),
                scene.state().waiting());
        assertEquals(new Event.WaitingRequest("v", "name of v"), scene.events().getLast());
    }

    @Test
    void inOpenModeTheFirstIsHostAndIn() {
        scene.join("a", null);
        scene.join("b", null);

        assertEquals(Role.HOST, scene.role("a"));
        assertNull(scene.member("b"));
    }

    @Test
    void oneIsAdmittedOrAllAre() {
        scene.join("h", Role.HOST);
        List.of("a", "b", "c").forEach(id -> scene.join(id, Role.GUEST));

        assertNull(admit("b"));
        assertNotNull(scene.member("b"));
        assertEquals(2, scene.state().waiting().size());
        assertNull(scene.refusal("h", new RoomRequest.Admit(Optional.empty())));

        assertEquals(4, scene.state().members().size());
        assertEquals(List.of(), scene.state().waiting());
        assertEquals(ErrorCode.NOT_FOUND, admit("a"));
    }

    @Test
    void admittingKeepsTheLimit() {
        scene = new RoomScene(RoomScene.options(2, true));
        scene.join("h", Role.HOST);
        scene.join("a", Role.GUEST);
        scene.join("b", Role.GUEST);

        assertEquals(ErrorCode.ROOM_FULL, scene.refusal("h", new RoomRequest.Admit(Optional.empty())));

        assertEquals(2, scene.state().members().size());
        assertEquals(1, scene.state().waiting().size());
    }

    @Test
    void whoIsDeniedIsToldAndMayNotResume() {
        scene.join("h", Role.HOST);
        scene.join("a", Role.GUEST);

        scene.ask("h", new RoomRequest.Deny("a"));
        assertEquals(
                1,
                scene.sent.stream()
                        .filter(sent -> sent.update() instanceof RoomUpdate.Denied)
                        .count());
        assertEquals(new Event.WaitingLeave("a"), scene.events().getLast());
        scene.join("a", Role.GUEST);

        assertEquals(List.of(), scene.state().waiting());
        assertNull(scene.member("a"));
    }

    @Test
    void whoGivesUpIsTakenOffTheList() {
        scene.join("h", Role.HOST);
        scene.join("a", Role.GUEST);

        scene.leave("a", LeaveReason.LOST);

        assertEquals(new Event.WaitingLeave("a"), scene.events().getLast());
        assertEquals(ErrorCode.NOT_FOUND, admit("a"));
    }

    @Test
    void whoWasLostInsideComesBackWithoutWaiting() {
        scene.join("h", Role.HOST);
        scene.join("a", Role.GUEST);
        admit("a");
        scene.leave("a", LeaveReason.LOST);

        scene.comeBack("a", Role.GUEST, Role.GUEST);

        assertNotNull(scene.member("a"));
    }

    @Test
    void theyWaitOnWithoutAHostAndTheNextHostSeesThem() {
        scene.join("h", Role.HOST);
        scene.join("g", Role.GUEST);
        admit("g");
        scene.join("a", Role.GUEST);
        scene.leave("h", LeaveReason.LEFT);
        assertEquals(1, scene.state().waiting().size());

        scene.join("i", Role.HOST);
        scene.ask("i", new RoomRequest.Promote("g", Role.COHOST));

        assertEquals(List.of(new Event.WaitingRequest("a", "name of a")), scene.toldTo("g"));
        assertNull(scene.refusal("g", new RoomRequest.Admit(Optional.of("a"))));
    }

    @Test
    void aBranchThatDetachesTakesThoseWhoWaitThereAlong() {
        scene.join("h", Role.HOST);
        scene.attach(2);
        scene.tell(2, RoomScene.joining("a", Role.GUEST, null));
        assertEquals(1, scene.state().waiting().size());

        scene.tell(2, new RoomCommand.Detach());

        assertEquals(List.of(), scene.state().waiting());
    }

    private ErrorCode admit(String id) {
        return scene.refusal("h", new RoomRequest.Admit(Optional.of(id)));
    }
}
