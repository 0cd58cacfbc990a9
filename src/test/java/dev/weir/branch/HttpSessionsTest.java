package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.HttpRequest;
import dev.weir.signal.HttpUse;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sessions without a socket, of which no connection ever completes here. */
class HttpSessionsTest {
    private final Meeting meeting = new Meeting();
    private final ShardAnswer.Joined host = meeting.join("Host");
    private final ShardAnswer.Joined camera = meeting.join("Camera");

    @Test
    void whoNeverConnectsIsLostAfterHalfAMinuteAndHisSessionForgotten() {
        liveByMedia(camera, HttpUse.WHIP, null, Long.MAX_VALUE);
        meeting.offer(camera, Source.CAMERA);

        meeting.pass(29_900);
        assertEquals(List.of(), departures());
        meeting.pass(200);
        assertEquals(List.of(LeaveReason.LOST), departures());
        assertNull(meeting.branch().session(camera.sessionId()));
    }

    @Test
    void hisRightEndsWithHisToken() {
        liveByMedia(camera, HttpUse.WHIP, null, 5_000);
        meeting.offer(camera, Source.CAMERA);

        meeting.pass(4_900);
        assertEquals(List.of(), departures());
        meeting.pass(200);
        assertEquals(List.of(LeaveReason.EXPIRED), departures());
        assertNull(meeting.branch().session(camera.sessionId()));
    }

    @Test
    void whoIsRemovedHasNoSessionAnyMore() {
        liveByMedia(camera, HttpUse.WHIP, null, Long.MAX_VALUE);
        meeting.offer(camera, Source.CAMERA);

        meeting.ask(host, new RoomRequest.Remove(camera.participantId()));
        assertRefused(ask(camera, HttpUse.WHIP, new HttpRequest.Leave()));
        meeting.pass(100);
        assertNull(meeting.branch().session(camera.sessionId()));
        assertEquals(1, meeting.closedPeers);
    }

    @Test
    void onlyASessionWithoutASocketIsAskedByHttp() {
        assertRefused(ask(host, HttpUse.WHIP, new HttpRequest.Leave()));
        liveByMedia(camera, HttpUse.WHIP, null, Long.MAX_VALUE);
        assertRefused(ask(camera, HttpUse.WHEP, new HttpRequest.Leave()));
        ShardRequest.OfHttp elsewhere =
                new ShardRequest.OfHttp(camera.sessionId(), "elsewhere", HttpUse.WHIP, new HttpRequest.Leave());
        assertRefused(meeting.branch().ask(meeting.now, meeting.branch().session(camera.sessionId()), elsewhere));
        assertRefused(ask(camera, HttpUse.WHIP, new HttpRequest.Ice("*", "abcd", "passwordOfTwentyTwoChars")));
        assertInstanceOf(ShardAnswer.Done.class, ask(camera, HttpUse.WHIP, new HttpRequest.Leave()));
    }

    @Test
    void aPublisherWhoIsMadeAViewerPublishesNothingAndStays() {
        liveByMedia(camera, HttpUse.WHIP, null, Long.MAX_VALUE);
        meeting.offer(camera, Source.CAMERA, Source.MICROPHONE);
        assertEquals(2, meeting.branch().tracks().size());

        meeting.ask(host, new RoomRequest.Promote(camera.participantId(), Role.VIEWER));
        assertEquals(List.of(), meeting.branch().tracks());
        assertEquals(List.of(), departures());
    }

    @Test
    void nothingIsKeptForOneWhoIsNotTold() {
        liveByMedia(camera, HttpUse.WHIP, null, Long.MAX_VALUE);
        long before = meeting.branch().session(camera.sessionId()).seq();
        meeting.join("Late");
        meeting.ask(host, new RoomRequest.Chat("hello"));

        assertEquals(before, meeting.branch().session(camera.sessionId()).seq());
    }

    @Test
    void aPlayerIsShownTheSpeakerThenWhoSpokeLastThenWhoPublishedFirst() {
        meeting.offer(host, Source.MICROPHONE);
        meeting.offer(camera, Source.CAMERA, Source.MICROPHONE);
        ShardAnswer.Joined other = meeting.join("Other");
        meeting.offer(other, Source.SCREEN, Source.CAMERA, Source.MICROPHONE);
        ShardAnswer.Joined player = meeting.join("Player");
        Focus focus = new Focus(Optional.empty());

        assertEquals(camera.participantId(), shown(focus, player), "the first with a camera");
        speaks(other);
        assertEquals(other.participantId(), shown(focus, player));
        speaks(host);
        assertEquals(other.participantId(), shown(focus, player), "who has no camera leaves the picture as it is");
        assertEquals(host.participantId(), heard(focus, player));
        speaks(null);
        assertEquals(other.participantId(), shown(focus, player));
        assertEquals(host.participantId(), heard(focus, player));
        meeting.ask(other, new Request.Leave());
        assertEquals(camera.participantId(), shown(focus, player));
    }

    @Test
    void aPlayerOfOneIsShownHisScreenWhereHeHasNoCamera() {
        meeting.offer(camera, Source.SCREEN, Source.SCREEN_AUDIO);
        ShardAnswer.Joined player = meeting.join("Player");
        Focus focus = new Focus(Optional.of(camera.participantId()));
        speaks(host);

        assertEquals(camera.participantId(), shown(focus, player));
        assertEquals(
                List.of(),
                focus.voices(
                        player.participantId(),
                        meeting.branch().stage(),
                        meeting.branch().roster()));
        assertEquals(
                camera.participantId(),
                focus.screenAudio(
                                player.participantId(),
                                meeting.branch().stage(),
                                meeting.branch().roster())
                        .participantId());
        meeting.ask(camera, new Request.Leave());
        assertNull(shown(focus, player));
    }

    private void liveByMedia(ShardAnswer.Joined who, HttpUse use, String watched, long goodForMs) {
        ShardRequest.LiveByMedia how = new ShardRequest.LiveByMedia(who.sessionId(), use, watched, goodForMs);
        assertInstanceOf(
                ShardAnswer.Done.class,
                meeting.branch().liveByMedia(meeting.now, meeting.branch().session(who.sessionId()), how));
    }

    private ShardAnswer ask(ShardAnswer.Joined who, HttpUse use, HttpRequest request) {
        ShardRequest.OfHttp ask = new ShardRequest.OfHttp(who.sessionId(), Meeting.PLACE.room(), use, request);
        return meeting.branch().ask(meeting.now, meeting.branch().session(who.sessionId()), ask);
    }

    private static void assertRefused(ShardAnswer answer) {
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertInstanceOf(ShardAnswer.Refused.class, answer).code());
    }

    private List<LeaveReason> departures() {
        return meeting.events("socket of Host").stream()
                .filter(Event.ParticipantLeave.class::isInstance)
                .map(event -> ((Event.ParticipantLeave) event).reason())
                .toList();
    }

    private void speaks(ShardAnswer.Joined who) {
        String id = who == null ? null : who.participantId();
        meeting.branch().roster().apply(new Event.SpeakerChange(Snapshot.Member.MAIN, id, 0.5));
    }

    /** Whose picture is in focus, or null. */
    private String shown(Focus focus, ShardAnswer.Joined player) {
        Request.View view = focus.view(
                player.participantId(),
                meeting.branch().stage(),
                meeting.branch().roster());
        assertFalse(view.audioOnly());
        return view.tiles().isEmpty()
                ? null
                : meeting.branch()
                        .roster()
                        .track(view.tiles().getFirst().trackId())
                        .participantId();
    }

    /** Whose voice is first. */
    private String heard(Focus focus, ShardAnswer.Joined player) {
        return focus.voices(
                        player.participantId(),
                        meeting.branch().stage(),
                        meeting.branch().roster())
                .getFirst()
                .participantId();
    }
}
