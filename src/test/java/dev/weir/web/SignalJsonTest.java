package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.weir.cluster.Directory;
import dev.weir.rtp.MediaKind;
import dev.weir.signal.Capabilities;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignalJsonTest {
    private static final WebMetrics METRICS = new WebMetrics(new Directory("here", 1, 1));
    private static final Capabilities CAPABILITIES = new Capabilities(
            List.of("VP8"), new Capabilities.Slots(4, 9), new Capabilities.MaxDecode(1920, 1080, 12), "weir.js 0.1.0");

    static Stream<Arguments> events() {
        return Stream.of(
                Arguments.of("participant-join", new Event.ParticipantJoin("p2", "Grace", Role.GUEST, CAPABILITIES)),
                Arguments.of("participant-leave", new Event.ParticipantLeave("p2", LeaveReason.LOST)),
                Arguments.of("participant-update", new Event.ParticipantUpdate("p2", null, null, "lost", null)),
                Arguments.of(
                        "track-publish",
                        new Event.TrackPublish(new Snapshot.Track(
                                "p2", "t2", Source.SCREEN_AUDIO, false, 4_000_000_000L, "opus", List.of()))),
                Arguments.of("track-unpublish", new Event.TrackUnpublish("p2", "t2")),
                Arguments.of("track-mute", new Event.TrackMute("p2", "t2", true, false)),
                Arguments.of("speaker-change", new Event.SpeakerChange(Snapshot.Member.MAIN, "p2", 0.25)),
                Arguments.of(
                        "publish-layers",
                        new Event.PublishLayers(
                                "t1",
                                List.of(
                                        new Event.PublishLayers.Layer("q", true, 150_000),
                                        new Event.PublishLayers.Layer("h", false, 500_000)))),
                Arguments.of("publish-codec", new Event.PublishCodec("t1", "VP8")),
                Arguments.of("track-undecodable", new Event.TrackUndecodable("t2", "AV1")),
                Arguments.of("slot", new Event.SlotChange("5", "t2", "p2", "h", false)),
                Arguments.of("slot-empty", new Event.SlotChange("5", null, null, null, false)),
                Arguments.of("participant-update-main", new Event.ParticipantUpdate("p2", null, null, null, "")),
                Arguments.of("host-unmute-request", new Event.UnmuteRequest(MediaKind.AUDIO, "p1")),
                Arguments.of("waiting-request", new Event.WaitingRequest("p3", "Edith")),
                Arguments.of("waiting-leave", new Event.WaitingLeave("p3")),
                Arguments.of("waiting-denied", new Event.WaitingDenied()),
                Arguments.of(
                        "chat",
                        new Event.Chat(
                                "one", new Snapshot.ChatMessage("c1", "p2", "Grace", "Hello", "2026-11-01T12:00:00Z"))),
                Arguments.of("hand", new Event.Hand("p2", true, List.of("p3", "p2"))),
                Arguments.of("reaction", new Event.Reaction("one", "p2", "👏")),
                Arguments.of(
                        "breakout-opened",
                        new Event.BreakoutOpened(new Snapshot.Breakouts(
                                List.of(new Snapshot.Breakout("one", List.of("p2"))), "2026-11-01T12:10:00Z"))),
                Arguments.of("breakout-assigned", new Event.BreakoutAssigned("one", List.of(), null)),
                Arguments.of("breakout-message", new Event.BreakoutMessage("p1", "Ada", "Two minutes left")),
                Arguments.of("breakout-closing", new Event.BreakoutClosing(10_000)),
                Arguments.of("breakout-closed", new Event.BreakoutClosed()),
                Arguments.of("room-end", new Event.RoomEnd(LeaveReason.ENDED)));
    }

    @ParameterizedTest
    @MethodSource("events")
    void writesEventsLikeTheirExamples(String example, Event event) {
        JsonNode expected = Examples.json("events/" + example);
        JsonNode written = Examples.parse(
                new SharedTexts(METRICS).event(expected.path("seq").asLong(), event));
        assertEquals(expected, written);
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of(
                        "join",
                        new ClientMessage.Join(
                                "Ada",
                                new Capabilities(
                                        List.of("VP8", "H264", "VP9", "AV1"),
                                        new Capabilities.Slots(4, 9),
                                        new Capabilities.MaxDecode(1920, 1080, 12),
                                        "weir.js 0.1.0"),
                                Optional.empty())),
                Arguments.of(
                        "join-resume",
                        new ClientMessage.Join(
                                "Ada",
                                new Capabilities(
                                        List.of("VP8"),
                                        new Capabilities.Slots(4, 9),
                                        new Capabilities.MaxDecode(0, 0, 0),
                                        "weir.js 0.1.0"),
                                Optional.of(new ShardRequest.Resume("node-1.c2VjcmV0", 41)))),
                Arguments.of(
                        "offer",
                        new ClientMessage.Offer(
                                "v=0\r\n",
                                List.of(
                                        new ClientMessage.Declaration("0", MediaKind.AUDIO, Source.MICROPHONE),
                                        new ClientMessage.Declaration("1", MediaKind.VIDEO, Source.CAMERA)))),
                Arguments.of("candidate", new ClientMessage.Candidate()),
                Arguments.of("candidate-end", new ClientMessage.Candidate()),
                Arguments.of(
                        "view",
                        new ClientMessage.Ask(new Request.View(
                                List.of(
                                        new Request.Tile("t1", 1280, 720, true),
                                        new Request.Tile("t2", 321, 180, false)),
                                false,
                                List.of("p7")))),
                Arguments.of("mute", new ClientMessage.Ask(new Request.Mute("t1", true))),
                Arguments.of("unpublish", new ClientMessage.Ask(new Request.Unpublish("t1"))),
                Arguments.of("quality", new ClientMessage.Ask(new Request.Quality(true, 42, 7, 0.015, 0.25, 1.5))),
                asking("chat", new RoomRequest.Chat("Hello")),
                asking("hand", new RoomRequest.Hand(true)),
                asking("reaction", new RoomRequest.Reaction("👏")),
                asking("host-admit", new RoomRequest.Admit(Optional.of("p3"))),
                asking("host-admit-all", new RoomRequest.Admit(Optional.empty())),
                asking("host-deny", new RoomRequest.Deny("p3")),
                asking("host-remove", new RoomRequest.Remove("p3")),
                asking("host-promote", new RoomRequest.Promote("p3", Role.COHOST)),
                asking("host-mute", new RoomRequest.HostMute(Optional.empty(), MediaKind.AUDIO, true)),
                asking("host-unmute", new RoomRequest.HostMute(Optional.of("p3"), MediaKind.VIDEO, false)),
                asking("host-lock", new RoomRequest.Lock(true)),
                asking("host-end", new RoomRequest.End()),
                asking(
                        "breakout-open",
                        new RoomRequest.OpenBreakouts(
                                List.of(
                                        new RoomRequest.OpenBreakouts.Breakout("one", Optional.of(List.of("p2"))),
                                        new RoomRequest.OpenBreakouts.Breakout("two", Optional.empty())),
                                600_000)),
                asking("breakout-move", new RoomRequest.MoveToBreakout("p2", Optional.of("two"))),
                asking("breakout-return", new RoomRequest.MoveToBreakout("p2", Optional.empty())),
                asking("breakout-broadcast", new RoomRequest.Broadcast("Two minutes left")),
                asking("breakout-close", new RoomRequest.CloseBreakouts(10_000)),
                Arguments.of("ping", new ClientMessage.Ping()),
                Arguments.of("leave", new ClientMessage.Ask(new Request.Leave())));
    }

    private static Arguments asking(String example, RoomRequest request) {
        return Arguments.of(example, new ClientMessage.Ask(request));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readsRequestsLikeTheirExamples(String example, ClientMessage expected) {
        var reading = MessageReader.read(Examples.text("requests/" + example));
        var read = assertInstanceOf(MessageReader.Reading.Read.class, reading);
        assertEquals(expected, read.message());
        assertEquals(Examples.json("requests/" + example).path("id"), read.id());
    }

    @Test
    void writesAnswersLikeTheirExamples() {
        var iceServers = new IceServers(
                List.of(
                        new WebConfig.IceServer(
                                List.of("stun:stun.example.org:3478"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                0),
                        new WebConfig.IceServer(
                                List.of("turn:turn.example.org:3478"),
                                Optional.of("ada"),
                                Optional.of("lovelace"),
                                Optional.empty(),
                                0)),
                Clock.systemUTC());
        var snapshot = new Snapshot(
                RoomOptions.defaults("all-hands"),
                List.of(new Snapshot.Member("p2", "Grace", Role.GUEST, CAPABILITIES, false, "ok", null)),
                List.of(new Snapshot.Track(
                        "p2", "t2", Source.CAMERA, false, 4_000_000_000L, "VP8", List.of("q", "h", "f"))),
                null,
                List.of(new Snapshot.Slot("5", null)),
                List.of(new Snapshot.ChatMessage("c1", "p2", "Grace", "Hello", "2026-11-01T12:00:00Z")),
                List.of(),
                Snapshot.Recording.OFF,
                List.of(),
                null);
        var urls = List.of("https://weir.example.org");
        var joined = new ShardAnswer.Joined("s", "p1", Role.HOST, "sfu", "node-0.c2VjcmV0", false, 7, snapshot);
        var resumed = new ShardAnswer.Joined("s", "p1", Role.HOST, "sfu", "node-0.bmV4dA", true, 41, snapshot);
        var texts = new SharedTexts(METRICS);
        var tracks = List.of(new ShardAnswer.TrackId("0", "t3"), new ShardAnswer.TrackId("1", "t4"));

        assertExample(
                "join", SignalJson.ok(id("1"), SignalJson.joined(joined, iceServers.forSession("p1"), urls, texts)));
        assertExample(
                "join-resumed", SignalJson.ok(id("1"), SignalJson.joined(resumed, SignalJson.array(), urls, texts)));
        assertExample("offer", SignalJson.ok(id("2"), SignalJson.answered("v=0\r\n", tracks)));
        assertExample("ok", SignalJson.ok(id("8"), SignalJson.object()));
        assertExample(
                "error",
                SignalJson.error(Optional.of(id("2")), ErrorCode.CONFLICT, "The first request has to be a join."));
    }

    private static TextNode id(String id) {
        return TextNode.valueOf(id);
    }

    private static void assertExample(String example, JsonNode written) {
        assertEquals(Examples.json("answers/" + example), Examples.parse(written.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "null",
                "42",
                "\"join\"",
                "{",
                "{} {}",
                "{}",
                "{\"type\":\"ping\"}",
                "{\"id\":\"1\"}",
                "{\"id\":\"1\",\"type\":7}",
                "{\"id\":{},\"type\":\"ping\"}",
                "{\"id\":\"1\",\"type\":\"fly\"}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"Ada\"}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"Ada\",\"protocol\":2}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":7,\"protocol\":1}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"  \",\"protocol\":1}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"a\\u0007b\",\"protocol\":1}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"a\\u202eb\",\"protocol\":1}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"a\\ud800\",\"protocol\":1}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"Ada\",\"protocol\":1,\"capabilities\":[]}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"Ada\",\"protocol\":1,\"capabilities\":{\"codecs\":[7]}}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"Ada\",\"protocol\":1,"
                        + "\"capabilities\":{\"slots\":{\"video\":-1}}}",
                "{\"id\":\"1\",\"type\":\"join\",\"name\":\"Ada\",\"protocol\":1,\"resume\":{\"token\":\"node-0.x\"}}",
                "{\"id\":\"1\",\"type\":\"offer\"}",
                "{\"id\":\"1\",\"type\":\"offer\",\"sdp\":\"v=0\",\"tracks\":{}}",
                "{\"id\":\"1\",\"type\":\"offer\",\"sdp\":\"v=0\",\"tracks\":[7]}",
                "{\"id\":\"1\",\"type\":\"offer\",\"sdp\":\"v=0\","
                        + "\"tracks\":[{\"mid\":\"0\",\"kind\":\"video\",\"source\":\"window\"}]}",
                "{\"id\":\"1\",\"type\":\"candidate\"}",
                "{\"id\":\"1\",\"type\":\"candidate\",\"candidate\":7}",
                "{\"id\":\"1\",\"type\":\"view\",\"tiles\":[{\"trackId\":\"t\",\"width\":-1,\"height\":1}]}",
                "{\"id\":\"1\",\"type\":\"view\",\"tiles\":[{\"trackId\":\"t\",\"width\":1,\"height\":16385}]}",
                "{\"id\":\"1\",\"type\":\"view\",\"audioOnly\":\"yes\"}",
                "{\"id\":\"1\",\"type\":\"mute\",\"trackId\":\"t\"}",
                "{\"id\":\"1\",\"type\":\"mute\",\"trackId\":\"\",\"muted\":true}",
                "{\"id\":\"1\",\"type\":\"unpublish\"}",
                "{\"id\":\"1\",\"type\":\"chat\",\"text\":\" \"}",
                "{\"id\":\"1\",\"type\":\"reaction\",\"emoji\":\"\\u0007\"}",
                "{\"id\":\"1\",\"type\":\"hand\"}",
                "{\"id\":\"1\",\"type\":\"host:admit\"}",
                "{\"id\":\"1\",\"type\":\"host:admit\",\"all\":true,\"participantId\":\"p\"}",
                "{\"id\":\"1\",\"type\":\"host:promote\",\"participantId\":\"p\",\"role\":\"king\"}",
                "{\"id\":\"1\",\"type\":\"host:mute\",\"all\":true,\"kind\":\"smell\"}",
                "{\"id\":\"1\",\"type\":\"host:lock\"}",
                "{\"id\":\"1\",\"type\":\"breakout:open\",\"rooms\":[{}]}",
                "{\"id\":\"1\",\"type\":\"breakout:open\",\"rooms\":[{\"name\":\"one\",\"participants\":7}]}",
                "{\"id\":\"1\",\"type\":\"breakout:close\",\"countdownMs\":-1}",
                "{\"id\":\"1\",\"type\":\"quality\",\"cpuLimited\":1}",
                "{\"id\":\"1\",\"type\":\"quality\",\"lossIn\":1.5}",
                "{\"id\":\"1\",\"type\":\"quality\",\"decodeLoad\":\"much\"}",
                "{\"id\":\"1\",\"type\":\"quality\",\"rttMs\":-1}"
            })
    void refusesBadInputWithACodeAndASentence(String text) {
        var unreadable = assertInstanceOf(MessageReader.Reading.Unreadable.class, MessageReader.read(text));
        assertEquals(ErrorCode.BAD_REQUEST, unreadable.code());
        assertTrue(unreadable.sentence().endsWith("."), unreadable.sentence());
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal", "switched", "record:start", "record:stop", "e2ee:key"})
    void saysWhatItDoesNotDoYet(String type) {
        var reading = MessageReader.read("{\"type\":\"%s\",\"id\":\"1\"}".formatted(type));
        assertEquals(
                ErrorCode.NOT_IMPLEMENTED,
                assertInstanceOf(MessageReader.Reading.Unreadable.class, reading)
                        .code());
    }

    @ParameterizedTest
    @CsvSource({"4096,true", "4097,false", "4094,true"})
    void limitsAChatMessageInBytes(int bytes, boolean fits) {
        String text = "€" + "x".repeat(bytes - 3);
        String message = "{\"type\":\"chat\",\"id\":\"1\",\"text\":\"" + text + "\"}";
        assertEquals(fits, MessageReader.read(message) instanceof MessageReader.Reading.Read);
    }

    @ParameterizedTest
    @CsvSource({"200,true", "201,false"})
    void limitsTheTilesOfAView(int tiles, boolean fits) {
        String tile = "{\"trackId\":\"t\",\"width\":1,\"height\":1}";
        String text = "{\"type\":\"view\",\"id\":\"1\",\"tiles\":[" + String.join(",", Collections.nCopies(tiles, tile))
                + "]}";
        assertEquals(fits, MessageReader.read(text) instanceof MessageReader.Reading.Read);
    }

    @Test
    void ignoresUnknownFieldsAndTakesIdsThatAreNumbers() {
        var reading = MessageReader.read("{\"type\":\"ping\",\"id\":17,\"more\":[1,2]}");
        assertEquals(
                17,
                assertInstanceOf(MessageReader.Reading.Read.class, reading).id().intValue());
    }

    @Test
    void countsADisplayNameInCharacters() {
        assertTrue(Names.isDisplayName("👩‍🔬".repeat(20)));
        assertTrue(!Names.isDisplayName("x".repeat(81)));
        assertTrue(Names.isDisplayName("Иван Ω 李"));
    }

    @Test
    void answersGarbageWithAValue() {
        Random random = new Random(7);
        for (Arguments request : requests().toList()) {
            byte[] bytes = Examples.text("requests/" + request.get()[0]).getBytes(StandardCharsets.UTF_8);
            for (int round = 0; round < 300; round++) {
                byte[] bent = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
                bent[random.nextInt(bent.length)] ^= (byte) (1 << random.nextInt(8));
                MessageReader.read(new String(bent, StandardCharsets.UTF_8));
            }
        }
    }
}
