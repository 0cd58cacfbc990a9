package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.rtp.Codec;
import dev.weir.signal.CloseCode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Source;
import dev.weir.signal.ToSocket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketSessionTest {
    private static final String OFFER = "{\"type\":\"offer\",\"id\":\"o\",\"sdp\":\"%s\",\"tracks\":[%s]}";
    private static final String MICROPHONE = "{\"mid\":\"0\",\"kind\":\"audio\",\"source\":\"microphone\"}";
    private static final String CAMERA = "{\"mid\":\"1\",\"kind\":\"video\",\"source\":\"camera\"}";
    private static final String SENDING = "0 audio send\\n1 video send\\n2 video recv\\n3 audio inactive";

    /** Where the room's people are to sit, so where the fake shard hears of them. */
    private static FakeShard shardOf(TestServer server, String room) throws Exception {
        return server.shards.get(TestServer.await(server.directory.findOrCreate(room))
                .orElseThrow()
                .mediaShard());
    }

    // Joining.

    @Test
    void joinsARoomAtItsPlace() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.connect("/ws/lab");
            socket.send(Examples.text("requests/join"));
            JsonNode answer = socket.nextOk();

            assertEquals("1", answer.path("id").asText());
            assertEquals("p1", answer.path("participantId").asText());
            assertEquals("host", answer.path("role").asText());
            assertEquals("sfu", answer.path("mode").asText());
            assertFalse(answer.path("resumed").asBoolean(true));
            assertEquals(7, answer.path("seq").asInt());
            assertEquals(
                    "lab", answer.path("snapshot").path("room").path("name").asText());
            assertTrue(answer.path("snapshot").path("speaker").isNull());
            assertEquals(
                    "http://127.0.0.1:" + server.port(),
                    answer.path("urls").path(0).asText());

            ShardRequest.Join join = shardOf(server, "lab").next(ShardRequest.Join.class);
            assertEquals("Ada", join.displayName());
            assertEquals(Identity.OPEN, join.identity());
            assertEquals(RoomOptions.defaults("lab"), join.options());
            assertEquals("lab", join.place().room());
            assertEquals(9, join.capabilities().slots().video());
            assertNull(join.resume());
        }
    }

    @Test
    void writesEventsAfterTheAnswerThatTheyBelongTo() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = shardOf(server, "lab");
            Promise<ShardAnswer> late = Promise.promise();
            shard.instead = request -> {
                if (!(request instanceof ShardRequest.Join join)) {
                    return null;
                }
                for (int seq = 8; seq < 11; seq++) {
                    deliver(server, join.socketId(), seq);
                }
                server.vertx.setTimer(200, _ -> {
                    late.complete(shard.joined(join));
                    deliver(server, join.socketId(), 11);
                });
                return late.future();
            };
            TestSocket socket = server.connect("/ws/lab");
            socket.send(TestSocket.JOIN);

            socket.nextOk();
            for (int seq = 8; seq < 12; seq++) {
                JsonNode event = socket.next();
                assertEquals("participant:leave", event.path("type").asText());
                assertEquals(seq, event.path("seq").asInt());
            }
        }
    }

    private static void deliver(TestServer server, String socketId, long seq) {
        server.bus.toSocket(socketId, new ToSocket.Deliver(seq, new Event.ParticipantLeave("p9", LeaveReason.LEFT)));
    }

    @Test
    void looksUpOnceMoreWhenTheRoomHasMoved() throws Exception {
        try (TestServer server = new TestServer()) {
            int first = TestServer.await(server.directory.findOrCreate("lab"))
                    .orElseThrow()
                    .mediaShard();
            server.shards.get(first).instead = request -> {
                server.directory.find("lab").result().ifPresent(place -> server.directory.remove("lab", place.epoch()));
                server.directory.addLoad(first, 5);
                server.shards.get(first).instead = _ -> null;
                return Future.succeededFuture(new ShardAnswer.Moved());
            };
            server.join("lab");
            server.shards.get(1 - first).next(ShardRequest.Join.class);
        }
    }

    @Test
    void givesUpOnARoomThatKeepsMoving() throws Exception {
        try (TestServer server = new TestServer()) {
            shardOf(server, "lab").instead = _ -> Future.succeededFuture(new ShardAnswer.Moved());
            TestSocket socket = server.connect("/ws/lab");
            socket.send(TestSocket.JOIN);
            socket.nextError("unavailable");
            socket.assertOpen();
        }
    }

    @Test
    void asksTheShardOfTheSessionFirstWhenItResumes() throws Exception {
        try (TestServer server = new TestServer()) {
            int media = TestServer.await(server.directory.findOrCreate("lab"))
                    .orElseThrow()
                    .mediaShard();
            FakeShard other = server.shards.get(1 - media);
            TestSocket socket = server.connect("/ws/lab");
            socket.send(resume((1 - media) + ".secret"));

            JsonNode answer = socket.nextOk();
            assertTrue(answer.path("resumed").asBoolean());
            assertFalse(answer.has("snapshot"));
            ShardRequest.Join join = other.next(ShardRequest.Join.class);
            assertEquals(new ShardRequest.Resume((1 - media) + ".secret", 41), join.resume());
            assertEquals(1 - media, join.place().mediaShard());

            socket.send("{\"type\":\"unpublish\",\"id\":\"u\",\"trackId\":\"t1\"}");
            socket.nextOk();
            assertEquals(
                    new Request.Unpublish("t1"),
                    other.next(ShardRequest.Ask.class).request());
        }
    }

    @Test
    void goesWhereTheDirectorySaysWhenTheSessionIsGone() throws Exception {
        try (TestServer server = new TestServer()) {
            int media = TestServer.await(server.directory.findOrCreate("lab"))
                    .orElseThrow()
                    .mediaShard();
            server.shards.get(1 - media).instead = _ -> Future.succeededFuture(new ShardAnswer.Moved());
            TestSocket socket = server.connect("/ws/lab");
            socket.send(resume((1 - media) + ".secret"));
            socket.nextOk();
            server.shards.get(media).next(ShardRequest.Join.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.secret", "-1.secret", "99999999999.secret", ".secret", "secret", "x.secret"})
    void takesAForgedTokenToTheRoomsOwnShard(String token) throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.connect("/ws/lab");
            socket.send(resume(token));
            socket.nextOk();
            shardOf(server, "lab").next(ShardRequest.Join.class);
        }
    }

    private static String resume(String token) {
        return "{\"type\":\"join\",\"id\":\"j\",\"name\":\"Ada\",\"protocol\":1,\"resume\":{\"token\":\"%s\",\"seq\":41}}"
                .formatted(token);
    }

    @Test
    void refusesARoomTooManyAndLetsTheSocketTryAgain() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, TestServer.PATIENT, 1)) {
            server.join("one");
            TestSocket socket = server.connect("/ws/two");
            socket.send(TestSocket.JOIN);
            socket.nextError("roomLimit");

            var place = TestServer.await(server.directory.find("one")).orElseThrow();
            server.directory.remove("one", place.epoch());
            socket.send(TestSocket.JOIN);
            socket.nextOk();
        }
    }

    @Test
    void takesNoNewRoomsWhileItDrains() throws Exception {
        try (TestServer server = new TestServer()) {
            server.join("old");
            server.draining.set(true);
            TestSocket socket = server.connect("/ws/new");
            socket.send(TestSocket.JOIN);
            socket.nextError("unavailable");
            server.join("old");
        }
    }

    @Test
    void passesOnWhatTheShardRefuses() throws Exception {
        try (TestServer server = new TestServer()) {
            shardOf(server, "lab").instead =
                    _ -> Future.succeededFuture(new ShardAnswer.Refused(ErrorCode.ROOM_FULL, "The room is full."));
            TestSocket socket = server.connect("/ws/lab");
            socket.send(TestSocket.JOIN);
            assertEquals(
                    "The room is full.",
                    socket.nextError("roomFull").path("message").asText());
            socket.assertOpen();
        }
    }

    @Test
    void makesTurnCredentialsForEachSession() throws Exception {
        WebConfig open = TestServer.OPEN;
        WebConfig withTurn = new WebConfig(
                open.host(),
                0,
                open.publicHosts(),
                open.allowOrigins(),
                open.trustedProxies(),
                open.tls(),
                open.authSecret(),
                true,
                List.of(new WebConfig.IceServer(
                        List.of("turn:turn.example.org"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("turnsecret"),
                        3600)),
                1,
                open.ownAddresses(),
                open.version());
        try (TestServer server = new TestServer(withTurn)) {
            TestSocket socket = server.connect("/ws/lab");
            socket.send(TestSocket.JOIN);
            JsonNode ice = socket.nextOk().path("iceServers").path(0);

            assertEquals("turn:turn.example.org", ice.path("urls").path(0).asText());
            assertFalse(ice.has("secret"));
            String username = ice.path("username").asText();
            assertTrue(username.endsWith(":p1"));
            long expiry = Long.parseLong(username.substring(0, username.indexOf(':')));
            long ahead = expiry - Instant.now().getEpochSecond();
            assertTrue(ahead > 3500 && ahead <= 3600, () -> "" + ahead);
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec("turnsecret".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            assertEquals(
                    Base64.getEncoder().encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8))),
                    ice.path("credential").asText());
        }
    }

    // Order and bad input.

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
            socket.send("{\"type\":\"chat\",\"id\":\"1\",\"text\":\"hello\"}");
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
            assertTrue(fragments.closeCode() > 0);
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
            FakeShard shard = shardOf(server, "lab");
            Promise<ShardAnswer> late = Promise.promise();
            shard.instead = request ->
                    request instanceof ShardRequest.Offer offer ? late.future().map(_ -> shard.usual(offer)) : null;
            socket.send(OFFER.formatted(SENDING, MICROPHONE + "," + CAMERA));
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
            shardOf(server, "lab").instead = _ -> Future.failedFuture("broken");
            socket.send("{\"type\":\"view\",\"id\":\"v\"}");
            socket.nextError("unavailable");
            socket.assertOpen();
        }
    }

    // Offers.

    @Test
    void negotiatesAnOfferOffTheEventLoop() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            socket.send(OFFER.formatted(SENDING, MICROPHONE + "," + CAMERA));
            JsonNode first = socket.nextOk();
            socket.send(OFFER.formatted(SENDING, MICROPHONE + "," + CAMERA));
            JsonNode second = socket.nextOk();

            assertEquals("t0", first.path("tracks").path(0).path("trackId").asText());
            assertEquals("1", first.path("tracks").path(1).path("mid").asText());
            assertTrue(first.path("sdp").asText().startsWith("ours "));
            assertTrue(versionOf(second) > versionOf(first));
            assertFalse(server.negotiator.thread.contains("eventloop"), server.negotiator.thread);
            assertEquals(List.of(Codec.VP8, Codec.H264, Codec.VP9, Codec.AV1), server.negotiator.codecs);
            ShardRequest.Offer offer = shardOf(server, "lab").next(ShardRequest.Offer.class);
            assertEquals(4, offer.offer().sections().size());
            assertEquals(
                    List.of(
                            new ShardRequest.TrackDeclaration("0", Source.MICROPHONE),
                            new ShardRequest.TrackDeclaration("1", Source.CAMERA)),
                    offer.tracks());
        }
    }

    private static long versionOf(JsonNode answer) {
        return Long.parseLong(answer.path("sdp").asText().substring("ours ".length()));
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
            socket.send(OFFER.formatted(SENDING, tracks));
            socket.nextError("badRequest");
            socket.assertOpen();
        }
    }

    @Test
    void refusesOneSourceTwiceAndBadDescriptions() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            socket.send(OFFER.formatted(
                    "0 audio send\\n4 audio send",
                    MICROPHONE + ",{\"mid\":\"4\",\"kind\":\"audio\",\"source\":\"microphone\"}"));
            assertTrue(socket.nextError("badRequest").path("message").asText().contains("twice"));
            socket.send(OFFER.formatted("bad", ""));
            assertTrue(socket.nextError("badRequest").path("message").asText().contains("fingerprint"));
            socket.assertOpen();
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
            ShardRequest.SocketGone gone = shardOf(server, "lab").next(ShardRequest.SocketGone.class);
            assertEquals(1000, gone.closeCode());
        }
    }

    @Test
    void tellsTheShardHowASocketWent() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = shardOf(server, "lab");
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
            FakeShard shard = shardOf(server, "lab");
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
                    shardOf(server, "lab").next(ShardRequest.Join.class).socketId();
            server.bus.toSocket(socketId, new ToSocket.Close(CloseCode.REPLACED, "a newer socket"));
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

    // Limits.

    private static SocketLimits hasty() {
        return new SocketLimits(
                Duration.ofMillis(300),
                5,
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                50,
                20,
                20,
                4,
                10_000,
                8,
                256 << 10,
                Duration.ofSeconds(2));
    }

    @Test
    void closesASocketThatDoesNotJoin() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, hasty(), 10)) {
            TestSocket idle = server.connect("/ws/lab");
            assertEquals(4008, idle.closeCode());
            TestSocket chatty = server.connect("/ws/lab");
            for (int i = 0; i < 6; i++) {
                chatty.send("{\"type\":\"ping\",\"id\":\"1\"}");
            }
            assertEquals(4008, chatty.closeCode());
        }
    }

    @Test
    void slowsDownAndThenClosesAFlood() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, hasty(), 10)) {
            TestSocket socket = server.join("lab");
            for (int i = 0; i < 30; i++) {
                socket.send("{\"type\":\"ping\",\"id\":\"%d\"}".formatted(i));
            }
            JsonNode refused = socket.next();
            while (refused.path("type").asText().equals("ok")) {
                refused = socket.next();
            }
            assertEquals("rateLimited", refused.path("code").asText());
            assertTrue(refused.has("id"));
            for (int i = 0; i < 100; i++) {
                socket.send("{\"type\":\"ping\",\"id\":\"%d\"}".formatted(i));
            }
            assertEquals(4008, socket.closeCode());
        }
    }

    @Test
    void boundsTheRequestsThatWait() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, hasty(), 10)) {
            TestSocket socket = server.join("lab");
            Promise<ShardAnswer> never = Promise.promise();
            shardOf(server, "lab").instead = request -> request instanceof ShardRequest.Ask ? never.future() : null;
            for (int i = 0; i < 6; i++) {
                socket.send("{\"type\":\"view\",\"id\":\"%d\"}".formatted(i));
            }
            assertEquals("5", socket.nextError("rateLimited").path("id").asText());
        }
    }

    @Test
    void closesAClientThatReadsTooSlowly() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, hasty(), 10)) {
            TestSocket socket = server.join("lab");
            FakeShard shard = shardOf(server, "lab");
            String socketId = shard.next(ShardRequest.Join.class).socketId();
            socket.socket.pause();
            String longName = "x".repeat(60_000);
            for (int seq = 8; seq < 300; seq++) {
                server.bus.toSocket(socketId, new ToSocket.Deliver(seq, new Event.TrackUnpublish(longName, longName)));
            }
            assertEquals(4008, shard.next(ShardRequest.SocketGone.class).closeCode());
        }
    }

    @Test
    void givesUpOnAClientThatAnswersNoPings() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, hasty(), 10)) {
            RawSocket silent = RawSocket.open(server.port(), "/ws/lab");
            silent.send(TestSocket.JOIN);
            FakeShard shard = shardOf(server, "lab");
            assertEquals(1006, shard.next(ShardRequest.SocketGone.class).closeCode());
            silent.close();

            TestSocket lively = server.join("lab");
            server.vertx.setTimer(1500, _ -> lively.send("{\"type\":\"ping\",\"id\":\"late\"}"));
            assertEquals("late", lively.nextOk().path("id").asText());
        }
    }

    // Tokens.

    @Test
    void wantsATokenForTheRoomBeforeAnyUpgrade() throws Exception {
        try (TestServer server = new TestServer(TestServer.closed())) {
            Tokens tokens = new Tokens(TestServer.SECRET);
            String good =
                    tokens.sign(new Tokens.Claims("ada", "Countess", "lab", Role.COHOST, false), Duration.ofHours(1));
            String expired = tokens.sign(
                    new Tokens.Claims("ada", "Countess", "lab", Role.COHOST, false), Duration.ofSeconds(-1));
            String forged = new Tokens("y".repeat(32))
                    .sign(new Tokens.Claims("ada", "Countess", "lab", Role.COHOST, false), Duration.ofHours(1));

            assertRefused(401, server, "/ws/lab", UnaryOperator.identity());
            assertRefused(401, server, "/ws/lab", how -> bearer(how, expired));
            assertRefused(401, server, "/ws/lab", how -> bearer(how, forged));
            assertRefused(401, server, "/ws/lab?access_token=nonsense", UnaryOperator.identity());
            assertRefused(403, server, "/ws/kitchen", how -> bearer(how, good));

            assertNull(
                    server.connect("/ws/lab", how -> bearer(how, good)).socket.subProtocol());
            server.connect("/ws/lab?access_token=" + good);
            TestSocket socket =
                    server.connect("/ws/lab", how -> how.setSubProtocols(List.of("weir", "bearer." + good)));
            assertEquals("weir", socket.socket.subProtocol());
            socket.send(TestSocket.JOIN);
            socket.nextOk();
            ShardRequest.Join join = shardOf(server, "lab").next(ShardRequest.Join.class);
            assertEquals(new Identity("ada", "Countess", Role.COHOST, false), join.identity());
            assertEquals("Countess", join.displayName());
        }
    }

    private static WebSocketConnectOptions bearer(WebSocketConnectOptions how, String token) {
        return how.addHeader("Authorization", "Bearer " + token);
    }

    private static void assertRefused(
            int status, TestServer server, String path, UnaryOperator<WebSocketConnectOptions> how) {
        var refused = assertThrows(UpgradeRejectedException.class, () -> server.connect(path, how));
        assertEquals(status, refused.getStatus());
    }

    @Test
    void closesWhenTheTokenExpires() throws Exception {
        try (TestServer server = new TestServer(TestServer.closed())) {
            String brief = new Tokens(TestServer.SECRET)
                    .sign(new Tokens.Claims("ada", "Ada", "lab", Role.GUEST, false), Duration.ofSeconds(2));
            TestSocket socket = server.connect("/ws/lab", how -> bearer(how, brief));
            socket.send(TestSocket.JOIN);
            socket.nextOk();
            assertEquals(4010, socket.closeCode());
            assertEquals(
                    4010,
                    shardOf(server, "lab").next(ShardRequest.SocketGone.class).closeCode());
        }
    }

    @Test
    void wantsANameWhenTheTokenHasNone() throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.connect("/ws/lab");
            socket.send("{\"type\":\"join\",\"id\":\"j\",\"protocol\":1}");
            socket.nextError("badRequest");
            socket.send(TestSocket.JOIN);
            socket.nextOk();
        }
    }
}
