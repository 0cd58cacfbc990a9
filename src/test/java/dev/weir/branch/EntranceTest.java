package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Capabilities;
import dev.weir.signal.CloseCode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.ToSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntranceTest {
    private final Meeting meeting = new Meeting();

    @Test
    void aJoinIsAnsweredWhenTheRoomHasSaidYes() {
        List<ShardAnswer> answers = meeting.ask("socket", "Ada", Identity.OPEN, null);
        assertEquals(List.of(), answers);

        meeting.settle();

        ShardAnswer.Joined joined = (ShardAnswer.Joined) answers.getFirst();
        assertEquals(Role.HOST, joined.role(), "the first in open mode");
        assertFalse(joined.resumed());
        assertEquals(
                List.of(joined.participantId()),
                joined.snapshot().participants().stream()
                        .map(Snapshot.Member::participantId)
                        .toList());
        assertEquals(1, meeting.people);
    }

    @Test
    void othersAreToldAndHeHimselfIsNot() {
        meeting.join("Ada");

        ShardAnswer.Joined bob = meeting.join("Bob");

        assertEquals(Role.GUEST, bob.role());
        assertEquals(
                List.of(new Event.ParticipantJoin(bob.participantId(), "Bob", Role.GUEST, capabilities())),
                meeting.events("socket of Ada"));
        assertEquals(List.of(), meeting.events("socket of Bob"));
    }

    @Test
    void aFullRoomRefusesAndKeepsNothing() {
        Meeting small = new Meeting(Meeting.smallRoom(1));
        small.join("Ada");

        List<ShardAnswer> answers = small.ask("socket", "Bob", Identity.OPEN, null);
        small.settle();

        ShardAnswer.Refused refused = (ShardAnswer.Refused) answers.getFirst();
        assertEquals(ErrorCode.ROOM_FULL, refused.code());
        assertEquals(1, small.people);
        small.pass(100);
        assertEquals(List.of(), small.events("socket of Ada"));
    }

    @Test
    void aBranchThatIsTheOnlyOneRefusedInIsOver() {
        Meeting closed = new Meeting(Meeting.smallRoom(0));
        closed.ask("socket", "Bob", Identity.OPEN, null);
        assertFalse(closed.branch().over(), "someone waits");

        closed.settle();

        assertTrue(closed.branch().over());
    }

    @Test
    void aRoomThatIsElsewhereSendsThemAllToLookAgain() {
        Meeting moved = new Meeting();
        Branch branch = moved.newBranch();
        List<ShardAnswer> first = moved.ask("1", "Ada", Identity.OPEN, null);
        List<ShardAnswer> second = moved.ask("2", "Bob", Identity.OPEN, null);

        branch.onUpdate(0, new RoomUpdate.Envelope("meeting", 3, Meeting.SHARD, 1, new RoomUpdate.NotHere()));

        assertEquals(List.of(new ShardAnswer.Moved()), first);
        assertEquals(List.of(new ShardAnswer.Moved()), second);
        assertEquals(List.of(new ShardAnswer.Moved()), moved.ask("3", "Cid", Identity.OPEN, null));
        assertTrue(branch.over());
        int said = moved.commands.size();
        branch.detach();
        assertEquals(said, moved.commands.size(), "nothing to detach from");
    }

    @Test
    void aResumedSessionGetsJustWhatItMissed() {
        ShardAnswer.Joined ada = meeting.join("Ada");
        ShardAnswer.Joined bob = meeting.join("Bob");
        assertEquals(List.of(1L), meeting.seqs("socket of Ada"));
        meeting.socketGone(ada, "socket of Ada", false);
        meeting.join("Cid");
        meeting.join("Dan");

        ShardAnswer.Joined again = meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 1));

        assertTrue(again.resumed());
        assertEquals(ada.participantId(), again.participantId());
        assertEquals(ada.sessionId(), again.sessionId());
        assertEquals(1, again.seq());
        assertNotEquals(ada.resume(), again.resume());
        assertEquals(List.of(2L, 3L), meeting.seqs("new socket"));
        meeting.ask(bob, new Request.Leave());
        assertEquals(List.of(2L, 3L, 4L), meeting.seqs("new socket"), "and then goes on");
        assertEquals(List.of(1L), meeting.seqs("socket of Ada"));
    }

    @Test
    void aSeqThatIsTooOldOrUnheardOfGetsASnapshot() {
        ShardAnswer.Joined ada = meeting.join("Ada");
        ShardAnswer.Joined bob = meeting.join("Bob");
        meeting.join("Cid");

        ShardAnswer.Joined again = meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 77));

        assertFalse(again.resumed());
        assertEquals(ada.participantId(), again.participantId());
        assertEquals(2, again.seq(), "all that the snapshot includes");
        assertEquals(3, again.snapshot().participants().size());
        assertEquals(List.of(), meeting.seqs("new socket"));
        meeting.ask(bob, new Request.Leave());
        assertEquals(List.of(3L), meeting.seqs("new socket"));
    }

    @Test
    void aResumeTokenIsGoodOnce() {
        ShardAnswer.Joined ada = meeting.join("Ada");
        ShardAnswer.Joined again = meeting.join("2", "Ada", new ShardRequest.Resume(ada.resume(), 0));

        ShardAnswer.Joined stranger = meeting.join("3", "Ada", new ShardRequest.Resume(ada.resume(), 0));

        assertFalse(stranger.resumed());
        assertNotEquals(ada.participantId(), stranger.participantId());
        assertEquals(Role.GUEST, stranger.role());
        assertFalse(closes("2").contains(CloseCode.REPLACED), "the session is not touched");
        assertTrue(meeting.join("4", "Ada", new ShardRequest.Resume(again.resume(), 0))
                .resumed());
    }

    @Test
    void aNewSocketReplacesTheOneBefore() {
        ShardAnswer.Joined ada = meeting.join("Ada");

        meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 0));
        meeting.socketGone(ada, "socket of Ada", true);
        meeting.pass(20_000);
        meeting.join("Bob");

        assertEquals(List.of(CloseCode.REPLACED), closes("socket of Ada"));
        assertEquals(4001, CloseCode.REPLACED.code());
        assertEquals(1, meeting.events("new socket").size(), "he is in, and told of Bob");
        assertEquals(List.of(), meeting.events("socket of Ada"));
    }

    @Test
    void aSocketThatIsGoneIsNotToldThatItWasReplaced() {
        ShardAnswer.Joined ada = meeting.join("Ada");
        meeting.socketGone(ada, "socket of Ada", false);

        meeting.join("new socket", "Ada", new ShardRequest.Resume(ada.resume(), 0));

        assertEquals(List.of(), closes("socket of Ada"));
    }

    @Test
    void whoComesBackWhileTheRoomStillThinksGetsTheAnswerAndTheFirstDoesNot() {
        ShardAnswer.Joined ada = meeting.join("Ada");
        meeting.socketGone(ada, "socket of Ada", false);
        meeting.pass(9_000);
        List<ShardAnswer> first = meeting.ask("2", "Ada", Identity.OPEN, new ShardRequest.Resume(ada.resume(), 0));

        List<ShardAnswer> second = meeting.ask("3", "Ada", Identity.OPEN, new ShardRequest.Resume(ada.resume(), 0));
        meeting.settle();

        assertEquals(ErrorCode.CONFLICT, ((ShardAnswer.Refused) first.getFirst()).code());
        assertEquals(ada.participantId(), ((ShardAnswer.Joined) second.getFirst()).participantId());
        assertEquals(1, meeting.people);
    }

    @Test
    void wordsOnTheirWayToTheBranchBeforeAreNotTakenForThisOnes() {
        ShardAnswer.Joined ada = meeting.join("Ada");
        meeting.branch().ask(0, meeting.branch().session(ada.sessionId()), new Request.Leave(), _ -> {});
        assertTrue(meeting.branch().over());
        meeting.branch().detach();
        Branch next = meeting.newBranch();
        next.onUpdate(
                0,
                new RoomUpdate.Envelope(
                        "meeting",
                        3,
                        Meeting.SHARD,
                        50,
                        new RoomUpdate.Happened(new Event.ParticipantLeave(ada.participantId(), LeaveReason.LEFT))));

        List<ShardAnswer> answers = meeting.ask("socket", "Bob", Identity.OPEN, null);
        meeting.settle();

        assertInstanceOf(ShardAnswer.Joined.class, answers.getFirst());
    }

    @Test
    void repeatedWordsOfTheRoomAreDropped() {
        meeting.join("Ada");
        RoomUpdate.Envelope update = new RoomUpdate.Envelope(
                "meeting",
                3,
                Meeting.SHARD,
                99,
                new RoomUpdate.Happened(new Event.SpeakerChange(Snapshot.Member.MAIN, "x", 0.5)));

        meeting.branch().onUpdate(0, update);
        meeting.branch().onUpdate(0, update);
        meeting.branch().onUpdate(0, new RoomUpdate.Envelope("meeting", 2, Meeting.SHARD, 100, update.update()));

        assertEquals(1, meeting.events("socket of Ada").size());
    }

    private List<CloseCode> closes(String socket) {
        return meeting.sockets.getOrDefault(socket, List.of()).stream()
                .filter(ToSocket.Close.class::isInstance)
                .map(message -> ((ToSocket.Close) message).code())
                .toList();
    }

    private static Capabilities capabilities() {
        return Capabilities.UNKNOWN;
    }
}
