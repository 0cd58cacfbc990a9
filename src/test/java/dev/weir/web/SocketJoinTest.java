package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.ToSocket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
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

final class SocketJoinTest {
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

            ShardRequest.Join join = server.shardOf("lab").next(ShardRequest.Join.class);
            assertEquals("Ada", join.displayName());
            assertEquals(Identity.OPEN, join.identity());
            assertEquals(RoomOptions.defaults("lab"), join.options());
            assertEquals("lab", join.place().room());
            assertEquals(9, join.capabilities().slots().video());
            assertNull(join.resume());
        }
    }

    @Test
    void whoComesAtABadMomentIsToldWhenToComeBackAndMayDoSoOnThatSocket() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = server.shardOf("lab");
            shard.instead = request -> request instanceof ShardRequest.Join
                    ? Future.succeededFuture(new ShardAnswer.Refused(ErrorCode.UNAVAILABLE, "Too many.", 1_250))
                    : null;
            TestSocket socket = server.connect("/ws/lab");
            socket.send(Examples.text("requests/join"));

            JsonNode refusal = socket.next();

            assertEquals("error", refusal.path("type").asText());
            assertEquals("unavailable", refusal.path("code").asText());
            assertEquals(1_250, refusal.path("retryAfterMs").asLong());
            shard.instead = _ -> null;
            socket.send(Examples.text("requests/join"));
            assertEquals("p1", socket.nextOk().path("participantId").asText());
        }
    }

    @Test
    void writesEventsAfterTheAnswerThatTheyBelongTo() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = server.shardOf("lab");
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
        server.tell(socketId, new ToSocket.Deliver(seq, new Event.ParticipantLeave("p9", LeaveReason.LEFT)));
    }

    @Test
    void looksUpOnceMoreWhenTheRoomHasMoved() throws Exception {
        try (TestServer server = new TestServer()) {
            int first = server.mediaShardOf("lab").index();
            server.shards.get(first).instead = request -> {
                server.directory.find("lab").result().ifPresent(place -> server.directory.remove("lab", place.epoch()));
                server.directory.addLoad(server.directory.shards().get(first), 5);
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
            server.shardOf("lab").instead = _ -> Future.succeededFuture(new ShardAnswer.Moved());
            TestSocket socket = server.connect("/ws/lab");
            socket.send(TestSocket.JOIN);
            socket.nextError("unavailable");
            socket.assertOpen();
        }
    }

    @Test
    void asksTheShardOfTheSessionFirstWhenItResumes() throws Exception {
        try (TestServer server = new TestServer()) {
            int media = server.mediaShardOf("lab").index();
            FakeShard other = server.shards.get(1 - media);
            TestSocket socket = server.connect("/ws/lab");
            socket.send(resume("here-" + (1 - media) + ".secret"));

            JsonNode answer = socket.nextOk();
            assertTrue(answer.path("resumed").asBoolean());
            assertFalse(answer.has("snapshot"));
            ShardRequest.Join join = other.next(ShardRequest.Join.class);
            assertEquals(new ShardRequest.Resume("here-" + (1 - media) + ".secret", 41), join.resume());
            assertEquals(new ShardId("here", 1 - media), join.place().mediaShard());

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
            int media = server.mediaShardOf("lab").index();
            server.shards.get(1 - media).instead = _ -> Future.succeededFuture(new ShardAnswer.Moved());
            TestSocket socket = server.connect("/ws/lab");
            socket.send(resume("here-" + (1 - media) + ".secret"));
            socket.nextOk();
            server.shards.get(media).next(ShardRequest.Join.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "here-7.secret",
                "here--1.secret",
                "here-99999999999.secret",
                "there-0.secret",
                "0.secret",
                ".secret",
                "secret",
                "x.secret"
            })
    void takesAForgedTokenToTheRoomsOwnShard(String token) throws Exception {
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.connect("/ws/lab");
            socket.send(resume(token));
            socket.nextOk();
            server.shardOf("lab").next(ShardRequest.Join.class);
        }
    }

    private static String resume(String token) {
        return TestSocket.JOIN
                .replace("}", ",\"resume\":{\"token\":\"%s\",\"seq\":41}}")
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
            server.shardOf("lab").instead =
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
                open.version(),
                open.rules());
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
            ShardRequest.Join join = server.shardOf("lab").next(ShardRequest.Join.class);
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
                    server.shardOf("lab").next(ShardRequest.SocketGone.class).closeCode());
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
