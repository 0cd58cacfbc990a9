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
        assertEquals(List.of(connection(Snapshot.Member.LOST)), heard());
        meeting.pass(4_900);
        assertEquals(1, heard().size());
        meeting.pass(150);

        assertEquals(List.of(connection(Snapshot.Member.LOST), leave(LeaveReason.LOST)), heard());
        assertEquals(1, meeting.people);
    }

    @Test
    void aClosedSocketIsALeaveAfterTwoSeconds() {
        meeting.socketGone(ada, "socket of Ada", true);

        meeting.pass(1_900);
        assertEquals(List.of(), heard());
        meeting.pass(150);

        assertEquals(List.of(leave(LeaveReason.LEFT)), heard());
    }

    @Test
    void aSocketWhoseTokenExpiredIsALeaveAtOnceAndMayComeBack() {
        meeting.socketGone(ada, "socket of Ada", false);
        meeting.branch().expire(meeting.now, meeting.branch().session(ada.sessionId()));
        meeting.settle();

        assertEquals(List.of(leave(LeaveReason.EXPIRED)), heard());
        ShardAnswer.Joined again = meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 1));
        assertEquals(ada.participantId(), again.participantId());
    }

    @Test
    void whoIsBackInTimeWasLostForAMoment() {
        meeting.socketGone(ada, "socket of Ada", false);
        meeting.pass(3_000);

        meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 1));
        meeting.pass(60_000);

        assertEquals(List.of(connection(Snapshot.Member.LOST), connection(Snapshot.Member.OK)), heard());
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
        Event last = heard().getLast();
        assertEquals(ada.participantId(), ((Event.ParticipantJoin) last).participantId());
        assertEquals(
                new Event.ParticipantUpdate(bob.participantId(), Role.GUEST, null, null, null),
                meeting.events(BOBS).getLast(),
                "Bob acted as host meanwhile");
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

        assertEquals(List.of(leave(LeaveReason.LEFT)), heard());
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

    /** Apart from who is host meanwhile. */
    private List<Event> heard() {
        return meeting.events(BOBS).stream()
                .filter(event -> !(event instanceof Event.ParticipantUpdate update && update.role() != null))
                .toList();
    }

    private Event connection(String connection) {
        return new Event.ParticipantUpdate(ada.participantId(), null, null, connection, null);
    }

    private Event leave(LeaveReason reason) {
        return new Event.ParticipantLeave(ada.participantId(), reason);
    }
}
