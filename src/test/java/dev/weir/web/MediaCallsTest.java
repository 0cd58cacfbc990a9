package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.signal.Role;
import dev.weir.web.Replies.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WHIP and WHEP's HTTP (RFC 9725), against real shards; no media flows. Tokens are asked. */
final class MediaCallsTest {
    private static final String ADMIN = LiveWeb.bearer("*", Role.HOST, true);

    private static LiveWeb live;
    private static MediaClient client;

    @BeforeAll
    static void start() throws Exception {
        live = new LiveWeb(LiveWeb.closed(), 1000);
        client = new MediaClient(live.http(), LiveWeb.bearer("*", Role.GUEST, false));
    }

    @AfterAll
    static void stop() {
        live.close();
    }

    @Test
    void aPublisherIsAParticipantLikeAnyOther() throws Exception {
        Reply reply = client.post("/whip/studio?name=Camera%201", MediaClient.PUBLISHES);

        assertEquals(201, reply.status(), reply::body);
        assertEquals("application/sdp", reply.headers().get("content-type"));
        assertTrue(reply.headers().get("location").matches("/whip/studio/session/here-[01]\\.[0-9a-f]{32}"));
        assertTrue(reply.headers().get("etag").matches("\"[!-~]+\""), () -> "" + reply.headers());
        assertEquals(2, reply.body().split("a=recvonly", -1).length - 1);
        JsonNode person = participant("studio", reply.headers().get("weir-participant"));
        assertEquals("Somebody", person.path("displayName").asText(), "a token's name beats the one asked for");
        assertEquals("guest", person.path("role").asText());
        assertEquals(2, person.path("tracks").size());
        assertFalse(
                reply.headers().get("location").contains(reply.headers().get("weir-participant")),
                "who sees a participant must not be able to end his session");
    }

    @Test
    void aPlayerIsAViewerWithOneStreamOfSoundAndPicture() throws Exception {
        MediaClient.Session session = client.open("/whep/cinema", MediaClient.PLAYS);

        assertEquals(2, session.reply.body().split("a=sendonly", -1).length - 1);
        assertEquals(2, session.reply.body().split("a=msid:watched ", -1).length - 1);
        assertTrue(session.location.startsWith("/whep/cinema/session/"));
        assertEquals(
                "viewer",
                participant("cinema", session.participantId).path("role").asText());
        JsonNode room =
                Examples.parse(live.http().get("/api/v1/rooms/cinema", ADMIN).body());
        assertEquals(0, room.path("count").asInt());
        assertEquals(1, room.path("viewers").asInt());
    }

    @Test
    void aPlayerOfOneParticipantNeedsHimToBeThere() throws Exception {
        MediaClient.Session publisher = client.open("/whip/duo", MediaClient.PUBLISHES);

        assertEquals(
                201,
                client.post("/whep/duo/" + publisher.participantId, MediaClient.PLAYS)
                        .status());
        assertEquals(404, client.post("/whep/duo/nobody", MediaClient.PLAYS).status());
        assertEquals(
                404, client.post("/whep/no-such-room/nobody", MediaClient.PLAYS).status());
    }

    @Test
    void aSocketSeesAPublisherComePublishAndLeave() throws Exception {
        TestSocket socket = live.join("stage?access_token=" + ADMIN.replace("Authorization: Bearer ", ""));
        socket.nextOk();
        MediaClient.Session session = client.open("/whip/stage", MediaClient.PUBLISHES);

        JsonNode join = next(socket, "participant:join");
        assertEquals(session.participantId, join.path("participantId").asText());
        assertEquals("whip", join.path("capabilities").path("sdk").asText());
        assertEquals("microphone", next(socket, "track:publish").path("source").asText());
        assertEquals("camera", next(socket, "track:publish").path("source").asText());

        assertEquals(200, session.delete());
        JsonNode leave = next(socket, "participant:leave");
        assertEquals(session.participantId, leave.path("participantId").asText());
        assertEquals("left", leave.path("reason").asText());
        assertEquals(404, session.delete());
        assertEquals(404, session.patch(MediaClient.SAME_ICE, session.etag).status());
    }

    @Test
    void aHostWhoRemovesAPublisherEndsHisSession() throws Exception {
        MediaClient.Session session = client.open("/whip/strict", MediaClient.PUBLISHES);
        client.open("/whep/strict", MediaClient.PLAYS);

        Reply removed =
                live.http().send("DELETE", "/api/v1/rooms/strict/participants/" + session.participantId, "", ADMIN);

        assertEquals(204, removed.status());
        assertEquals(404, session.patch(MediaClient.NEW_ICE, "*").status());
        assertEquals(404, session.delete());
    }

    @Test
    void theEndOfARoomEndsItsSessions() throws Exception {
        MediaClient.Session publisher = client.open("/whip/brief", MediaClient.PUBLISHES);
        MediaClient.Session player = client.open("/whep/brief", MediaClient.PLAYS);

        assertEquals(
                204,
                live.http().send("DELETE", "/api/v1/rooms/brief", "", ADMIN).status());

        assertEquals(404, publisher.delete());
        assertEquals(404, player.delete());
    }

    @Test
    void sessionsAreReachedByTheirOwnUrlOnly() throws Exception {
        MediaClient.Session session = client.open("/whip/vault", MediaClient.PUBLISHES);
        String id = session.location.replaceFirst(".*/", "");
        String secret = id.replaceFirst(".*\\.", "");

        assertEquals(404, client.delete("/whep/vault/session/" + id).status());
        assertEquals(404, client.delete("/whip/elsewhere/session/" + id).status());
        assertEquals(
                404,
                client.delete("/whip/vault/session/" + session.participantId).status());
        assertEquals(404, client.delete("/whip/vault/session/here-7." + secret).status());
        assertEquals(
                404,
                client.delete("/whip/vault/session/here-99999999999." + secret).status());
        Reply anonymous = live.http().send("DELETE", session.location, "");
        assertEquals(401, anonymous.status());
        Reply stranger = live.http().send("DELETE", session.location, "", LiveWeb.bearer("other", Role.HOST, false));
        assertEquals(403, stranger.status());
        assertEquals(200, session.delete());
    }

    @Test
    void trickledCandidatesAreTakenWhileTheIceSessionLasts() throws Exception {
        MediaClient.Session session = client.open("/whip/ice", MediaClient.PUBLISHES);
        String candidates = MediaClient.SAME_ICE + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
                + "a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\na=end-of-candidates\r\n";

        Reply trickled = session.patch(candidates, session.etag);
        assertEquals(204, trickled.status(), trickled::body);
        assertFalse(trickled.headers().containsKey("etag"));

        Reply restarted = session.patch(MediaClient.NEW_ICE, "\"*\"");
        assertEquals(200, restarted.status(), restarted::body);
        assertEquals(MediaCalls.FRAGMENT, restarted.headers().get("content-type"));
        assertNotEquals(session.etag, restarted.headers().get("etag"));
        assertTrue(restarted
                .body()
                .contains("a=ice-ufrag:" + restarted.headers().get("etag").replace("\"", "")));
        assertTrue(restarted.body().contains("a=candidate:"), restarted::body);

        assertEquals(412, session.patch(candidates, session.etag).status(), "that ICE session is over");
        assertEquals(
                204,
                session.patch(MediaClient.NEW_ICE, restarted.headers().get("etag"))
                        .status());
        assertEquals(200, session.patch(MediaClient.SAME_ICE, "*").status());
        assertEquals(200, session.delete());
    }

    @ParameterizedTest
    @CsvSource({
        "400,'',*",
        "400,nonsense,*",
        "400,a=ice-ufrag:them,*",
        "400,a=ice-pwd:0123456789012345678901,*",
        "400,a=ice-ufrag:abc,*",
        "412,NEW,\"older\"",
        "412,NEW,W/\"older\"",
        "412,NEW,older",
        "412,SAME,''"
    })
    void refusesFragmentsThatDoNotFit(int status, String fragment, String condition) throws Exception {
        MediaClient.Session session = client.open("/whip/ice", MediaClient.PUBLISHES);
        String body =
                switch (fragment) {
                    case "NEW" -> MediaClient.NEW_ICE;
                    case "SAME" -> MediaClient.SAME_ICE;
                    default -> fragment;
                };

        assertEquals(status, session.patch(body, condition).status());
        assertEquals(204, session.patch(MediaClient.SAME_ICE, session.etag).status(), "the session goes on");
        assertEquals(200, session.delete());
    }

    @Test
    void aPatchSaysWhichSessionItMeansAndWhatItHolds() throws Exception {
        MediaClient.Session session = client.open("/whip/ice", MediaClient.PUBLISHES);

        assertEquals(428, client.patch(session.location, MediaClient.NEW_ICE).status());
        Reply wrongType =
                client.patch(session.location, MediaClient.PUBLISHES, "If-Match: *", "Content-Type: application/sdp");
        assertEquals(415, wrongType.status());
        assertEquals(MediaCalls.FRAGMENT, wrongType.headers().get("accept-patch"));
        assertEquals(200, session.delete());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/whip/lab", "/whep/lab", "/whep/lab/p1"})
    void endpointsTakePostsOnlyAndSaySo(String path) throws Exception {
        for (String method : new String[] {"GET", "HEAD", "PUT", "PATCH", "DELETE"}) {
            Reply reply = live.http().send(method, path, "", ADMIN);
            assertEquals(405, reply.status(), method);
            assertEquals("OPTIONS, POST", reply.headers().get("allow"));
        }
        Reply options = live.http().send("OPTIONS", path, "");
        assertEquals(200, options.status());
        assertEquals("application/sdp", options.headers().get("accept-post"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/whip/lab/session/here-0.x", "/whep/lab/session/here-0.x"})
    void sessionsTakePatchAndDeleteOnlyAndSaySo(String path) throws Exception {
        for (String method : new String[] {"GET", "HEAD", "PUT", "POST"}) {
            Reply reply = live.http().send(method, path, "", ADMIN);
            assertEquals(405, reply.status(), method);
            assertEquals("DELETE, OPTIONS, PATCH", reply.headers().get("allow"));
        }
        Reply options = live.http().send("OPTIONS", path, "");
        assertEquals(200, options.status());
        assertEquals(MediaCalls.FRAGMENT, options.headers().get("accept-patch"));
    }

    @Test
    void pagesOfAllowedOriginsMayUseIt() throws Exception {
        String friend = "Origin: https://friend.example.org";
        Reply preflight = live.http()
                .send(
                        "OPTIONS",
                        "/whip/lab",
                        "",
                        friend,
                        "Access-Control-Request-Method: POST",
                        "Access-Control-Request-Headers: authorization,content-type");
        assertEquals(200, preflight.status());
        assertEquals("https://friend.example.org", preflight.headers().get("access-control-allow-origin"));
        assertTrue(preflight.headers().get("access-control-allow-headers").contains("If-Match"));

        Reply created = client.post("/whip/lab", MediaClient.PUBLISHES, friend);
        for (String header : new String[] {"Location", "ETag", "Link", "Weir-Participant"}) {
            assertTrue(created.headers().get("access-control-expose-headers").contains(header), header);
        }
        assertEquals(
                403,
                client.post("/whip/lab", MediaClient.PUBLISHES, "Origin: https://evil.example.org")
                        .status());
    }

    private static JsonNode participant(String room, String id) throws Exception {
        Reply reply = live.http().get("/api/v1/rooms/" + room + "/participants/" + id, ADMIN);
        assertEquals(200, reply.status(), reply::body);
        return Examples.parse(reply.body());
    }

    /** The next event of that type; others before it are passed over. */
    private static JsonNode next(TestSocket socket, String type) throws InterruptedException {
        JsonNode message = socket.next();
        while (!message.path("type").asText().equals(type)) {
            message = socket.next();
        }
        return message;
    }
}
