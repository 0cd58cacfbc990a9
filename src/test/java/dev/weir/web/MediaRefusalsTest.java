package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Role;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.web.Replies.Reply;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who does not get in by WHIP and WHEP, and why. Nobody of them is ever in the room. */
final class MediaRefusalsTest {
    private static final String ADMIN = LiveWeb.bearer("*", Role.HOST, true);
    private static final String ROOMS = "/api/v1/rooms";

    private static LiveWeb live;
    private static MediaClient guest;

    @BeforeAll
    static void start() throws Exception {
        live = new LiveWeb(LiveWeb.closed(), 1000);
        guest = new MediaClient(live.http(), LiveWeb.bearer("*", Role.GUEST, false));
    }

    @AfterAll
    static void stop() {
        live.close();
    }

    static Stream<Arguments> offers() {
        String publishes = MediaClient.PUBLISHES;
        return Stream.of(
                Arguments.of("/whip", "", 400),
                Arguments.of("/whip", "hello", 400),
                Arguments.of("/whip", publishes.replaceAll("a=ice-ufrag:.*\r\n", ""), 400),
                Arguments.of("/whip", publishes.replaceAll("a=fingerprint:.*\r\n", ""), 400),
                Arguments.of("/whip", publishes.replaceAll("a=ice-pwd:.*\r\n", "a=ice-pwd:short\r\n"), 400),
                Arguments.of("/whip", publishes.replace("a=setup:actpass", "a=setup:holdconn"), 422),
                Arguments.of("/whip", publishes.replaceFirst("t=0 0", "t=0 0\r\na=ice-lite"), 422),
                Arguments.of("/whip", publishes.replace("a=rtcp-mux\r\n", ""), 422),
                Arguments.of("/whip", publishes.replaceFirst("a=group:BUNDLE.*\r\n", ""), 422),
                Arguments.of("/whip", OfferText.of("audio sendonly", "video recvonly"), 422),
                Arguments.of("/whip", OfferText.of("audio inactive", "video sendonly"), 422),
                Arguments.of("/whip", OfferText.of("audio sendonly", "audio sendonly"), 406),
                Arguments.of("/whip", OfferText.of("video sendonly", "video sendonly"), 406),
                Arguments.of("/whip", publishes.replace("VP8/90000", "H263/90000"), 406),
                Arguments.of("/whip", publishes.replace("opus/48000/2", "PCMU/8000"), 406),
                Arguments.of("/whip", publishes.replaceAll("opus/48000/2|VP8/90000", "none/90000"), 406),
                Arguments.of("/whep", publishes, 422),
                Arguments.of("/whep", OfferText.of("audio sendrecv", "video sendrecv"), 422),
                Arguments.of("/whep", OfferText.of("video recvonly", "video recvonly"), 406));
    }

    @ParameterizedTest
    @MethodSource("offers")
    void refusesOffersThatItCannotServeWhole(String what, String offer, int status) throws Exception {
        Reply reply = guest.post(what + "/offers", offer);

        assertEquals(status, reply.status(), reply::body);
        assertEquals("badRequest", reply.code());
        assertFalse(reply.headers().containsKey("location"));
        assertEquals(404, live.http().get(ROOMS + "/offers", ADMIN).status(), "nobody has opened that room");
    }

    @Test
    void whoComesAtABadMomentIsToldInWholeSecondsWhenToComeBack() throws Exception {
        try (TestServer server = new TestServer()) {
            server.shardOf("busy").instead = request -> request instanceof ShardRequest.Join
                    ? io.vertx.core.Future.succeededFuture(
                            new ShardAnswer.Refused(ErrorCode.UNAVAILABLE, "Too many.", 1_250))
                    : null;

            Reply reply = new MediaClient(server.http()).post("/whip/busy", MediaClient.PUBLISHES);

            assertEquals(503, reply.status(), reply::body);
            assertEquals("unavailable", reply.code());
            assertEquals("2", reply.headers().get("retry-after"));
        }
    }

    @Test
    void namesTheMLineThatItDoesNotTake() throws Exception {
        Reply reply = guest.post("/whip/offers", MediaClient.PUBLISHES.replace("VP8/90000", "H263/90000"));

        assertTrue(reply.body().contains("m-line 2 (mid 1)"), reply::body);
    }

    @ParameterizedTest
    @CsvSource({
        "415,Content-Type: application/json",
        "415,Content-Type: text/plain",
        "406,Accept: application/json",
        "201,Accept: text/html;q=0.5",
        "201,'Content-Type: application/sdp; charset=utf-8'",
        "201,Content-Type: Application/SDP"
    })
    void looksAtTheTypesOfBodies(int status, String header) throws Exception {
        String[] headers =
                header.startsWith("Accept: text") ? new String[] {header, "Accept: */*"} : new String[] {header};
        Reply reply = guest.post("/whip/types", MediaClient.PUBLISHES, headers);

        assertEquals(status, reply.status(), reply::body);
        assertEquals(status == 415, reply.headers().containsKey("accept-post"));
    }

    @Test
    void asksForATokenOfTheRoomAndARoleThatMayPublish() throws Exception {
        MediaClient nobody = new MediaClient(live.http());
        Reply anonymous = nobody.post("/whip/rights", MediaClient.PUBLISHES);
        assertEquals(401, anonymous.status());
        assertEquals("Bearer", anonymous.headers().get("www-authenticate"));
        assertEquals(
                401,
                nobody.post("/whip/rights", MediaClient.PUBLISHES, "Authorization: Bearer x.y.z")
                        .status());
        assertEquals(
                403,
                as("elsewhere", Role.GUEST)
                        .post("/whip/rights", MediaClient.PUBLISHES)
                        .status());
        assertEquals(
                403,
                as("rights", Role.VIEWER)
                        .post("/whip/rights", MediaClient.PUBLISHES)
                        .status());
        assertEquals(
                403,
                as("rights", Role.RECORDER)
                        .post("/whip/rights", MediaClient.PUBLISHES)
                        .status());
        assertEquals(
                201,
                as("rights", Role.VIEWER)
                        .post("/whep/rights", MediaClient.PLAYS)
                        .status());
        assertEquals(
                201,
                as("rights", Role.RECORDER)
                        .post("/whep/rights", MediaClient.PLAYS)
                        .status());
        assertEquals(
                201,
                as("rights", Role.HOST)
                        .post("/whip/rights", MediaClient.PUBLISHES)
                        .status());
    }

    @Test
    void refusesNamesThatAreNone() throws Exception {
        assertEquals(400, guest.post("/whip/no%20room", MediaClient.PUBLISHES).status());
        assertEquals(404, guest.post("/whip/a/b/c", MediaClient.PUBLISHES).status());
        try (LiveWeb open = new LiveWeb(TestServer.OPEN, 10)) {
            MediaClient anyone = new MediaClient(open.http());
            assertEquals(
                    400,
                    anyone.post("/whip/lab?name=%0a", MediaClient.PUBLISHES).status());
            assertEquals(
                    400,
                    anyone.post("/whip/lab?name=" + "x".repeat(81), MediaClient.PUBLISHES)
                            .status());
        }
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        assertEquals(
                413,
                guest.post("/whip/lab", MediaClient.PUBLISHES + "a=x\r\n".repeat(20_000))
                        .status());
    }

    @Test
    void keepsTheLimitsOfARoomAndOfTheServer() throws Exception {
        create("{\"name\":\"tiny\",\"maxParticipants\":1,\"maxViewers\":1}");
        assertEquals(201, guest.post("/whip/tiny", MediaClient.PUBLISHES).status());
        assertEquals("roomFull", refused(409, guest.post("/whip/tiny", MediaClient.PUBLISHES)));
        assertEquals(201, guest.post("/whep/tiny", MediaClient.PLAYS).status());
        assertEquals("roomFull", refused(409, guest.post("/whep/tiny", MediaClient.PLAYS)));
        try (LiveWeb small = new LiveWeb(TestServer.OPEN, 1)) {
            MediaClient anyone = new MediaClient(small.http());
            assertEquals(201, anyone.post("/whip/first", MediaClient.PUBLISHES).status());
            Reply second = anyone.post("/whip/second", MediaClient.PUBLISHES);
            assertEquals("roomLimit", refused(503, second));
            assertTrue(second.headers().containsKey("retry-after"));
        }
    }

    @Test
    void countsJoinsByAddress() throws Exception {
        WebConfig.Rules rules =
                new WebConfig.Rules(Optional.empty(), Optional.empty(), Optional.empty(), false, false, 60, 1, "");
        WebConfig it = LiveWeb.config(Optional.empty(), true, rules);
        WebConfig behindProxy = new WebConfig(
                it.host(),
                0,
                it.publicHosts(),
                it.allowOrigins(),
                List.of(Cidr.parse("127.0.0.0/8").orElseThrow()),
                it.tls(),
                it.authSecret(),
                it.open(),
                it.iceServers(),
                1,
                it.ownAddresses(),
                it.version(),
                rules);
        try (LiveWeb limited = new LiveWeb(behindProxy, 10)) {
            MediaClient far = new MediaClient(limited.http(), "X-Forwarded-For: 203.0.113.9");
            assertEquals(201, far.post("/whip/lab", MediaClient.PUBLISHES).status());
            Reply second = far.post("/whip/lab", MediaClient.PUBLISHES);
            assertEquals("rateLimited", refused(429, second));
            assertTrue(second.headers().containsKey("retry-after"));
        }
    }

    @Test
    void standsBeforeALockedRoom() throws Exception {
        create("{\"name\":\"locked\",\"locked\":true}");
        assertEquals("forbidden", refused(403, guest.post("/whip/locked", MediaClient.PUBLISHES)));
        assertEquals(
                201,
                as("locked", Role.HOST)
                        .post("/whip/locked", MediaClient.PUBLISHES)
                        .status());
    }

    @Test
    void waitsAtTheDoorUntilAHostDecides() throws Exception {
        create("{\"name\":\"lounge\",\"waitingRoom\":true}");
        TestSocket host = live.join("lounge?access_token=" + ADMIN.replace("Authorization: Bearer ", ""));
        host.nextOk();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reply> admitted = clients.submit(() -> guest.post("/whip/lounge", MediaClient.PUBLISHES));
            String id = knock(host);
            host.send("{\"type\":\"host:admit\",\"id\":1,\"participantId\":\"" + id + "\"}");
            assertEquals(201, admitted.get().status(), () -> "" + admitted);
            assertEquals(id, admitted.get().headers().get("weir-participant"));

            Future<Reply> denied = clients.submit(() -> guest.post("/whep/lounge", MediaClient.PLAYS));
            host.send("{\"type\":\"host:deny\",\"id\":2,\"participantId\":\"" + knock(host) + "\"}");
            assertEquals("forbidden", refused(403, denied.get()));

            Future<Reply> tooLate = clients.submit(() -> guest.post("/whip/lounge", MediaClient.PUBLISHES));
            knock(host);
            host.send("{\"type\":\"host:end\",\"id\":3}");
            assertEquals("notFound", refused(404, tooLate.get()));
        }
    }

    @Test
    void aPublisherInAnOpenRoomIsNotItsHost() throws Exception {
        try (LiveWeb open = new LiveWeb(TestServer.OPEN, 10)) {
            new MediaClient(open.http()).open("/whip/open?name=Camera", MediaClient.PUBLISHES);
            JsonNode joined = open.join("open").nextOk();
            assertEquals("host", joined.path("role").asText());
            JsonNode first = joined.path("snapshot").path("participants").path(0);
            assertEquals("Camera", first.path("displayName").asText());
            assertEquals("guest", first.path("role").asText());
        }
    }

    @Test
    void handsOutTheServersForIceWithCredentialsOfTheSession() throws Exception {
        List<WebConfig.IceServer> servers = List.of(
                new WebConfig.IceServer(
                        List.of("stun:stun.example.org"), Optional.empty(), Optional.empty(), Optional.empty(), 0),
                new WebConfig.IceServer(
                        List.of("turn:turn.example.org?transport=udp"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("shared"),
                        3600));
        WebConfig it = TestServer.OPEN;
        WebConfig withServers = new WebConfig(
                it.host(),
                0,
                it.publicHosts(),
                it.allowOrigins(),
                it.trustedProxies(),
                it.tls(),
                it.authSecret(),
                true,
                servers,
                1,
                it.ownAddresses(),
                it.version(),
                it.rules());
        try (LiveWeb open = new LiveWeb(withServers, 10)) {
            MediaClient.Session session = new MediaClient(open.http()).open("/whip/lab", MediaClient.PUBLISHES);
            String links = session.reply.headers().get("link");
            assertTrue(links.startsWith("<stun:stun.example.org>; rel=\"ice-server\", "), links);
            assertTrue(
                    links.matches(".*<turn:turn.example.org\\?transport=udp>; rel=\"ice-server\"; username=\"\\d+:"
                            + session.participantId
                            + "\"; credential=\"[^\"]+\"; credential-type=\"password\""),
                    links);
        }
    }

    private static MediaClient as(String room, Role role) {
        return new MediaClient(live.http(), LiveWeb.bearer(room, role, false));
    }

    private static String refused(int status, Reply reply) {
        assertEquals(status, reply.status(), reply::body);
        return reply.code();
    }

    private static void create(String body) throws Exception {
        assertEquals(201, live.http().send("POST", ROOMS, body, ADMIN).status());
    }

    private static String knock(TestSocket host) throws InterruptedException {
        JsonNode message = host.next();
        while (!message.path("type").asText().equals("waiting:request")) {
            message = host.next();
        }
        return message.path("participantId").asText();
    }
}
