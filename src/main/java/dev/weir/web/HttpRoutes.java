package dev.weir.web;

import dev.weir.signal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What answers which path (PROTOCOL sections 2 and 4). */
final class HttpRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);
    /** Probes and scrapers come by addresses that nobody configured. */
    private static final Set<String> ANY_HOST = Set.of("/healthz", "/readyz", "/metrics");

    private static final long MAX_BODY_BYTES = 64 * 1024;

    private final WebServer.Parts parts;
    private final AccessRules rules;
    private final Gatekeeper gate;
    private final RoomCalls rooms;
    private final NodeCalls nodes;
    private final StaticFiles files;
    private final Buffer description;
    private final MetricsPage metrics;
    private final BooleanSupplier draining;
    private final SocketParts sockets;
    private final BiConsumer<ServerWebSocket, Admission> onSocket;

    HttpRoutes(WebServer.Parts parts, SocketParts sockets, BiConsumer<ServerWebSocket, Admission> onSocket) {
        this.parts = parts;
        this.sockets = sockets;
        this.gate = parts.gate();
        this.rules = gate.rules();
        this.rooms = new RoomCalls(parts.backend(), parts.config().rules());
        this.nodes = new NodeCalls(parts.config(), parts.backend(), gate.tokens());
        this.files = parts.files();
        this.description = parts.description();
        this.metrics = new MetricsPage(parts.backend(), parts.metrics());
        this.draining = parts.backend().draining();
        this.onSocket = onSocket;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(this::checkAccess);
        get(router, "/", context -> files.servePage(context.request()));
        get(router, "/r/:room", this::room);
        get(router, "/ws/:room", this::webSocket);
        get(router, "/healthz", context -> text(context, "text/plain; charset=utf-8", Buffer.buffer("ok\n")));
        get(router, "/readyz", this::readiness);
        get(router, "/metrics", this::metrics);
        get(router, "/openapi.yaml", context -> text(context, "application/yaml", description));
        for (String withBodies : List.of("/api/v1/*", "/whip/*", "/whep/*")) {
            router.route(withBodies).handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        }
        rooms.addTo(router, gate);
        nodes.addTo(router, gate);
        router.route("/api/v1/*").handler(HttpRoutes::notImplemented);
        new MediaCalls(sockets, parts.backend(), gate).addTo(router);
        get(
                router,
                "/*",
                context -> files.serve(context.request(), context.request().path()));
        router.errorHandler(400, context -> Problem.of(ErrorCode.BAD_REQUEST, "That is no request we understand.")
                .send(context.response()));
        router.errorHandler(Problem.PAYLOAD_TOO_LARGE, context -> new Problem(
                        Problem.PAYLOAD_TOO_LARGE,
                        ErrorCode.BAD_REQUEST,
                        "A body has at most " + MAX_BODY_BYTES + " bytes.")
                .send(context.response()));
        router.errorHandler(500, HttpRoutes::ourMistake);
        return router;
    }

    /** HEAD is GET without the body, OPTIONS says which methods there are, all else is refused. */
    private static void get(Router router, String path, Handler<RoutingContext> handler) {
        router.route(path).handler(context -> {
            HttpMethod method = context.request().method();
            if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
                handler.handle(context);
                return;
            }
            context.response().putHeader("Allow", "GET, HEAD, OPTIONS");
            if (method.equals(HttpMethod.OPTIONS)) {
                context.response().setStatusCode(204).end();
            } else {
                new Problem(Problem.METHOD_NOT_ALLOWED, ErrorCode.BAD_REQUEST, "This path takes GET only.")
                        .send(context.response());
            }
        });
    }

    private void checkAccess(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.response().putHeader("X-Content-Type-Options", "nosniff");
        Optional<Problem> refusal = ANY_HOST.contains(request.path()) ? Optional.empty() : rules.refusalOfHost(request);
        refusal = refusal.or(() -> rules.refusalOfOrigin(request, isUpgrade(request)));
        if (refusal.isPresent()) {
            refusal.get().send(context.response());
            return;
        }
        rules.allowedOrigin(request).ifPresent(origin -> allow(origin, context.response()));
        context.next();
    }

    /** CORS for the origins of {@code --allow-origin}. Tokens travel in headers, so there are no cookies to allow. */
    private static void allow(String origin, HttpServerResponse response) {
        response.putHeader("Access-Control-Allow-Origin", origin)
                .putHeader("Vary", "Origin")
                .putHeader("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE")
                .putHeader("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match")
                .putHeader(
                        "Access-Control-Expose-Headers",
                        "Location, ETag, Link, Weir-Participant, Retry-After, Allow, Accept-Post, Accept-Patch");
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return request.headers().contains("Upgrade", "websocket", true);
    }

    private void room(RoutingContext context) {
        if (Names.isRoom(context.pathParam("room"))) {
            files.servePage(context.request());
        } else {
            Problem.notFound().send(context.response());
        }
    }

    private void readiness(RoutingContext context) {
        if (draining.getAsBoolean()) {
            Problem.of(ErrorCode.UNAVAILABLE, "This server is about to stop.").send(context.response());
        } else {
            text(context, "text/plain; charset=utf-8", Buffer.buffer("ready\n"));
        }
    }

    private void metrics(RoutingContext context) {
        metrics.render()
                .onSuccess(page -> text(context, MetricsPage.CONTENT_TYPE, page))
                .onFailure(context::fail);
    }

    private static void text(RoutingContext context, String contentType, Buffer body) {
        context.response()
                .putHeader("Content-Type", contentType)
                .putHeader("Cache-Control", "no-cache")
                .end(body);
    }

    private static void notImplemented(RoutingContext context) {
        if (context.request().method().equals(HttpMethod.OPTIONS)) {
            context.response().setStatusCode(204).end();
        } else {
            Problem.of(ErrorCode.NOT_IMPLEMENTED, "This release does not have that yet.")
                    .send(context.response());
        }
    }

    /** The path only: a query may hold a token. */
    private static void ourMistake(RoutingContext context) {
        LOG.error("{} {} failed", context.request().method(), context.request().path(), context.failure());
        if (!context.response().headWritten()) {
            Problem.of(ErrorCode.UNAVAILABLE, "Something went wrong here.").send(context.response());
        }
    }

    // WebSocket.

    private void webSocket(RoutingContext context) {
        HttpServerRequest request = context.request();
        String room = context.pathParam("room");
        if (!Names.isRoom(room)) {
            Problem.of(ErrorCode.BAD_REQUEST, "A room's name is 1 to 128 letters, digits, '-', '_' or '.'.")
                    .send(context.response());
            return;
        }
        Future<Caller> caller = gate.socketCaller(request, room);
        if (!caller.isComplete()) {
            // What comes of the client meanwhile is for the socket.
            request.pause();
        }
        caller.onSuccess(known -> upgrade(request, room, known))
                .onFailure(cause -> RestCall.problemOf(context, cause).send(context.response()));
    }

    private void upgrade(HttpServerRequest request, String room, Caller caller) {
        if (!isUpgrade(request)) {
            request.response().putHeader("Upgrade", "websocket");
            new Problem(Problem.UPGRADE_REQUIRED, ErrorCode.BAD_REQUEST, "This path takes WebSockets only.")
                    .send(request.response());
            return;
        }
        Optional<Problem> tooMany = gate.refusalOfJoin(request);
        if (tooMany.isPresent()) {
            tooMany.get().send(request.response());
            return;
        }
        Optional<String> ownUrl = rules.ownOrigin(request).map(WebOrigin::toString);
        Admission admission = new Admission(room, caller.identity(), caller.expiry(), ownUrl);
        request.toWebSocket()
                .onSuccess(socket -> onSocket.accept(socket, admission))
                .onFailure(cause -> LOG.debug("no WebSocket for room {}: {}", room, cause.toString()));
    }
}
