package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.ToSocket;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SocketLimitsTest {
    private static SocketLimits hasty() {
        return hasty(Duration.ofMillis(500));
    }

    private static SocketLimits hasty(Duration silence) {
        return new SocketLimits(
                Duration.ofMillis(300),
                5,
                Duration.ofMillis(100),
                silence,
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
    void whoWasToldToComeBackLaterHasThatMuchMoreTime() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, hasty(Duration.ofSeconds(10)), 10)) {
            server.shardOf("lab").instead = request -> request instanceof ShardRequest.Join
                    ? io.vertx.core.Future.succeededFuture(
                            new ShardAnswer.Refused(ErrorCode.UNAVAILABLE, "Too many.", 1_000))
                    : null;
            TestSocket socket = server.connect("/ws/lab");
            socket.send(Examples.text("requests/join"));
            socket.nextError("unavailable");
            long told = System.nanoTime();

            assertEquals(4008, socket.closeCode());
            assertTrue(System.nanoTime() - told >= 1_000_000_000L, "closed before he was to come back");
        }
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
            server.shardOf("lab").instead = request -> request instanceof ShardRequest.Ask ? never.future() : null;
            for (int i = 0; i < 6; i++) {
                socket.send("{\"type\":\"view\",\"id\":\"%d\"}".formatted(i));
            }
            assertEquals("5", socket.nextError("rateLimited").path("id").asText());
        }
    }

    @Test
    void closesAClientThatReadsTooSlowly() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, hasty(), 10)) {
            RawSocket unread = RawSocket.open(server.port(), "/ws/lab");
            unread.send(TestSocket.JOIN);
            FakeShard shard = server.shardOf("lab");
            String socketId = shard.next(ShardRequest.Join.class).socketId();
            String longName = "x".repeat(60_000);
            for (int seq = 8; seq < 300; seq++) {
                server.tell(socketId, new ToSocket.Deliver(seq, new Event.TrackUnpublish(longName, longName)));
            }
            assertEquals(4008, shard.next(ShardRequest.SocketGone.class).closeCode());
            unread.assertCutWithin(Duration.ofSeconds(8));
        }
    }

    @Test
    void givesUpOnAClientThatAnswersNoPings() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, hasty(), 10)) {
            RawSocket silent = RawSocket.open(server.port(), "/ws/lab");
            silent.send(TestSocket.JOIN);
            FakeShard shard = server.shardOf("lab");
            assertEquals(1006, shard.next(ShardRequest.SocketGone.class).closeCode());
            silent.close();

            TestSocket lively = server.join("lab");
            server.vertx.setTimer(1500, _ -> lively.send("{\"type\":\"ping\",\"id\":\"late\"}"));
            assertEquals("late", lively.nextOk().path("id").asText());
        }
    }
}
