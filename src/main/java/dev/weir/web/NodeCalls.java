package dev.weir.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.cluster.NodeRecord;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Role;
import dev.weir.web.RestCall.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;

/** The calls on the node and on tokens (PROTOCOL section 2). */
final class NodeCalls {
    private static final Duration DEFAULT_TTL = Duration.ofHours(1);
    private static final int MAX_TTL_MS = 86_400_000 * 24;
    private static final int MAX_SUBJECT = 128;
    private static final int MAX_NAME_UNITS = 320;
    private static final int MAX_ROOM = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final WebConfig config;
    private final Backend backend;
    private final Tokens tokens;

    NodeCalls(WebConfig config, Backend backend, Tokens tokens) {
        this.config = config;
        this.backend = backend;
        this.tokens = tokens;
    }

    void addTo(Router router, Gatekeeper gate) {
        RestCall.route(router, gate, "/api/v1/nodes", Map.of(HttpMethod.GET, this::nodes));
        RestCall.route(router, gate, "/api/v1/nodes/:id/drain", Map.of(HttpMethod.POST, this::drain));
        RestCall.route(router, gate, "/api/v1/tokens", Map.of(HttpMethod.POST, this::token));
    }

    private Future<Reply> nodes(RestCall call) {
        call.require(call.caller().admin());
        ObjectNode body = SignalJson.object();
        ArrayNode nodes = body.putArray("nodes");
        own(nodes.addObject());
        backend.others().get().forEach(node -> describe(nodes.addObject(), node));
        return Future.succeededFuture(Reply.ok(body));
    }

    private void own(ObjectNode node) {
        node.put("id", backend.directory().node()).put("region", config.rules().region());
        ArrayNode addresses = node.putArray("addresses");
        config.ownAddresses().get().stream()
                .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
                .sorted()
                .forEach(addresses::add);
        node.put("version", config.version())
                .put("state", backend.draining().getAsBoolean() ? NodeRecord.DRAINING : NodeRecord.READY)
                .put("load", backend.directory().load())
                .put("rooms", backend.directory().rooms())
                .put("maxRooms", backend.directory().maxRooms())
                .put("loops", backend.shards().size());
    }

    /** Of another node its last word, with what only those elsewhere have to be told. */
    private static void describe(ObjectNode json, NodeRecord node) {
        json.put("id", node.node()).put("region", node.region());
        ArrayNode addresses = json.putArray("addresses");
        node.addresses().forEach(addresses::add);
        ArrayNode urls = json.putArray("urls");
        node.urls().forEach(urls::add);
        json.put("version", node.version())
                .put("state", node.state())
                .put("load", node.people())
                .put("rooms", node.rooms())
                .put("maxRooms", node.maxRooms())
                .put("loops", node.loops().size())
                .put("cpu", node.cpu())
                .put(
                        "busyRatio",
                        node.loops().stream()
                                .mapToDouble(NodeRecord.Loop::busyRatio)
                                .max()
                                .orElse(0))
                .put("ingressBps", node.ingressBps())
                .put("egressBps", node.egressBps())
                .put("drops", node.drops())
                .put("dropsPerSecond", node.dropsPerSecond())
                .put("dropsPerSecondBefore", node.formerDropsPerSecond());
    }

    /** Draining moves people to another node, of which there is none yet. */
    private Future<Reply> drain(RestCall call) {
        call.require(call.caller().admin());
        if (!call.id().equals(backend.directory().node())) {
            throw Refusal.of(ErrorCode.NOT_FOUND, "There is no such node.");
        }
        throw Refusal.of(ErrorCode.NOT_IMPLEMENTED, "This release drains by SIGTERM only.");
    }

    private Future<Reply> token(RestCall call) {
        Fields body = call.body();
        String room = body.textOr("room", MAX_ROOM, "");
        boolean admin = body.flagOr("admin", false);
        if (!room.equals(Tokens.ANY_ROOM) && !Names.isRoom(room)) {
            throw new Fields.Wrong("room has to be a room's name, or * for all");
        }
        call.require(call.caller().admin() || !admin && call.caller().mayGovern(room));
        if (!tokens.maySign()) {
            throw Refusal.of(ErrorCode.CONFLICT, "This server has no secret to sign tokens with.");
        }
        String name = body.text("name", 1, MAX_NAME_UNITS);
        if (!Names.isDisplayName(name)) {
            throw new Fields.Wrong("name has to be 1 to 80 characters without controls");
        }
        Role role = Role.of(body.textOr("role", 16, Role.GUEST.word()))
                .orElseThrow(() -> new Fields.Wrong("role has to be host, cohost, guest, viewer or recorder"));
        String subject = body.has("sub") ? body.text("sub", 1, MAX_SUBJECT) : randomSubject();
        Duration wanted = Duration.ofMillis(body.numberOr("ttlMs", 1000, MAX_TTL_MS, (int) DEFAULT_TTL.toMillis()));
        Instant now = Clock.systemUTC().instant();
        Duration ttl = call.caller()
                .expiry()
                .filter(_ -> !call.caller().admin())
                .map(expiry -> Duration.between(now, expiry))
                .filter(left -> left.compareTo(wanted) < 0)
                .orElse(wanted);
        String token = tokens.sign(new Tokens.Claims(subject, name, room, role, admin), ttl);
        return Future.succeededFuture(Reply.created(SignalJson.object()
                .put("token", token)
                .put("sub", subject)
                .put("room", room)
                .put("role", role.word())
                .put("admin", admin)
                .put("expiresAt", now.plus(ttl).truncatedTo(ChronoUnit.SECONDS).toString())));
    }

    private static String randomSubject() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
