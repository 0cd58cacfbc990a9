package dev.weir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.signal.Capabilities;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomReport;
import dev.weir.signal.RoomRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What who watches rooms from outside is told. */
class RoomReportTest {
    private static RoomReport.Joined joined(String id, Role role) {
        return new RoomReport.Joined(id, "name of " + id, role, "");
    }

    private static List<RoomReport.What> told(RoomScene scene) {
        List<Long> numbers = scene.reports.stream().map(RoomReport::number).toList();
        assertEquals(LongStream.rangeClosed(1, numbers.size()).boxed().toList(), numbers, "numbers are without a gap");
        return scene.reports.stream().map(RoomReport::what).toList();
    }

    @Test
    void aRoomStartsWithTheFirstToJoinAndEndsSomeTimeAfterTheLast() {
        RoomScene scene = new RoomScene();
        assertEquals(List.of(), told(scene), "it was created, and nobody is there");
        scene.join("a", Role.HOST);
        scene.join("b", Role.GUEST);
        scene.leave("a", LeaveReason.LEFT);
        scene.leave("b", LeaveReason.LOST);
        scene.tell(1, new RoomCommand.Detach());
        scene.pass(60 * RoomScene.SECOND);
        assertEquals(
                List.of(
                        new RoomReport.Started(),
                        joined("a", Role.HOST),
                        joined("b", Role.GUEST),
                        new RoomReport.Left("a", LeaveReason.LEFT),
                        new RoomReport.Left("b", LeaveReason.LOST),
                        new RoomReport.Ended()),
                told(scene));
    }

    @Test
    void aRoomThatNobodyJoinedNeitherStartsNorEnds() {
        RoomScene scene = new RoomScene();
        scene.tell(1, new RoomCommand.Detach());
        scene.pass(600 * RoomScene.SECOND);
        assertEquals(List.of(), told(scene));
    }

    @Test
    void whoWaitsHasNotJoinedUntilHeIsAdmitted() {
        RoomScene scene = new RoomScene(RoomScene.options(10, true));
        scene.join("a", Role.HOST);
        scene.join("b", Role.GUEST);
        scene.join("c", Role.GUEST);
        assertEquals(List.of(new RoomReport.Started(), joined("a", Role.HOST)), told(scene));
        scene.ask("a", new RoomRequest.Admit(Optional.of("b")));
        scene.leave("c", LeaveReason.LEFT);
        assertEquals(List.of(new RoomReport.Started(), joined("a", Role.HOST), joined("b", Role.GUEST)), told(scene));
    }

    @Test
    void anEndedRoomIsLeftByEveryoneFirst() {
        RoomScene scene = new RoomScene();
        scene.join("a", Role.HOST);
        scene.join("b", Role.GUEST);
        scene.ask("a", new RoomRequest.End());
        scene.leave("b", LeaveReason.LEFT);
        assertEquals(
                List.of(
                        new RoomReport.Started(),
                        joined("a", Role.HOST),
                        joined("b", Role.GUEST),
                        new RoomReport.Left("a", LeaveReason.ENDED),
                        new RoomReport.Left("b", LeaveReason.ENDED),
                        new RoomReport.Ended()),
                told(scene));
    }

    @Test
    void aTokensSubjectIsToldAndWhoComesBackJoinsAgain() {
        RoomScene scene = new RoomScene();
        RoomCommand.Join join = new RoomCommand.Join(
                "a", new Identity("user-7", "", Role.HOST, false), "Ada", Capabilities.UNKNOWN, null);
        scene.tell(1, join);
        scene.leave("a", LeaveReason.LOST);
        scene.tell(1, new RoomCommand.Join("a", join.identity(), "Ada", Capabilities.UNKNOWN, Role.HOST));
        RoomReport.Joined known = new RoomReport.Joined("a", "Ada", Role.HOST, "user-7");
        assertEquals(
                List.of(new RoomReport.Started(), known, new RoomReport.Left("a", LeaveReason.LOST), known),
                told(scene));
    }
}
