package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.MediaKind;
import dev.weir.signal.Capabilities;
import dev.weir.signal.CloseCode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import dev.weir.signal.ToSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What hosts do, as the sockets of a branch see it. */
class HostedTest {
    private Meeting meeting = new Meeting();

    @Test
    void whoWaitsLearnsNothingOfTheRoomUntilHeIsAdmittedAndThenAllOfIt() {
        meeting = waitingRoom();
        ShardAnswer.Joined host = meeting.join("Hedy");
        meeting.offer(host, Source.CAMERA);
        ShardAnswer.Waiting waiting = knock("Ada", null);
        meeting.ask(host, new RoomRequest.Chat("secret"));
        meeting.ask(host, new RoomRequest.Hand(true));
        assertEquals(List.of(), sent("Ada"));
        assertEquals(ErrorCode.CONFLICT, refusal(meeting.ask(waiting.sessionId(), Request.View.NOTHING)));

        meeting.ask(host, new RoomRequest.Admit(Optional.of(waiting.participantId())));

        ToSocket.Admitted admitted = (ToSocket.Admitted) sent("Ada").getFirst();
        assertEquals(1, sent("Ada").size());
        Snapshot snapshot = admitted.joined().snapshot();
        assertEquals(2, snapshot.participants().size());
        assertEquals(1, snapshot.tracks().size());
        assertEquals("secret", snapshot.chat().getFirst().text());
        assertEquals(List.of(host.participantId()), snapshot.hands());
        assertEquals(List.of(), snapshot.waiting());
        assertEquals(waiting.participantId(), admitted.joined().participantId());
        assertEquals(1, admitted.seq());
        meeting.ask(host, new RoomRequest.Chat("welcome"));
        assertEquals(List.of(2L), meeting.seqs("socket of Ada"));
    }

    @Test
    void onlyThoseWhoRunTheMeetingAreToldWhoWaits() {
        meeting = waitingRoom();
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Waiting guest = knock("Gil", null);
        meeting.ask(host, new RoomRequest.Admit(Optional.empty()));
        knock("Ada", null);

        assertTrue(meeting.events("socket of Hedy").getLast() instanceof Event.WaitingRequest);
        assertEquals(List.of(), meeting.events("socket of Gil"));
        meeting.ask(host, new RoomRequest.Promote(guest.participantId(), Role.COHOST));
        assertTrue(meeting.events("socket of Gil").getLast() instanceof Event.WaitingRequest);
    }

    @Test
    void whoIsDeniedIsToldClosedAndNotLetBackIn() {
        meeting = waitingRoom();
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Waiting ada = knock("Ada", null);

        meeting.ask(host, new RoomRequest.Deny(ada.participantId()));

        assertEquals(List.of(new Event.WaitingDenied()), meeting.events("socket of Ada"));
        assertEquals(List.of(CloseCode.REMOVED), closes("Ada"));
        assertEquals(ErrorCode.FORBIDDEN, refusal(answer("again", new ShardRequest.Resume(ada.resume(), 0))));
    }

    @Test
    void whoComesBackWhileHeWaitsWaitsOnAndWhoMissedHisAdmissionGetsASnapshot() {
        meeting = waitingRoom();
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Waiting first = knock("Ada", null);
        meeting.branch().socketGone(meeting.now, meeting.branch().session(first.sessionId()), "socket of Ada", false);
        meeting.pass(3_000);
        ShardAnswer.Waiting second = knock("Ada again", new ShardRequest.Resume(first.resume(), 0));
        assertEquals(first.participantId(), second.participantId());
        assertEquals(1, meeting.events("socket of Hedy").size(), "asked for once");
        meeting.branch()
                .socketGone(meeting.now, meeting.branch().session(first.sessionId()), "socket of Ada again", false);

        meeting.ask(host, new RoomRequest.Admit(Optional.of(first.participantId())));
        ShardAnswer.Joined joined = assertInstanceOf(
                ShardAnswer.Joined.class, answer("Ada 3", new ShardRequest.Resume(second.resume(), 0)));

        assertFalse(joined.resumed());
        assertEquals(2, joined.snapshot().participants().size());
    }

    @Test
    void whoseSocketIsGoneWaitsNoMoreAfterAWhileAndWhoLeavesAtOnce() {
        meeting = waitingRoom();
        meeting.join("Hedy");
        ShardAnswer.Waiting ada = knock("Ada", null);
        ShardAnswer.Waiting bob = knock("Bob", null);

        assertEquals(new ShardAnswer.Done(), meeting.ask(bob.sessionId(), new Request.Leave()));
        assertEquals(
                new Event.WaitingLeave(bob.participantId()),
                meeting.events("socket of Hedy").getLast());
        meeting.branch().socketGone(meeting.now, meeting.branch().session(ada.sessionId()), "socket of Ada", false);
        meeting.pass(8_100);

        assertEquals(
                new Event.WaitingLeave(ada.participantId()),
                meeting.events("socket of Hedy").getLast());
        assertEquals(1, meeting.people);
    }

    @Test
    void whoIsRemovedIsClosedLosesHisTracksAndMayNotResume() {
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Joined ada = meeting.join("Ada");
        meeting.join("Bob");
        meeting.offer(ada, Source.CAMERA);

        meeting.ask(host, new RoomRequest.Remove(ada.participantId()));

        assertEquals(List.of(CloseCode.REMOVED), closes("Ada"));
        assertEquals(4003, CloseCode.REMOVED.code());
        assertEquals(
                new Event.ParticipantLeave(ada.participantId(), LeaveReason.REMOVED),
                meeting.events("socket of Bob").getLast());
        assertEquals(List.of(), meeting.branch().tracks());
        assertEquals(1, meeting.closedPeers);
        assertEquals(2, meeting.people);
        assertEquals(ErrorCode.FORBIDDEN, refusal(answer("again", new ShardRequest.Resume(ada.resume(), 0))));
        assertEquals(ErrorCode.CONFLICT, refusal(meeting.ask(ada, Request.View.NOTHING)));
        meeting.pass(31_000);
        assertNull(meeting.branch().session(ada.sessionId()));
    }

    @Test
    void aHostEndsTheRoomForAllAndForThoseAtTheDoor() {
        meeting = waitingRoom();
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Waiting gil = knock("Gil", null);
        meeting.ask(host, new RoomRequest.Admit(Optional.of(gil.participantId())));
        knock("Ada", null);

        assertEquals(new ShardAnswer.Done(), meeting.ask(host, new RoomRequest.End()));

        for (String name : List.of("Hedy", "Gil", "Ada")) {
            assertEquals(List.of(CloseCode.ROOM_ENDED), closes(name), name);
        }
        assertEquals(
                new Event.RoomEnd(LeaveReason.ENDED),
                meeting.events("socket of Gil").getLast());
        assertEquals(0, meeting.people);
        assertTrue(meeting.branch().over());
    }

    @Test
    void aViewerPublishesOnceHeIsAGuestAndNotAnyMoreWhenHeIsAViewerAgain() {
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Joined vic = join("Vic", Role.VIEWER);
        assertEquals(ErrorCode.FORBIDDEN, refusal(meeting.offer(vic, Source.CAMERA)));
        assertInstanceOf(ShardAnswer.Answered.class, meeting.offer(vic), "slots alone are welcome");

        meeting.ask(host, new RoomRequest.Promote(vic.participantId(), Role.GUEST));
        assertEquals(
                new Event.ParticipantUpdate(vic.participantId(), Role.GUEST, null, null, null),
                meeting.events("socket of Vic").getLast());
        assertInstanceOf(ShardAnswer.Answered.class, meeting.offer(vic, Source.CAMERA, Source.MICROPHONE));
        assertEquals(2, meeting.branch().tracks().size());
        meeting.ask(host, new RoomRequest.Promote(vic.participantId(), Role.VIEWER));

        assertEquals(List.of(), meeting.branch().tracks());
        assertEquals(List.of(), meeting.branch().session(vic.sessionId()).publications());
        assertEquals(ErrorCode.FORBIDDEN, refusal(meeting.offer(vic, Source.CAMERA)));
        assertEquals(0, meeting.closedPeers, "on the connection that he had");
    }

    @Test
    void aRecorderIsSeenByNobody() {
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Joined recorder = join("Rec", Role.RECORDER);
        ShardAnswer.Joined late = meeting.join("Ada");

        assertEquals(2, late.snapshot().participants().size());
        assertEquals(2, recorder.snapshot().participants().size(), "he sees himself");
        meeting.socketGone(recorder, "socket of Rec", false);
        meeting.pass(9_000);
        assertEquals(
                List.of(new Event.ParticipantJoin(late.participantId(), "Ada", Role.GUEST, Capabilities.UNKNOWN)),
                meeting.events("socket of Hedy"));
        assertNotEquals(host.participantId(), late.participantId());
    }

    @Test
    void whatAHostMutedIsNotForwardedUntilItsOwnerUnmutesIt() {
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Joined ada = meeting.join("Ada");
        ShardAnswer.Answered answered =
                (ShardAnswer.Answered) meeting.offer(ada, Source.CAMERA, Source.MICROPHONE, Source.SCREEN_AUDIO);
        view(host, answered);
        assertEquals(List.of(1, 1, 1), reaching(host));

        meeting.ask(host, new RoomRequest.HostMute(Optional.of(ada.participantId()), MediaKind.AUDIO, true));
        assertEquals(List.of(1, 0, 0), reaching(host));
        meeting.ask(host, new RoomRequest.HostMute(Optional.empty(), MediaKind.VIDEO, true));
        assertEquals(List.of(0, 0, 0), reaching(host));
        assertEquals(
                3,
                meeting.events("socket of Ada").stream()
                        .filter(event -> event instanceof Event.TrackMute mute && mute.byHost())
                        .count(),
                "he is told");
        for (ShardAnswer.TrackId track : answered.tracks()) {
            meeting.ask(ada, new Request.Mute(track.trackId(), false));
        }

        assertEquals(List.of(1, 1, 1), reaching(host));
    }

    @Test
    void inBreakoutRoomsPeopleHearSeeAndReadOnlyEachOther() {
        ShardAnswer.Joined host = meeting.join("Hedy");
        ShardAnswer.Joined ada = meeting.join("Ada");
        ShardAnswer.Joined bob = meeting.join("Bob");
        ShardAnswer.Answered answered =
                (ShardAnswer.Answered) meeting.offer(ada, Source.CAMERA, Source.MICROPHONE, Source.SCREEN_AUDIO);
        view(host, answered);
        view(bob, answered);

        breakout(host, ada.participantId());
        assertEquals(List.of(0, 0, 0), reaching(host));
        assertEquals(List.of(0, 0, 0), reaching(bob));
        meeting.ask(ada, new RoomRequest.Chat("alone"));
        meeting.ask(ada, new RoomRequest.Reaction("👋"));
        assertFalse(meeting.events("socket of Bob").stream()
                .anyMatch(event -> event instanceof Event.Chat || event instanceof Event.Reaction));
        meeting.ask(host, new RoomRequest.MoveToBreakout(host.participantId(), Optional.of("one")));
        assertEquals(List.of(1, 1, 1), reaching(host), "the host visits");
        assertEquals(List.of(0, 0, 0), reaching(bob));
        Event.BreakoutAssigned assigned = meeting.events("socket of Hedy").stream()
                .filter(Event.BreakoutAssigned.class::isInstance)
                .map(Event.BreakoutAssigned.class::cast)
                .findFirst()
                .orElseThrow();
        assertEquals("alone", assigned.chat().getFirst().text());
        meeting.ask(host, new RoomRequest.CloseBreakouts(1_000));
        meeting.pass(1_050);

        assertEquals(List.of(1, 1, 1), reaching(bob));
        assertEquals(0, meeting.closedPeers, "on the connections that they had");
    }

    private void breakout(ShardAnswer.Joined host, String... people) {
        meeting.ask(
                host,
                new RoomRequest.OpenBreakouts(
                        List.of(new RoomRequest.OpenBreakouts.Breakout("one", Optional.of(List.of(people)))), 0));
    }

    private void view(ShardAnswer.Joined viewer, ShardAnswer.Answered published) {
        List<Request.Tile> tiles = published.tracks().stream()
                .map(track -> new Request.Tile(track.trackId(), 640, 360, false))
                .toList();
        meeting.ask(viewer, new Request.View(tiles, false, List.of()));
    }

    /** How many pictures, voices and screen sounds this viewer is to get. */
    private List<Integer> reaching(ShardAnswer.Joined viewer) {
        Session session = meeting.branch().session(viewer.sessionId());
        return List.of(
                meeting.branch().wishes(session).size(),
                meeting.branch().voicesFor(session).size(),
                meeting.branch().screenAudioFor(session) == null ? 0 : 1);
    }

    private static Meeting waitingRoom() {
        RoomOptions defaults = RoomOptions.defaults("meeting");
        return new Meeting(new RoomOptions(
                defaults.name(),
                defaults.maxParticipants(),
                defaults.mode(),
                defaults.autoSfuThreshold(),
                defaults.p2pReturnDelayMs(),
                defaults.adaptiveQuality(),
                defaults.simulcast(),
                defaults.codecs(),
                defaults.audioSlots(),
                defaults.maxViewers(),
                true,
                false,
                false));
    }

    private ShardAnswer.Waiting knock(String name, ShardRequest.Resume resume) {
        return assertInstanceOf(ShardAnswer.Waiting.class, answer(name, resume));
    }

    private ShardAnswer answer(String name, ShardRequest.Resume resume) {
        List<ShardAnswer> answers = meeting.ask("socket of " + name, name, Identity.OPEN, resume);
        meeting.settle();
        return answers.getFirst();
    }

    private ShardAnswer.Joined join(String name, Role role) {
        List<ShardAnswer> answers = meeting.ask("socket of " + name, name, new Identity("", "", role, false), null);
        meeting.settle();
        return (ShardAnswer.Joined) answers.getFirst();
    }

    private static ErrorCode refusal(ShardAnswer answer) {
        return assertInstanceOf(ShardAnswer.Refused.class, answer).code();
    }

    private List<ToSocket> sent(String name) {
        return meeting.sockets.getOrDefault("socket of " + name, List.of());
    }

    private List<CloseCode> closes(String name) {
        List<CloseCode> codes = new ArrayList<>();
        for (ToSocket message : sent(name)) {
            if (message instanceof ToSocket.Close close) {
                codes.add(close.code());
            }
        }
        return codes;
    }
}
