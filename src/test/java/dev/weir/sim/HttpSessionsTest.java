package dev.weir.sim;

import static dev.weir.sim.SimCall.MILLI;
import static dev.weir.sim.SimCall.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.client.ReceivedPacket;
import dev.weir.client.ReceivedSlot;
import dev.weir.ice.Route;
import dev.weir.peer.DropReason;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Event;
import dev.weir.signal.HttpRequest;
import dev.weir.signal.HttpUse;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** WHIP publishers and WHEP players with their media, and what others in the room see of them. */
class HttpSessionsTest {
    private static final Conditions GOOD = Conditions.GOOD.withJitter(2 * MILLI);
    private static final Conditions CUT = Conditions.GOOD.withLoss(1).withBursts(1e12);

    @Test
    void aPublisherIsSeenByOneWithASocketAndStaysWithoutOne() {
        try (SimCall call = new SimCall(61)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person camera = publisher(call);
            call.run(2 * SECOND);
            ada.view(360, camera);
            call.run(60 * SECOND);

            assertTrue(ada.picture().decoded().size() > 57 * 25, call::toString);
            assertEquals(List.of(), ada.faults(), call::toString);
            assertEquals(List.of(), departures(call, "Ada"));
            assertEquals(List.of(), connections(call, "Ada"));
            assertEquals(List.of(), call.server.events("Camera"), "nobody listens");
        }
    }

    @Test
    void aPublisherThatVanishesIsToldLostAndLeavesAfterEightSeconds() {
        try (SimCall call = new SimCall(62)) {
            call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person camera = publisher(call);
            call.run(5 * SECOND);
            call.network.conditions(camera.address, CUT, CUT);

            call.run(3 * SECOND);
            assertEquals(List.of(Snapshot.Member.LOST), connections(call, "Ada"));
            call.run(4_900 * MILLI);
            assertEquals(List.of(), departures(call, "Ada"));
            call.run(300 * MILLI);
            assertEquals(List.of(LeaveReason.LOST), departures(call, "Ada"));
        }
    }

    @Test
    void aPublisherThatIsSilentForAWhileIsBackByItself() {
        try (SimCall call = new SimCall(63)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person camera = publisher(call);
            call.run(2 * SECOND);
            ada.view(360, camera);
            call.run(3 * SECOND);
            call.network.conditions(camera.address, CUT, CUT);
            call.run(5 * SECOND);
            call.network.conditions(camera.address, GOOD, GOOD);
            int before = ada.picture().decoded().size();
            call.run(10 * SECOND);

            assertEquals(List.of(Snapshot.Member.LOST, Snapshot.Member.OK), connections(call, "Ada"));
            assertEquals(List.of(), departures(call, "Ada"));
            assertTrue(ada.picture().decoded().size() > before + 7 * 25, call::toString);
        }
    }

    @Test
    void aPublisherThatEndsItsConnectionHasLeftAtOnce() {
        try (SimCall call = new SimCall(64)) {
            call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person camera = publisher(call);
            call.run(5 * SECOND);
            camera.client.close();
            call.run(200 * MILLI);

            assertEquals(List.of(LeaveReason.LEFT), departures(call, "Ada"));
            assertFalse(camera.sessionIsThere(), "nobody can come back to it");
        }
    }

    @Test
    void aSessionIsOverWhenItsClientSaysSo() {
        try (SimCall call = new SimCall(65)) {
            call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person camera = publisher(call);
            call.run(2 * SECOND);

            assertInstanceOf(ShardAnswer.Refused.class, camera.ask(HttpUse.WHEP, new HttpRequest.Leave()));
            assertInstanceOf(ShardAnswer.Done.class, camera.ask(HttpUse.WHIP, new HttpRequest.Leave()));
            assertEquals(List.of(LeaveReason.LEFT), departures(call, "Ada"));
            call.run(SECOND);
            assertEquals("closed by the other side", camera.client.failure());
        }
    }

    @Test
    void aPlayerOfNothingStaysByItsChecks() {
        try (SimCall call = new SimCall(66)) {
            call.join("Ada", new ClientPlan(false, List.of(), 25, 1, 1, ClientPlan.USUAL.srtpProfiles()), GOOD);
            SimCall.Person player = call.join("Player", ClientPlan.player(), GOOD);
            player.liveByMedia(HttpUse.WHEP, null);
            call.run(60 * SECOND);
            assertEquals(List.of(), departures(call, "Ada"));
            assertEquals(List.of(), connections(call, "Ada"));

            call.network.conditions(player.address, CUT, CUT);
            call.run(14 * SECOND);
            assertEquals(List.of(LeaveReason.LOST), departures(call, "Ada"));
        }
    }

    @Test
    void aPlayerGetsWhomItAskedForWhoeverSpeaks() {
        try (SimCall call = new SimCall(67)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person ben = call.join("Ben", ClientPlan.USUAL, GOOD);
            ada.client.media().speak(20);
            ben.client.media().speak(60);
            SimCall.Person player = call.join("Player", ClientPlan.player(), GOOD);
            player.liveByMedia(HttpUse.WHEP, ben);
            call.run(10 * SECOND);

            assertEquals(Set.of(csrc(ben, Source.CAMERA)), csrcs(player, true), call::toString);
            assertEquals(Set.of(csrc(ben, Source.MICROPHONE)), csrcs(player, false), call::toString);
            assertTrue(player.picture().decoded().size() > 8 * 25, call::toString);
            assertEquals(List.of(), player.faults(), call::toString);
        }
    }

    @Test
    void aPlayerFollowsWhoSpeaksWithSoundAndPicture() {
        try (SimCall call = new SimCall(68)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person ben = call.join("Ben", ClientPlan.USUAL, GOOD);
            SimCall.Person player = call.join("Player", ClientPlan.player(), GOOD);
            player.liveByMedia(HttpUse.WHEP, null);
            speak(call, ada, ben);
            assertEquals(csrc(ada, Source.CAMERA), last(player, true), call::toString);
            assertEquals(csrc(ada, Source.MICROPHONE), last(player, false), call::toString);

            speak(call, ben, ada);
            assertEquals(csrc(ben, Source.CAMERA), last(player, true), call::toString);
            assertEquals(csrc(ben, Source.MICROPHONE), last(player, false), call::toString);

            ben.client.media().speak(127);
            call.run(8 * SECOND);
            assertEquals(csrc(ben, Source.CAMERA), last(player, true), "who spoke last stays while nobody does");
            assertEquals(List.of(), player.faults(), call::toString);
        }
    }

    @Test
    void anIceRestartIsNotSeenByThoseWhoWatch() {
        try (SimCall call = new SimCall(69)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person camera = publisher(call);
            call.run(2 * SECOND);
            ada.view(360, camera);
            call.run(3 * SECOND);
            MediaOffer before = camera.client.offer();
            assertInstanceOf(
                    ShardAnswer.Done.class,
                    camera.ask(HttpUse.WHIP, new HttpRequest.Ice("*", before.iceUfrag(), before.icePwd())));
            camera.client.restartIce();
            MediaOffer fresh = camera.client.offer();
            HttpRequest.Ice stale = new HttpRequest.Ice("older", fresh.iceUfrag(), fresh.icePwd());
            assertInstanceOf(ShardAnswer.OtherIce.class, camera.ask(HttpUse.WHIP, stale));
            ShardAnswer answer = camera.ask(HttpUse.WHIP, new HttpRequest.Ice("*", fresh.iceUfrag(), fresh.icePwd()));
            ShardAnswer.IceRestarted restarted = assertInstanceOf(ShardAnswer.IceRestarted.class, answer);
            camera.client.onAnswer(call.now, restarted.answer(), new Route(camera.address, SimServer.ADDRESS));
            call.run(15 * SECOND);

            assertEquals(2, call.server.ufrags(), call::toString);
            assertEquals(List.of(), connections(call, "Ada"));
            CallSimulationTest.assertSmooth(call, ada.picture(), 4 * SECOND, 100 * MILLI);
        }
    }

    /** FFmpeg 8 offers to be passive, so that the handshake is the server's to begin. */
    @Test
    void beginsTheHandshakeWithAClientThatOnlyWaits() {
        try (SimCall call = new SimCall(70)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person ffmpeg =
                    call.join("FFmpeg", ClientPlan.publisher().waitingForHandshake(), GOOD.withLoss(0.05));
            ffmpeg.liveByMedia(HttpUse.WHIP, null);
            call.run(4 * SECOND);
            assertTrue(ffmpeg.client.connected(), call::toString);
            ada.view(360, ffmpeg);
            call.run(10 * SECOND);

            assertTrue(ada.picture().decoded().size() > 8 * 25, call::toString);
            assertEquals(List.of(), ada.faults(), call::toString);
        }
    }

    /** For a while, as speech goes: louder and softer. */
    private static void speak(SimCall call, SimCall.Person speaker, SimCall.Person listener) {
        listener.client.media().speak(127);
        for (int i = 0; i < 80; i++) {
            speaker.client.media().speak(i % 4 == 3 ? 80 : 25 + 7 * (i % 3));
            call.run(100 * MILLI);
        }
    }

    /** As an encoder that knows no header extensions and announces no SSRCs. */
    @Test
    void knowsStreamsByTheirPayloadTypesWhereNothingElseNamesThem() {
        try (SimCall call = new SimCall(71)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.USUAL, GOOD);
            SimCall.Person encoder =
                    call.join("Encoder", ClientPlan.publisher().withRemb(), GOOD, HttpSessionsTest::bare);
            encoder.liveByMedia(HttpUse.WHIP, null);
            call.run(2 * SECOND);
            ada.view(360, encoder);
            call.run(5 * SECOND);

            assertTrue(ada.picture().decoded().size() > 4 * 25, call::toString);
            assertTrue(slot(ada, false).packets().size() > 5 * 50, call::toString);
            assertEquals(null, call.server.drops().get(DropReason.UNBOUND_SSRC), call::toString);
        }
    }

    private static MediaOffer bare(MediaOffer offer) {
        List<MediaOffer.Section> sections = offer.sections().stream()
                .map(section -> new MediaOffer.Section(
                        section.mid(),
                        section.kind(),
                        section.sending(),
                        section.active(),
                        section.payloads(),
                        Map.of(),
                        List.of(),
                        List.of()))
                .toList();
        return new MediaOffer(offer.iceUfrag(), offer.icePwd(), offer.fingerprints(), sections);
    }

    private static SimCall.Person publisher(SimCall call) {
        SimCall.Person camera = call.join("Camera", ClientPlan.publisher(), GOOD);
        camera.liveByMedia(HttpUse.WHIP, null);
        return camera;
    }

    private static List<LeaveReason> departures(SimCall call, String listener) {
        return call.server.events(listener).stream()
                .filter(Event.ParticipantLeave.class::isInstance)
                .map(event -> ((Event.ParticipantLeave) event).reason())
                .toList();
    }

    private static List<String> connections(SimCall call, String listener) {
        return call.server.events(listener).stream()
                .filter(Event.ParticipantUpdate.class::isInstance)
                .map(event -> ((Event.ParticipantUpdate) event).connection())
                .toList();
    }

    private static int csrc(SimCall.Person person, Source source) {
        return (int) person.track(source).csrc();
    }

    private static Set<Integer> csrcs(SimCall.Person person, boolean video) {
        return slot(person, video).packets().stream().map(ReceivedPacket::csrc).collect(Collectors.toSet());
    }

    private static int last(SimCall.Person person, boolean video) {
        return slot(person, video).packets().getLast().csrc();
    }

    private static ReceivedSlot slot(SimCall.Person person, boolean video) {
        return person.client.slots().stream()
                .filter(slot -> slot.isVideo() == video)
                .findFirst()
                .orElseThrow();
    }
}
