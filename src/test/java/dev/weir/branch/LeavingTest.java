package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PROTOCOL, "Leaving abruptly", as the others in the room see it. Nobody here ever sends media. */
class LeavingTest {
    private static final String BOBS = "socket of Bob";

    private final Meeting meeting = new Meeting();
    private final ShardAnswer.Joined ada = meeting.join("Ada");
    private final ShardAnswer.Joined bob = meeting.join("Bob");

    @Test
    void aBrokenSocketIsToldWithinThreeSecondsAndIsALeaveAfterEight() {
        meeting.socketGone(ada, "socket of Ada", false);

        meeting.pass(3_000);
        assertEquals(List.of(connection(Snapshot.Member.LOST)), meeting.events(BOBS));
        meeting.pass(4_900);
        assertEquals(1, meeting.events(BOBS).size());
        meeting.pass(150);

        assertEquals(List.of(connection(Snapshot.Member.LOST), leave(LeaveReason.LOST)), meeting.events(BOBS));
        assertEquals(1, meeting.people);
    }

    @Test
    void aClosedSocketIsALeaveAfterTwoSeconds() {
        meeting.socketGone(ada, "socket of Ada", true);

        meeting.pass(1_900);
        assertEquals(List.of(), meeting.events(BOBS));
        meeting.pass(150);

        assertEquals(List.of(leave(LeaveReason.LEFT)), meeting.events(BOBS));
    }

    @Test
    void whoIsBackInTimeWasLostForAMoment() {
        meeting.socketGone(ada, "socket of Ada", false);
        meeting.pass(3_000);

        meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 1));
        meeting.pass(60_000);

        assertEquals(List.of(connection(Snapshot.Member.LOST), connection(Snapshot.Member.OK)), meeting.events(BOBS));
        assertEquals(2, meeting.people);
    }

    @Test
    void resumingAfterALeaveBringsTheSameParticipantBack() {
        meeting.socketGone(ada, "socket of Ada", false);
        meeting.pass(29_000);

        ShardAnswer.Joined again = meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 1));

        assertEquals(ada.participantId(), again.participantId());
        assertEquals(Role.HOST, again.role(), "with the role he had");
        assertFalse(again.resumed());
        Event last = meeting.events(BOBS).getLast();
        assertEquals(ada.participantId(), ((Event.ParticipantJoin) last).participantId());
        assertEquals(2, meeting.people);
    }

    @Test
    void afterThirtySecondsTheTokenIsWorthNothing() {
        meeting.socketGone(ada, "socket of Ada", false);
        meeting.pass(30_100);

        ShardAnswer.Joined again = meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 1));

        assertFalse(again.participantId().equals(ada.participantId()));
        assertEquals(Role.GUEST, again.role());
        assertNull(meeting.branch().session(ada.sessionId()));
    }

    @Test
    void whoSaysThatHeLeavesIsGoneAtOnceAndForGood() {
        meeting.ask(ada, new Request.Leave());

        assertEquals(List.of(leave(LeaveReason.LEFT)), meeting.events(BOBS));
        assertNull(meeting.branch().session(ada.sessionId()));
        ShardAnswer.Joined again = meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 1));
        assertFalse(again.participantId().equals(ada.participantId()));
    }

    @Test
    void whoLeavesTakesHisTracksAlong() {
        meeting.offer(ada, Source.MICROPHONE, Source.CAMERA);
        assertEquals(2, meeting.branch().tracks().size());

        meeting.ask(ada, new Request.Leave());

        assertEquals(List.of(), meeting.branch().tracks());
        assertEquals(1, meeting.closedPeers);
    }

    @Test
    void aBranchIsOverWhenNobodyIsThereAndNobodyMayComeBack() {
        meeting.ask(bob, new Request.Leave());
        meeting.socketGone(ada, "socket of Ada", true);

        meeting.pass(29_900);
        assertFalse(meeting.branch().over());
        meeting.pass(150);

        assertTrue(meeting.branch().over());
    }

    @Test
    void whoIsOutMayAskNothing() {
        meeting.socketGone(ada, "socket of Ada", true);
        meeting.pass(3_000);

        ShardAnswer answer = meeting.ask(ada, new Request.Mute("any", true));

        assertInstanceOf(ShardAnswer.Refused.class, answer);
        assertInstanceOf(ShardAnswer.Refused.class, meeting.offer(ada, Source.CAMERA));
    }

    private Event connection(String connection) {
        return new Event.ParticipantUpdate(ada.participantId(), null, null, connection, null);
    }

    private Event leave(LeaveReason reason) {
        return new Event.ParticipantLeave(ada.participantId(), reason);
    }
}
