package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.sdp.IceFragment;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.HttpRequest;
import dev.weir.signal.HttpUse;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.web.RestCall.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): a POST is a join and an offer in one, and what it makes is a session
 * like all, but that nobody keeps a socket to it. Keeps nothing: where a session is says its own URL.
 */
final class MediaCalls {
    static final String SDP = "application/sdp";
    static final String FRAGMENT = "application/trickle-ice-sdpfrag";

    private static final int NOT_ACCEPTABLE = 406;
    private static final int PRECONDITION_FAILED = 412;
    private static final int UNSUPPORTED_TYPE = 415;
    private static final int PRECONDITION_REQUIRED = 428;

    private final SocketParts parts;
    private final Bus bus;
    private final OwnerDesk desk;
    private final Gatekeeper gate;
    private final Directory directory;

    MediaCalls(SocketParts parts, Backend backend, Gatekeeper gate) {
        this.parts = parts;
        this.bus = backend.bus();
        this.desk = new OwnerDesk(backend);
        this.gate = gate;
        this.directory = backend.directory();
    }

    void addTo(Router router) {
        for (HttpUse use : HttpUse.values()) {
            String endpoint = pathOf(use) + "/:room";
            RestCall.Methods posts = RestCall.Methods.accepting(
                    Map.of(HttpMethod.POST, call -> open(call, use, Optional.empty())), "Accept-Post", SDP);
            RestCall.route(router, gate, endpoint, posts);
            if (use == HttpUse.WHEP) {
                RestCall.Methods ofOne = RestCall.Methods.accepting(
                        Map.of(HttpMethod.POST, call -> open(call, use, Optional.of(call.id()))), "Accept-Post", SDP);
                RestCall.route(router, gate, endpoint + "/:id", ofOne);
            }
            RestCall.Methods ofSession = RestCall.Methods.accepting(
                    Map.of(HttpMethod.PATCH, call -> ice(call, use), HttpMethod.DELETE, call -> close(call, use)),
                    "Accept-Patch",
                    FRAGMENT);
            RestCall.route(router, gate, endpoint + "/session/:id", ofSession);
            router.route(pathOf(use) + "/*")
                    .handler(context -> Problem.notFound().send(context.response()));
        }
    }

    static String pathOf(HttpUse use) {
        return "/" + use.name().toLowerCase(Locale.ROOT);
    }

    // A new session.

    private Future<Reply> open(RestCall call, HttpUse use, Optional<String> participantId) {
        String room = call.room(Caller::mayEnter);
        requireType(call, SDP);
        requireAccepted(call);
        MediaOfferTerms terms = MediaOfferTerms.of(use, call.caller().identity(), nameIn(call));
        Optional<Problem> tooMany = gate.refusalOfJoin(call.context().request());
        if (tooMany.isPresent()) {
            throw new Refusal(tooMany.get());
        }
        return desk.find(room)
                .compose(state -> {
                    terms.requireParticipant(participantId, state);
                    String sdp = call.context().body().asString();
                    return parts.vertx()
                            .executeBlocking(() -> terms.negotiate(sdp == null ? "" : sdp, room, state), false);
                })
                .compose(offer -> new MediaEntry(parts, call, room, terms, offer, participantId).enter());
    }

    private static Optional<String> nameIn(RestCall call) {
        return Optional.ofNullable(call.context().request().getParam("name"));
    }

    private static void requireType(RestCall call, String type) {
        String given = Optional.ofNullable(call.context().request().getHeader("Content-Type"))
                .orElse("");
        if (!mediaType(given).equals(type)) {
            call.context().response().putHeader(type.equals(SDP) ? "Accept-Post" : "Accept-Patch", type);
            throw new Refusal(
                    new Problem(UNSUPPORTED_TYPE, ErrorCode.BAD_REQUEST, "The body has to be of type " + type + "."));
        }
    }

    /** Without the header anything is accepted (RFC 9110 section 12.5.1). */
    private static void requireAccepted(RestCall call) {
        List<String> headers = call.context().request().headers().getAll("Accept");
        boolean accepted = headers.isEmpty()
                || List.of(String.join(",", headers).split(",")).stream()
                        .map(MediaCalls::mediaType)
                        .anyMatch(type -> type.equals(SDP) || type.equals("application/*") || type.equals("*/*"));
        if (!accepted) {
            throw new Refusal(new Problem(NOT_ACCEPTABLE, ErrorCode.BAD_REQUEST, "The answer is of type " + SDP + "."));
        }
    }

    private static String mediaType(String header) {
        return header.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    // What becomes of it.

    /** Where a session is, and its secret; {@code <shard>.<secret>} in its URL. */
    private record Address(ShardId shard, String sessionId) {}

    private Address address(RestCall call) {
        String[] words = call.id().split("\\.", 2);
        Optional<ShardId> shard = ShardId.parse(words[0]).filter(directory::knows);
        if (words.length < 2 || shard.isEmpty()) {
            throw new Refusal(Problem.notFound());
        }
        return new Address(shard.get(), words[1]);
    }

    private Future<ShardAnswer> ask(RestCall call, HttpUse use, String room, HttpRequest request) {
        Address address = address(call);
        return bus.ask(address.shard(), new ShardRequest.OfHttp(address.sessionId(), room, use, request));
    }

    /** Trickled candidates and ICE restarts (RFC 9725 section 4.3). */
    private Future<Reply> ice(RestCall call, HttpUse use) {
        String room = call.room(Caller::mayEnter);
        address(call);
        requireType(call, FRAGMENT);
        String condition = condition(call);
        String body = call.context().body().asString();
        return switch (IceFragment.read(body == null ? "" : body)) {
            case IceFragment.Malformed(var sentence) ->
                Future.failedFuture(Refusal.of(ErrorCode.BAD_REQUEST, sentence + "."));
            case IceFragment.Read(var fragment) ->
                ask(call, use, room, new HttpRequest.Ice(condition, fragment.ufrag(), fragment.pwd()))
                        .map(MediaCalls::replyToIce);
        };
    }

    private static String condition(RestCall call) {
        String header = call.context().request().getHeader("If-Match");
        if (header == null) {
            throw new Refusal(new Problem(
                    PRECONDITION_REQUIRED,
                    ErrorCode.BAD_REQUEST,
                    "If-Match has to name the ICE session by its ETag, or any by *."));
        }
        String tag = header.strip();
        boolean quoted = tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"");
        // The examples of RFC 9725 have the asterisk in quotes, and so have some clients.
        String bare = quoted ? tag.substring(1, tag.length() - 1) : tag;
        return quoted || bare.equals(HttpRequest.ANY_ICE) ? bare : "";
    }

    private static Reply replyToIce(ShardAnswer answer) {
        return switch (answer) {
            case ShardAnswer.IceRestarted(var ours, var kind, var mid) ->
                new Reply(
                        200,
                        Optional.of(new RestCall.Body(FRAGMENT, IceFragment.write(ours, kind, mid))),
                        List.of(Map.entry("ETag", tag(ours.iceUfrag()))));
            case ShardAnswer.OtherIce _ ->
                throw new Refusal(new Problem(
                        PRECONDITION_FAILED, ErrorCode.CONFLICT, "If-Match names an ICE session that is over."));
            case ShardAnswer other -> {
                require(other);
                yield Reply.done();
            }
        };
    }

    /** ICE sessions are told apart by the user fragment that we gave them. */
    static String tag(String ufrag) {
        return "\"" + ufrag + "\"";
    }

    private Future<Reply> close(RestCall call, HttpUse use) {
        String room = call.room(Caller::mayEnter);
        return ask(call, use, room, new HttpRequest.Leave()).map(answer -> {
            require(answer);
            return new Reply(200, Optional.empty(), List.of());
        });
    }

    /** That it is done. */
    static void require(ShardAnswer answer) {
        switch (Outcome.of(answer)) {
            case Outcome.Ok _ -> {}
            case Outcome.Failed failed -> throw Refusal.of(failed);
        }
    }
}
