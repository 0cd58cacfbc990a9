package dev.weir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.MediaKind;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Hosts: who is one, what they change, and the words of everyone else. */
class HostingTest {
    private static final RoomRequest MUTE_B = new RoomRequest.HostMute(Optional.of("b"), MediaKind.AUDIO, true);

    private RoomScene scene = new RoomScene();

    @Test
    void theCohostWhoHasBeenInLongestFollowsTheLastHost() {
        scene.join("h", Role.HOST);
        scene.join("g", null);
        scene.join("c", Role.COHOST);
        scene.join("d", Role.COHOST);

        scene.leave("h", LeaveReason.LEFT);

        assertEquals(
                List.of(Role.GUEST, Role.HOST, Role.COHOST),
                List.of(scene.role("g"), scene.role("c"), scene.role("d")));
    }

    @Test
    void withoutACohostTheOldestGuestOfOpenModeFollows() {
        scene.join("a", null);
        scene.join("v", Role.VIEWER);
        scene.join("b", null);
        scene.join("c", null);

        scene.leave("a", LeaveReason.LEFT);

        assertEquals(Role.HOST, scene.role("b"));
        assertEquals(Role.GUEST, scene.role("c"));
    }

    @Test
    void aGuestByTokenNeverFollowsAndTheNextHostIsOneWhoJoins() {
        scene.join("h", Role.HOST);
        scene.join("g", Role.GUEST);
        scene.leave("h", LeaveReason.LEFT);
        assertEquals(Role.GUEST, scene.role("g"));

        scene.join("later", Role.HOST);

        assertEquals(Role.HOST, scene.role("later"));
    }

    @Test
    void whileAnotherHostIsInNobodyFollows() {
        scene.join("h", Role.HOST);
        scene.join("i", Role.HOST);
        scene.join("c", Role.COHOST);

        scene.leave("h", LeaveReason.LEFT);

        assertEquals(Role.COHOST, scene.role("c"));
    }

    @Test
    void whoActedForALostHostStepsBackWhenHeReturns() {
        scene.join("a", null);
        scene.join("b", null);
        scene.leave("a", LeaveReason.LOST);
        assertEquals(Role.HOST, scene.role("b"));

        scene.comeBack("a", null, Role.HOST);

        assertEquals(Role.HOST, scene.role("a"));
        assertEquals(Role.GUEST, scene.role("b"));
    }

    @Test
    void aViewerBecomesAGuestAndMayPublishAndTheOtherWayAround() {
        scene.join("h", Role.HOST);
        scene.join("v", Role.VIEWER);
        scene.publish("v", Source.CAMERA);
        assertEquals(List.of(), scene.state().tracks());

        scene.ask("h", new RoomRequest.Promote("v", Role.GUEST));
        scene.publish("v", Source.CAMERA);
        assertEquals(1, scene.state().tracks().size());
        int before = scene.events().size();
        scene.ask("h", new RoomRequest.Promote("v", Role.VIEWER));

        assertEquals(
                List.of(
                        new Event.TrackUnpublish("v", "v/camera"),
                        new Event.ParticipantUpdate("v", Role.VIEWER, null, null, null)),
                scene.eventsSince(before));
    }

    @Test
    void aPromotionKeepsTheLimitOnThoseWhoSend() {
        scene = new RoomScene(RoomScene.options(2, false));
        scene.join("h", Role.HOST);
        scene.join("g", Role.GUEST);
        scene.join("v", Role.VIEWER);

        assertEquals(ErrorCode.ROOM_FULL, scene.refusal("h", new RoomRequest.Promote("v", Role.GUEST)));
        scene.leave("g", LeaveReason.LEFT);
        assertNull(scene.refusal("h", new RoomRequest.Promote("v", Role.GUEST)));
    }

    @Test
    void theOnlyHostCannotStepDownAndNobodyBecomesARecorder() {
        scene.join("h", Role.HOST);
        scene.join("g", Role.GUEST);

        assertEquals(ErrorCode.CONFLICT, scene.refusal("h", new RoomRequest.Promote("h", Role.GUEST)));
        assertEquals(ErrorCode.BAD_REQUEST, scene.refusal("h", new RoomRequest.Promote("g", Role.RECORDER)));
        assertEquals(ErrorCode.NOT_FOUND, scene.refusal("h", new RoomRequest.Promote("x", Role.GUEST)));
        assertNull(scene.refusal("h", new RoomRequest.Promote("g", Role.HOST)));
        assertNull(scene.refusal("h", new RoomRequest.Promote("h", Role.GUEST)));
        assertEquals(Role.HOST, scene.role("g"));
    }

    @Test
    void aHostMutesOneAndOnlyTheOwnerUnmutes() {
        scene.join("h", Role.HOST);
        scene.join("b", Role.GUEST);
        scene.publish("b", Source.MICROPHONE);
        scene.publish("b", Source.CAMERA);
        int before = scene.events().size();

        scene.ask("h", MUTE_B);
        scene.ask("h", MUTE_B);
        assertEquals(List.of(new Event.TrackMute("b", "b/microphone", true, true)), scene.eventsSince(before));
        assertTrue(silenced("b/microphone"));
        assertFalse(silenced("b/camera"));
        scene.ask("h", new RoomRequest.HostMute(Optional.of("b"), MediaKind.AUDIO, false));
        assertEquals(List.of(new Event.UnmuteRequest(MediaKind.AUDIO, "h")), scene.toldTo("b"));
        assertTrue(silenced("b/microphone"), "asked, not forced");
        scene.tell(1, new RoomCommand.Mute("b", "b/microphone", false));

        assertFalse(silenced("b/microphone"));
    }

    @Test
    void whatItsOwnerMutedStaysHisOwnAndMutingAllSparesTheHost() {
        scene.join("h", Role.HOST);
        scene.join("b", Role.GUEST);
        scene.join("c", Role.GUEST);
        List.of("h", "b", "c").forEach(id -> scene.publish(id, Source.MICROPHONE));
        scene.tell(1, new RoomCommand.Mute("b", "b/microphone", true));

        scene.ask("h", new RoomRequest.HostMute(Optional.empty(), MediaKind.AUDIO, true));

        assertFalse(silenced("h/microphone"));
        assertFalse(silenced("b/microphone"));
        assertTrue(silenced("c/microphone"));
    }

    @Test
    void whoIsRemovedMayNotResume() {
        scene.join("h", Role.HOST);
        scene.join("b", Role.GUEST);

        scene.ask("h", new RoomRequest.Remove("b"));
        assertEquals(
                new Event.ParticipantLeave("b", LeaveReason.REMOVED),
                scene.events().getLast());
        scene.comeBack("b", Role.GUEST, Role.GUEST);

        assertNull(scene.member("b"));
    }

    @Test
    void aLockedRoomLetsInOnlyWhoRunsItOrComesBack() {
        scene.join("h", Role.HOST);
        scene.join("b", Role.GUEST);
        scene.ask("h", new RoomRequest.Lock(true));
        scene.leave("b", LeaveReason.LOST);

        scene.join("new", Role.GUEST);
        scene.comeBack("b", Role.GUEST, Role.GUEST);
        scene.join("c", Role.COHOST);

        assertNull(scene.member("new"));
        assertEquals(3, scene.state().members().size());
        scene.ask("h", new RoomRequest.Lock(false));
        scene.join("new", Role.GUEST);
        assertEquals(4, scene.state().members().size());
    }

    @Test
    void aHostEndsTheRoomForAll() {
        scene.join("h", Role.HOST);

        assertNull(scene.refusal("h", new RoomRequest.End()));

        assertEquals(new Event.RoomEnd(LeaveReason.ENDED), scene.events().getLast());
        assertTrue(scene.ended);
        int sent = scene.sent.size();
        scene.join("late", Role.GUEST);
        assertEquals(sent, scene.sent.size(), "an ended room says nothing more");
    }

    @Test
    void theSpeakersLeaveHandsTheFloorOn() {
        scene.join("a", null);
        scene.join("b", null);
        scene.attach(2);
        scene.tell(1, new RoomCommand.Loudest("", "a", 0.5));
        scene.tell(2, new RoomCommand.Loudest("", "b", 0.2));
        int before = scene.events().size();

        scene.leave("a", LeaveReason.LEFT);
        scene.leave("b", LeaveReason.LEFT);

        assertTrue(scene.eventsSince(before).contains(new Event.SpeakerChange("", "b", 0.2)));
        assertEquals(new Event.SpeakerChange("", null, 0), scene.events().getLast());
    }

    @Test
    void chatIsKeptForLateComersTheLastHundred() {
        scene.join("a", null);
        for (int i = 0; i < 150; i++) {
            scene.pass(RoomScene.SECOND);
            assertNull(scene.refusal("a", new RoomRequest.Chat("message " + i)));
        }

        List<Snapshot.ChatMessage> kept = scene.state().chats().get("");

        assertEquals(
                IntStream.range(50, 150).mapToObj(i -> "message " + i).toList(),
                kept.stream().map(Snapshot.ChatMessage::text).toList());
        assertEquals("2026-11-01T12:02:30Z", kept.getLast().sentAt());
        assertEquals("name of a", kept.getLast().displayName());
    }

    @Test
    void handsStandInTheOrderRaised() {
        List.of("a", "b", "c").forEach(id -> scene.join(id, null));
        List.of("c", "a", "b").forEach(id -> scene.ask(id, new RoomRequest.Hand(true)));
        scene.ask("a", new RoomRequest.Hand(true));
        assertEquals(List.of("c", "a", "b"), scene.state().hands());
        scene.ask("c", new RoomRequest.Hand(false));

        assertEquals(
                new Event.Hand("c", false, List.of("a", "b")), scene.events().getLast());
        scene.leave("a", LeaveReason.LEFT);
        assertEquals(List.of("b"), scene.state().hands());
    }

    @Test
    void whoeverSaysTooMuchTooFastIsRefusedAndMayGoOnLater() {
        scene.join("a", null);
        limited(new RoomRequest.Chat("x"), (int) Talk.CHATS.burst());
        limited(new RoomRequest.Reaction("👏"), (int) Talk.REACTIONS.burst());
        for (int i = 0; i < Talk.HANDS.burst(); i++) {
            assertNull(scene.refusal("a", new RoomRequest.Hand(i % 2 == 0)));
        }
        assertEquals(ErrorCode.RATE_LIMITED, scene.refusal("a", new RoomRequest.Hand(false)));
    }

    private void limited(RoomRequest request, int burst) {
        for (int i = 0; i < burst; i++) {
            assertNull(scene.refusal("a", request));
        }
        assertEquals(ErrorCode.RATE_LIMITED, scene.refusal("a", request));
        scene.pass(RoomScene.SECOND);
        assertNull(scene.refusal("a", request));
    }

    private boolean silenced(String trackId) {
        return scene.state().tracks().stream()
                .filter(track -> track.trackId().equals(trackId))
                .anyMatch(Snapshot.Track::silenced);
    }
}
