package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.signal.CloseCode;
import dev.weir.signal.Request;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Source;
import dev.weir.signal.ToSocket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketSessionTest {
    private static final String MICROPHONE = "{\"mid\":\"0\",\"kind\":\"audio\",\"source\":\"microphone\"}";
    private static final String CAMERA = "{\"mid\":\"1\",\"kind\":\"video\",\"source\":\"camera\"}";
    private static final String SENDING =
            OfferText.of("audio sendonly", "video sendonly", "video recvonly", "audio inactive");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"offer\",\"id\":\"x\",\"sdp\":\"v=0\"}",
                "{\"type\":\"candidate\",\"id\":\"x\",\"candidate\":null}",
                "{\"type\":\"view\",\"id\":\"x\"}",
                "{\"type\":\"mute\",\"id\":\"x\",\"trackId\":\"t\",\"muted\":true}",
                "{\"type\":\"leave\",\"id\":\"x\"}"
            })
    void wantsAJoinFirst(String request) throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.connect("/ws/lab");
            socket.send(request);
            assertEquals("x", socket.nextError("conflict").path("id").asText());
            socket.assertOpen();
        }
    }

    @Test
    void staysOpenAfterBadInput() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            socket.send(TestSocket.JOIN);
            socket.nextError("conflict");
            for (String bad : List.of("nonsense", "[]", "{}", "{\"type\":\"fly\",\"id\":\"1\"}")) {
                socket.send(bad);
                socket.nextError("badRequest");
            }
            socket.sendBinary(new byte[] {1, 2, 3});
            socket.nextError("badRequest");
            socket.send("{\"type\":\"signal\",\"id\":\"1\",\"to\":\"p2\"}");
            socket.nextError("notImplemented");
            socket.assertOpen();
        }
    }

    @Test
    void closesOnlyTheSocketOfAnOversizedMessage() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket other = server.join("lab");
            TestSocket frame = server.join("lab");
            frame.send("x".repeat(SocketLimits.MESSAGE_BYTES + 1));
            assertTrue(frame.closeCode() > 0);

            TestSocket fragments = server.join("lab");
            String half = "x".repeat(SocketLimits.MESSAGE_BYTES - 10);
            fragments.socket.writeFrame(WebSocketFrame.textFrame(half, false));
            fragments.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(half), true));
            assertEquals(1009, fragments.closeCode());
            other.assertOpen();
        }
    }

    @Test
    void takesAMessageJustWithinTheLimit() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            String frame = "{\"type\":\"ping\",\"id\":\"1\",\"padding\":\"\"}";
            socket.send(frame.replace("\"\"", '"' + "x".repeat(SocketLimits.MESSAGE_BYTES - frame.length()) + '"'));
            socket.nextOk();
        }
    }

    @Test
    void keepsRequestsInOrderWhileOneWaits() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            FakeShard shard = server.shardOf("lab");
            Promise<ShardAnswer> late = Promise.promise();
            shard.instead = request ->
                    request instanceof ShardRequest.Offer offer ? late.future().map(_ -> shard.usual(offer)) : null;
            socket.send(OfferText.request(SENDING, MICROPHONE + "," + CAMERA));
            socket.send("{\"type\":\"mute\",\"id\":\"m\",\"trackId\":\"t0\",\"muted\":true}");
            socket.assertOpen();
            shard.next(ShardRequest.Offer.class);
            late.complete(new ShardAnswer.Done());

            assertEquals("o", socket.nextOk().path("id").asText());
            assertEquals("m", socket.nextOk().path("id").asText());
            assertEquals(
                    new Request.Mute("t0", true),
                    shard.next(ShardRequest.Ask.class).request());
        }
    }

    @Test
    void saysSoWhenAShardDoesNotAnswer() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            server.shardOf("lab").instead = _ -> Future.failedFuture("broken");
            socket.send("{\"type\":\"view\",\"id\":\"v\"}");
            socket.nextError("unavailable");
            socket.assertOpen();
        }
    }

    // Offers.

    @Test
    void negotiatesAnOffer() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            socket.send(OfferText.request(SENDING, MICROPHONE + "," + CAMERA));
            JsonNode first = socket.nextOk();
            socket.send(OfferText.request(SENDING, MICROPHONE + "," + CAMERA));
            JsonNode second = socket.nextOk();

            assertEquals("t0", first.path("tracks").path(0).path("trackId").asText());
            assertEquals("1", first.path("tracks").path(1).path("mid").asText());
            assertTrue(first.path("sdp").asText().contains("a=ice-ufrag:ours\r\n"));
            assertTrue(versionOf(second) > versionOf(first));
            ShardRequest.Offer offer = server.shardOf("lab").next(ShardRequest.Offer.class);
            assertEquals(4, offer.offer().sections().size());
            assertEquals(
                    List.of(
                            new ShardRequest.TrackDeclaration("0", Source.MICROPHONE),
                            new ShardRequest.TrackDeclaration("1", Source.CAMERA)),
                    offer.tracks());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chromium-156-offer", "firefox-153-offer"})
    void answersWhatBrowsersOffer(String recording) throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            socket.send(OfferText.request(OfferText.recorded(recording), MICROPHONE + "," + CAMERA));
            assertEquals(2, socket.nextOk().path("tracks").size());
        }
    }

    @Test
    void answersAnUntrimmedOfferOfThreeAudioAndFiftyVideoSlots() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            String offer = OfferText.withSlots(OfferText.recorded("chromium-156-offer"), 3, 50);
            assertTrue(offer.length() > 200_000, () -> "" + offer.length());
            socket.send(OfferText.request(offer, MICROPHONE + "," + CAMERA));
            String answer = socket.nextOk().path("sdp").asText();
            assertEquals(
                    55, answer.lines().filter(line -> line.startsWith("m=")).count());
            assertEquals(
                    55,
                    server.shardOf("lab")
                            .next(ShardRequest.Offer.class)
                            .offer()
                            .sections()
                            .size());
        }
    }

    private static long versionOf(JsonNode answer) {
        String origin = answer.path("sdp")
                .asText()
                .lines()
                .filter(line -> line.startsWith("o="))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(origin.split(" ")[2]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MICROPHONE,
                MICROPHONE + "," + CAMERA + "," + CAMERA,
                MICROPHONE + ",{\"mid\":\"1\",\"kind\":\"audio\",\"source\":\"screenAudio\"}",
                MICROPHONE + ",{\"mid\":\"1\",\"kind\":\"video\",\"source\":\"microphone\"}",
                MICROPHONE + "," + CAMERA + ",{\"mid\":\"2\",\"kind\":\"video\",\"source\":\"screen\"}",
                MICROPHONE + "," + CAMERA + ",{\"mid\":\"3\",\"kind\":\"audio\",\"source\":\"screenAudio\"}",
                MICROPHONE + "," + CAMERA + ",{\"mid\":\"9\",\"kind\":\"video\",\"source\":\"screen\"}"
            })
    void refusesOffersWhoseTracksDoNotFit(String tracks) throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            socket.send(OfferText.request(SENDING, tracks));
            socket.nextError("badRequest");
            socket.assertOpen();
        }
    }

    @Test
    void refusesOneSourceTwiceAndBadDescriptions() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            socket.send(OfferText.request(
                    OfferText.of("audio sendonly", "audio sendonly"),
                    MICROPHONE + ",{\"mid\":\"1\",\"kind\":\"audio\",\"source\":\"microphone\"}"));
            assertTrue(socket.nextError("badRequest").path("message").asText().contains("twice"));
            socket.send(OfferText.request(SENDING.replace("fingerprint", "thumbprint"), ""));
            assertTrue(socket.nextError("badRequest").path("message").asText().contains("fingerprint"));
            socket.assertOpen();
        }
    }

    // The waiting room.

    @Test
    void givesWhoWaitsNothingUntilTheWholeAnswerComesAsAnEvent() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = server.shardOf("lab");
            shard.instead = request -> request instanceof ShardRequest.Join
                    ? Future.succeededFuture(new ShardAnswer.Waiting("session", "p1", "0.token", 0))
                    : null;
            TestSocket socket = server.connect("/ws/lab");
            socket.send(TestSocket.JOIN);
            JsonNode waiting = socket.nextOk();
            assertEquals(
                    Set.of("type", "id", "waiting", "participantId", "resume", "seq"),
                    Set.copyOf(waiting.propertyStream().map(Map.Entry::getKey).toList()));

            ShardRequest.Join join = shard.next(ShardRequest.Join.class);
            server.tell(join.socketId(), new ToSocket.Admitted(7, shard.joined(join)));
            JsonNode admitted = socket.next();
            assertEquals("waiting:admitted", admitted.path("type").asText());
            assertEquals(7, admitted.path("seq").asInt());
            assertEquals("host", admitted.path("role").asText());
            assertEquals(1, admitted.path("snapshot").path("participants").size());
            socket.send("{\"type\":\"chat\",\"id\":\"c\",\"text\":\"hello\"}");
            socket.nextOk();
            ShardRequest.Ask ask = shard.next(ShardRequest.Ask.class);
            assertEquals(new RoomRequest.Chat("hello"), ask.request());
            assertEquals("session", ask.sessionId());
        }
    }

    // Leaving.

    @Test
    void closesAfterALeave() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            socket.send("{\"type\":\"leave\",\"id\":\"l\"}");
            assertEquals("l", socket.nextOk().path("id").asText());
            assertEquals(1000, socket.closeCode());
            ShardRequest.SocketGone gone = server.shardOf("lab").next(ShardRequest.SocketGone.class);
            assertEquals(1000, gone.closeCode());
        }
    }

    @Test
    void tellsTheShardHowASocketWent() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = server.shardOf("lab");
            TestSocket polite = server.join("lab");
            String socketId = shard.next(ShardRequest.Join.class).socketId();
            polite.socket.close((short) 1001);
            ShardRequest.SocketGone gone = shard.next(ShardRequest.SocketGone.class);
            assertEquals(1001, gone.closeCode());
            assertEquals(socketId, gone.socketId());
            assertEquals(shard == server.shards.get(0) ? "session-0" : "session-1", gone.sessionId());

            RawSocket abrupt = RawSocket.open(server.port(), "/ws/lab");
            abrupt.send(TestSocket.JOIN);
            shard.next(ShardRequest.Join.class);
            abrupt.close();
            assertEquals(1006, shard.next(ShardRequest.SocketGone.class).closeCode());
        }
    }

    @Test
    void tellsTheShardOfASocketThatWentBeforeItsJoinWasAnswered() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = server.shardOf("lab");
            Promise<ShardAnswer> late = Promise.promise();
            shard.instead = request ->
                    request instanceof ShardRequest.Join join ? late.future().map(_ -> shard.joined(join)) : null;
            RawSocket socket = RawSocket.open(server.port(), "/ws/lab");
            socket.send(TestSocket.JOIN);
            shard.next(ShardRequest.Join.class);
            socket.close();
            server.vertx.setTimer(300, _ -> late.complete(new ShardAnswer.Done()));
            assertEquals(1006, shard.next(ShardRequest.SocketGone.class).closeCode());
        }
    }

    @Test
    void closesWithTheCodeThatTheSessionGives() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            String socketId =
                    server.shardOf("lab").next(ShardRequest.Join.class).socketId();
            server.tell(socketId, new ToSocket.Close(CloseCode.REPLACED, "a newer socket"));
            assertEquals(4001, socket.closeCode());
        }
    }

    @Test
    void closesAllSocketsWhenTheServerStops() throws Exception {
        TestServer server = new TestServer();
        List<TestSocket> sockets = List.of(server.join("a"), server.join("a"), server.join("b"));
        server.close();
        for (TestSocket socket : sockets) {
            assertEquals(1001, socket.closeCode());
        }
        assertThrows(ConnectException.class, () -> server.http().get("/healthz"));
    }
}
