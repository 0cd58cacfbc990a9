package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** The calls on rooms and people, against real owners; tokens are asked. */
final class RoomCallsTest {
    private static final String ROOMS = "/api/v1/rooms";
    private static final String ADMIN = LiveWeb.bearer("*", Role.GUEST, true);

    private static LiveWeb live;

    @BeforeAll
    static void start() throws Exception {
        live = new LiveWeb(LiveWeb.closed(), 1000);
    }

    @AfterAll
    static void stop() {
        live.close();
    }

    @Test
    void aRoomIsCreatedOnceWithItsDefaultsAndAgainByTheSameBodyOnly() throws Exception {
        Reply first = create("{\"name\":\"all-hands\",\"audioSlots\":5}");
        assertEquals(201, first.status(), first::body);
        assertEquals(ROOMS + "/all-hands", first.headers().get("location"));
        JsonNode body = Examples.parse(first.body());
        assertEquals(5, body.path("audioSlots").asInt());
        assertEquals(200, body.path("maxParticipants").asInt());
        assertEquals("auto", body.path("mode").asText());
        assertEquals(10_000, body.path("maxViewers").asInt());
        assertEquals(3, body.path("simulcast").path("layers").size());
        assertEquals(0, body.path("count").asInt());

        Reply again = create("{\"audioSlots\":5,\"name\":\"all-hands\",\"mode\":\"auto\",\"unknown\":1}");
        assertEquals(200, again.status());
        assertEquals(body, Examples.parse(again.body()));
        Reply other = create("{\"name\":\"all-hands\",\"audioSlots\":4}");
        assertEquals(409, other.status());
        assertEquals("conflict", other.code());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|400",
                "{\"name\":\"a b\"}|400",
                "{\"name\":\"\"}|400",
                "{\"name\":7}|400",
                "{\"name\":\"x\",\"maxParticipants\":0}|400",
                "{\"name\":\"x\",\"maxParticipants\":10001}|400",
                "{\"name\":\"x\",\"maxParticipants\":\"200\"}|400",
                "{\"name\":\"x\",\"audioSlots\":17}|400",
                "{\"name\":\"x\",\"mode\":\"mesh\"}|400",
                "{\"name\":\"x\",\"codecs\":[]}|400",
                "{\"name\":\"x\",\"codecs\":[\"VP8\",\"vp8\"]}|400",
                "{\"name\":\"x\",\"codecs\":[\"H265\"]}|400",
                "{\"name\":\"x\",\"simulcast\":{\"layers\":[]}}|400",
                "{\"name\":\"x\",\"simulcast\":{\"layers\":[{\"rid\":\"q\"}]}}|400",
                "{\"name\":\"x\",\"adaptiveQuality\":1}|400",
                "[]|400",
                "{\"name\":\"x\"|400",
                "{\"name\":\"x\"} trailing|400",
                "{\"name\":\"x\",\"mode\":\"p2p\"}|501",
                "{\"name\":\"x\",\"e2ee\":true}|501"
            })
    void refusesBodiesThatAreNoRoom(String body, int status) throws Exception {
        Reply reply = create(body);
        assertEquals(status, reply.status(), reply::body);
        assertEquals(status == 501 ? "notImplemented" : "badRequest", reply.code());
        assertEquals("application/problem+json", reply.headers().get("content-type"));
        assertEquals(404, live.http().get(ROOMS + "/x", ADMIN).status());
    }

    @Test
    void refusesFourLayersTooManyAndABodyThatNeverEnds() throws Exception {
        String layer = "{\"rid\":\"%s\",\"width\":320,\"height\":180,\"maxBitrate\":150000,\"maxFramerate\":15}";
        String five = String.join(
                ",",
                layer.formatted("a"),
                layer.formatted("b"),
                layer.formatted("c"),
                layer.formatted("d"),
                layer.formatted("e"));
        assertEquals(
                400,
                create("{\"name\":\"l\",\"simulcast\":{\"layers\":[" + five + "]}}")
                        .status());
        Reply endless = create("{\"name\":\"" + "x".repeat(70_000) + "\"}");
        assertEquals(413, endless.status());
    }

    @Test
    void changesWhatMayChangeAndSaysWhatMayNot() throws Exception {
        create("{\"name\":\"changing\"}");
        TestSocket host = joined("changing", Role.HOST);

        Reply changed = live.http().send("PATCH", ROOMS + "/changing", "{\"maxParticipants\":2}", ADMIN);
        assertEquals(200, changed.status(), changed::body);
        assertEquals(2, Examples.parse(changed.body()).path("maxParticipants").asInt());
        JsonNode update = host.next();
        assertEquals("room:update", update.path("type").asText());
        assertEquals(2, update.path("room").path("maxParticipants").asInt());

        Reply fixed = live.http().send("PATCH", ROOMS + "/changing", "{\"codecs\":[\"VP8\"]}", ADMIN);
        assertEquals(409, fixed.status());
        assertEquals("conflict", fixed.code());
        assertEquals(
                400,
                live.http()
                        .send("PATCH", ROOMS + "/changing", "{\"name\":\"other\"}", ADMIN)
                        .status());
        assertEquals(
                404, live.http().send("PATCH", ROOMS + "/nowhere", "{}", ADMIN).status());
    }

    @Test
    void endsARoomWithAWordToAllInIt() throws Exception {
        create("{\"name\":\"ending\"}");
        TestSocket host = joined("ending", Role.HOST);

        assertEquals(
                204, live.http().send("DELETE", ROOMS + "/ending", "", ADMIN).status());

        assertEquals("room:end", host.next().path("type").asText());
        assertEquals(4000, host.closeCode());
        assertEquals(404, live.http().get(ROOMS + "/ending", ADMIN).status());
        assertEquals(
                404, live.http().send("DELETE", ROOMS + "/ending", "", ADMIN).status());
        TestSocket again = joined("ending", Role.HOST);
        again.assertOpen();
    }

    @Test
    void showsThePeopleAndTheirFigures() throws Exception {
        joined("people", Role.HOST);
        joined("people", Role.VIEWER);

        JsonNode people = get("/people/participants").path("participants");
        assertEquals(2, people.size());
        assertEquals("host", people.path(0).path("role").asText());
        assertEquals("Somebody", people.path(0).path("displayName").asText());
        assertTrue(people.path(0).path("tracks").isArray());
        String id = people.path(1).path("participantId").asText();
        assertEquals("viewer", get("/people/participants/" + id).path("role").asText());

        JsonNode stats = get("/people/stats");
        assertEquals("people", stats.path("room").asText());
        assertEquals("sfu", stats.path("mode").asText());
        assertEquals(1, stats.path("count").asInt());
        assertEquals(1, stats.path("viewers").asInt());
        assertTrue(stats.path("participants").isArray());
        assertTrue(stats.path("ingressMbps").isNumber());

        JsonNode room = get("/people");
        assertEquals(1, room.path("count").asInt());
        assertEquals(
                404, live.http().get(ROOMS + "/people/participants/x", ADMIN).status());
    }

    @Test
    void changesARoleAndRemovesAPerson() throws Exception {
        TestSocket host = joined("moving", Role.HOST);
        TestSocket viewer = joined("moving", Role.VIEWER);
        String id = host.next().path("participantId").asText();
        String path = ROOMS + "/moving/participants/" + id;

        Reply promoted = live.http().send("PATCH", path, "{\"role\":\"guest\",\"audioMuted\":true}", ADMIN);
        assertEquals(200, promoted.status(), promoted::body);
        assertEquals("guest", Examples.parse(promoted.body()).path("role").asText());
        assertEquals("guest", host.next().path("role").asText());
        assertEquals("guest", viewer.next().path("role").asText());
        assertEquals(
                400,
                live.http().send("PATCH", path, "{\"audioMuted\":false}", ADMIN).status());
        assertEquals(
                400,
                live.http().send("PATCH", path, "{\"role\":\"king\"}", ADMIN).status());

        assertEquals(204, live.http().send("DELETE", path, "", ADMIN).status());
        JsonNode leave = host.next();
        assertEquals("participant:leave", leave.path("type").asText());
        assertEquals("removed", leave.path("reason").asText());
        assertEquals(4003, viewer.closeCode());
        assertEquals(404, live.http().send("DELETE", path, "", ADMIN).status());
    }

    @Test
    void listsWhatTheCallerMaySee() throws Exception {
        create("{\"name\":\"seen\"}");
        create("{\"name\":\"unseen\"}");
        JsonNode mine = Examples.parse(live.http()
                .get(ROOMS, LiveWeb.bearer("seen", Role.GUEST, false))
                .body());
        assertEquals(1, mine.path("rooms").size());
        assertEquals("seen", mine.path("rooms").path(0).path("name").asText());
        assertTrue(Examples.parse(live.http().get(ROOMS, ADMIN).body())
                        .path("rooms")
                        .size()
                >= 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST"})
    void saysWhichMethodsThereAre(String method) throws Exception {
        Reply reply = live.http().send(method, ROOMS + "/lab", "{}", ADMIN);
        assertEquals(405, reply.status());
        assertEquals("DELETE, GET, HEAD, OPTIONS, PATCH", reply.headers().get("allow"));
        assertEquals(204, live.http().send("OPTIONS", ROOMS + "/lab", "").status());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,'',guest,200",
        "GET,/participants,viewer,200",
        "GET,/stats,viewer,200",
        "PATCH,'',guest,403",
        "PATCH,'',cohost,403",
        "PATCH,'',host,200",
        "DELETE,/participants/x,cohost,403",
        "DELETE,/participants/x,host,404",
        "PATCH,/participants/x,guest,403"
    })
    void givesHostsTheirOwnRoomAndOthersTheSightOfIt(String method, String path, String role, int status)
            throws Exception {
        create("{\"name\":\"rights\"}");
        String mine = LiveWeb.bearer("rights", Role.of(role).orElseThrow(), false);
        String elsewhere = LiveWeb.bearer("elsewhere", Role.HOST, false);
        String body = method.equals("PATCH") ? "{}" : "";
        assertEquals(
                status,
                live.http().send(method, ROOMS + "/rights" + path, body, mine).status());
        assertEquals(
                403,
                live.http()
                        .send(method, ROOMS + "/rights" + path, body, elsewhere)
                        .status());
        Reply nobody = live.http().send(method, ROOMS + "/rights" + path, body);
        assertEquals(401, nobody.status());
        assertEquals("Bearer", nobody.headers().get("www-authenticate"));
    }

    @Test
    void aHostCreatesHisOwnRoomOnly() throws Exception {
        String host = LiveWeb.bearer("own", Role.HOST, false);
        assertEquals(
                201, live.http().send("POST", ROOMS, "{\"name\":\"own\"}", host).status());
        assertEquals(
                403,
                live.http().send("POST", ROOMS, "{\"name\":\"others\"}", host).status());
    }

    private static Reply create(String body) throws Exception {
        return live.http().send("POST", ROOMS, body, ADMIN);
    }

    private static JsonNode get(String path) throws Exception {
        Reply reply = live.http().get(ROOMS + path, ADMIN);
        assertEquals(200, reply.status(), reply::body);
        return Examples.parse(reply.body());
    }

    private static TestSocket joined(String room, Role role) throws Exception {
        String token = LiveWeb.bearer(room, role, false).replace("Authorization: Bearer ", "");
        TestSocket socket = live.join(room + "?access_token=" + token);
        socket.nextOk();
        return socket;
    }
}
