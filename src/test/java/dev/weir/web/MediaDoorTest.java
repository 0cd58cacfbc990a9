package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Request;
import dev.weir.signal.Role;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.web.Replies.Reply;
import io.vertx.core.Future;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A WHIP request whose way in does not end inside; before fake shards. */
final class MediaDoorTest {
    private static final SocketLimits LIMITS = SocketLimits.DEFAULT;
    private static final SocketLimits IMPATIENT = new SocketLimits(
            Duration.ofMillis(100),
            LIMITS.messagesBeforeJoin(),
            LIMITS.pingEvery(),
            LIMITS.silence(),
            LIMITS.messagesPerSecond(),
            LIMITS.messageBurst(),
            LIMITS.refusedPerSecond(),
            LIMITS.pendingRequests(),
            LIMITS.pendingBytes(),
            LIMITS.bufferedEvents(),
            LIMITS.unsentBytes(),
            LIMITS.idle());

    @Test
    void whoIsNotLetInInTimeIsToldToAskAgainAndWaitsNoMore() throws Exception {
        try (TestServer server = new TestServer(TestServer.OPEN, IMPATIENT, 10)) {
            FakeShard shard = server.shardOf("lounge");
            shard.instead = request -> waiting(request, "held");
            Reply reply = new MediaClient(server.http()).post("/whip/lounge", MediaClient.PUBLISHES);

            assertEquals(503, reply.status());
            assertEquals("5", reply.headers().get("retry-after"));
            assertLeft(shard, "held");
        }
    }

    @Test
    void whoGivesUpWaitsNoMore() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = server.shardOf("lounge");
            shard.instead = request -> waiting(request, "held");
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                String offer = MediaClient.PUBLISHES;
                String head = "POST /whip/lounge HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sdp\r\n"
                        + "Content-Length: " + offer.length() + "\r\n\r\n";
                socket.getOutputStream().write((head + offer).getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                shard.next(ShardRequest.Join.class);
            }
            assertLeft(shard, "held");
        }
    }

    @Test
    void nobodyStaysWhoseOfferTheShardRefuses() throws Exception {
        try (TestServer server = new TestServer()) {
            FakeShard shard = server.shardOf("lab");
            shard.instead = request -> request instanceof ShardRequest.Offer
                    ? Future.succeededFuture(new ShardAnswer.Refused(ErrorCode.FORBIDDEN, "no"))
                    : null;
            Reply reply = new MediaClient(server.http()).post("/whip/lab", MediaClient.PUBLISHES);

            assertEquals(403, reply.status());
            assertLeft(shard, "session-" + server.shards.indexOf(shard));
        }
    }

    @Test
    void aServerThatIsAboutToStopTakesNoNewRooms() throws Exception {
        try (TestServer server = new TestServer()) {
            server.draining.set(true);
            Reply reply = new MediaClient(server.http()).post("/whip/lab", MediaClient.PUBLISHES);

            assertEquals(503, reply.status());
            assertEquals("unavailable", reply.code());
            assertEquals("5", reply.headers().get("retry-after"));
        }
    }

    @Test
    void tellsTheShardHowLongTheTokenIsGood() throws Exception {
        try (TestServer server = new TestServer(TestServer.closed())) {
            FakeShard shard = server.shardOf("lab");
            String bearer = LiveWeb.bearer("lab", Role.GUEST, false);
            new MediaClient(server.http(), bearer).open("/whip/lab", MediaClient.PUBLISHES);

            long goodForMs = shard.next(ShardRequest.LiveByMedia.class).goodForMs();
            assertEquals(
                    Duration.ofHours(1).toMillis(),
                    goodForMs,
                    Duration.ofMinutes(1).toMillis());
        }
    }

    private static Future<ShardAnswer> waiting(ShardRequest request, String session) {
        return request instanceof ShardRequest.Join
                ? Future.succeededFuture(new ShardAnswer.Waiting(session, "p9", "token", 0))
                : null;
    }

    private static void assertLeft(FakeShard shard, String session) throws InterruptedException {
        ShardRequest.Ask ask = shard.next(ShardRequest.Ask.class);
        assertEquals(session, ask.sessionId());
        assertInstanceOf(Request.Leave.class, ask.request());
    }
}
