package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.weir.signal.Role;
import dev.weir.web.Replies.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the server answers is what {@code openapi.yaml} says, down to the fields of bodies. */
final class DescriptionTest {
    private static final String ADMIN = LiveWeb.bearer("*", Role.HOST, true);

    private JsonNode description;
    private final TreeSet<String> seen = new TreeSet<>();

    @Test
    void answersAsItDescribes() throws Exception {
        try (LiveWeb live = new LiveWeb(LiveWeb.closed(), 3)) {
            description =
                    new YAMLMapper().readTree(live.http().get("/openapi.yaml").body());
            assertTrue(description.path("openapi").asText().startsWith("3.1"));
            walk(live, List.of());
            walk(live, List.of(LiveWeb.bearer("elsewhere", Role.GUEST, false)));
            walk(live, List.of("Authorization: Bearer none.at.all"));
            call(live, "POST", "/api/v1/rooms", "{\"name\":\"lab\",\"codecs\":[\"AV1\",\"VP8\"]}", 201, ADMIN);
            call(live, "POST", "/api/v1/rooms", "{\"name\":\"lab\",\"codecs\":[\"AV1\",\"VP8\"]}", 200, ADMIN);
            call(live, "POST", "/api/v1/rooms", "{\"name\":\"lab\"}", 409, ADMIN);
            call(live, "POST", "/api/v1/rooms", "{\"name\":\"two\"}", 201, ADMIN);
            call(live, "POST", "/api/v1/rooms", "{\"name\":\"three\"}", 201, ADMIN);
            call(live, "POST", "/api/v1/rooms", "{\"name\":\"four\"}", 503, ADMIN);
            call(live, "GET", "/api/v1/rooms", "", 200, ADMIN);
            TestSocket socket = live.join("lab?access_token=" + ADMIN.replace("Authorization: Bearer ", ""));
            String id = socket.nextOk().path("participantId").asText();
            call(live, "GET", "/api/v1/rooms/lab/stats", "", 200, ADMIN);
            call(live, "GET", "/api/v1/rooms/lab/participants", "", 200, ADMIN);
            call(live, "GET", "/api/v1/rooms/lab/participants/" + id, "", 200, ADMIN);
            call(live, "PATCH", "/api/v1/rooms/lab/participants/" + id, "{\"role\":\"cohost\"}", 200, ADMIN);
            media(live);
            call(live, "PATCH", "/api/v1/rooms/lab", "{\"locked\":true}", 200, ADMIN);
            call(live, "PATCH", "/api/v1/rooms/lab", "{\"codecs\":[\"VP8\"]}", 409, ADMIN);
            call(live, "PATCH", "/api/v1/rooms/lab", "{\"mode\":\"p2p\"}", 501, ADMIN);
            call(live, "DELETE", "/api/v1/rooms/lab/participants/" + id, "", 204, ADMIN);
            call(live, "DELETE", "/api/v1/rooms/lab", "", 204, ADMIN);
            JsonNode nodes = call(live, "GET", "/api/v1/nodes", "", 200, ADMIN);
            String node = nodes.path("nodes").path(0).path("id").asText();
            call(live, "POST", "/api/v1/nodes/" + node + "/drain", "", 501, ADMIN);
            JsonNode token = call(live, "POST", "/api/v1/tokens", "{\"name\":\"Ada\",\"room\":\"lab\"}", 201, ADMIN);
            assertEquals(
                    "lab",
                    ((Tokens.Verdict.Valid) new Tokens(TestServer.SECRET)
                                    .verify(token.path("token").asText()))
                            .room());
            walk(live, List.of(ADMIN));
        }
        assertTrue(
                seen.contains("post /api/v1/rooms 201") && seen.contains("get /api/v1/rooms/{room} 401"),
                seen::toString);
    }

    private void media(LiveWeb live) throws Exception {
        String sdp = "Content-Type: application/sdp";
        String fragment = "Content-Type: application/trickle-ice-sdpfrag";
        for (String path : List.of("/whip/lab", "/whep/lab")) {
            String offer = path.startsWith("/whip") ? MediaClient.PUBLISHES : MediaClient.PLAYS;
            call(live, "POST", path, offer, 201, ADMIN, sdp);
            call(live, "POST", path, offer, 415, ADMIN);
            call(live, "POST", path, offer.replace("actpass", "holdconn"), 422, ADMIN, sdp);
            call(live, "POST", path, offer.replace("VP8/", "H263/"), 406, ADMIN, sdp);
            String session = new MediaClient(live.http(), ADMIN).open(path, offer).location;
            call(live, "PATCH", session, MediaClient.NEW_ICE, 428, ADMIN, fragment);
            call(live, "PATCH", session, MediaClient.NEW_ICE, 412, ADMIN, fragment, "If-Match: \"older\"");
            call(live, "PATCH", session, MediaClient.NEW_ICE, 200, ADMIN, fragment, "If-Match: *");
            call(live, "PATCH", session, MediaClient.NEW_ICE, 204, ADMIN, fragment, "If-Match: *");
            call(live, "DELETE", session, "", 200, ADMIN);
        }
        call(live, "POST", "/whep/lab/nobody", MediaClient.PLAYS, 404, ADMIN, sdp);
    }

    /** Every operation once, with names that are nobody's. */
    private void walk(LiveWeb live, List<String> headers) throws Exception {
        for (var path : description.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (!operation.getKey().equals("parameters")) {
                    String target = path.getKey().replace("{room}", "nobodys").replace("{id}", "x");
                    String method = operation.getKey().toUpperCase(Locale.ROOT);
                    Reply reply = live.http().send(method, target, "", headers.toArray(String[]::new));
                    check(operation.getKey(), path.getKey(), reply);
                }
            }
        }
    }

    private JsonNode call(LiveWeb live, String method, String target, String body, int status, String... headers)
            throws Exception {
        Reply reply = live.http().send(method, target, body, headers);
        assertEquals(status, reply.status(), () -> method + " " + target + ": " + reply.body());
        return check(method.toLowerCase(Locale.ROOT), described(target), reply);
    }

    /** The described path that fits; one with fewer placeholders is better. */
    private String described(String target) {
        List<String> fitting = new ArrayList<>();
        description.path("paths").fieldNames().forEachRemaining(path -> {
            if (target.matches(path.replaceAll("\\{[a-z]+}", "[^/]+"))) {
                fitting.add(path);
            }
        });
        assertFalse(fitting.isEmpty(), target);
        fitting.sort((a, b) ->
                a.replaceAll("[^{]", "").length() - b.replaceAll("[^{]", "").length());
        return fitting.getFirst();
    }

    private JsonNode check(String method, String path, Reply reply) {
        String what = method + " " + path + " " + reply.status();
        seen.add(what);
        JsonNode response = description
                .path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path("" + reply.status());
        assertFalse(response.isMissingNode(), () -> what + " is not described: " + reply.body());
        if (response.has("$ref")) {
            response = description.at(response.path("$ref").asText().substring(1));
        }
        String type = reply.headers().getOrDefault("content-type", "").replaceFirst(";.*", "");
        JsonNode content = response.path("content").path(type).path("schema");
        assertEquals(reply.body().isEmpty(), content.isMissingNode(), () -> what + " has the type " + type);
        if (!type.endsWith("json")) {
            return content;
        }
        JsonNode body = Examples.parse(reply.body());
        ObjectNode schema = content.deepCopy();
        schema.set("components", description.path("components"));
        var errors = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(schema)
                .validate(body);
        assertEquals(Optional.empty(), errors.stream().map(Object::toString).findFirst(), () -> what + " " + body);
        return body;
    }
}
