package dev.weir.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.signal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of the REST interface, from who makes it to its answer. */
record RestCall(RoutingContext context, Caller caller) {
    private static final Logger LOG = LoggerFactory.getLogger(RestCall.class);
    private static final int MAX_ID = 128;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    record Body(String type, String text) {}

    /** @param headers beside those of the body, some of which may stand twice */
    record Reply(int status, Optional<Body> body, List<Map.Entry<String, String>> headers) {
        static Reply ok(ObjectNode body) {
            return new Reply(200, Optional.of(json(body)), List.of());
        }

        static Reply created(ObjectNode body, String location) {
            return new Reply(201, Optional.of(json(body)), List.of(Map.entry("Location", location)));
        }

        /** Made, but nowhere to be found. */
        static Reply created(ObjectNode body) {
            return new Reply(201, Optional.of(json(body)), List.of());
        }

        static Reply done() {
            return new Reply(204, Optional.empty(), List.of());
        }

        private static Body json(ObjectNode body) {
            return new Body("application/json", body.toString());
        }
    }

    /**
     * What answers a path, by method; HEAD is GET without the body.
     *
     * @param accepts a header of the answer to OPTIONS that says what bodies are taken
     */
    record Methods(
            Map<HttpMethod, Function<RestCall, Future<Reply>>> byMethod, Optional<Map.Entry<String, String>> accepts) {
        static Methods accepting(
                Map<HttpMethod, Function<RestCall, Future<Reply>>> byMethod, String header, String type) {
            return new Methods(byMethod, Optional.of(Map.entry(header, type)));
        }

        String allowed() {
            TreeSet<String> names = new TreeSet<>();
            byMethod.keySet().forEach(method -> names.add(method.name()));
            names.add("OPTIONS");
            if (byMethod.containsKey(HttpMethod.GET)) {
                names.add("HEAD");
            }
            return String.join(", ", names);
        }
    }

    static void route(
            Router router, Gatekeeper gate, String path, Map<HttpMethod, Function<RestCall, Future<Reply>>> methods) {
        route(router, gate, path, new Methods(methods, Optional.empty()));
    }

    static void route(Router router, Gatekeeper gate, String path, Methods methods) {
        String allow = methods.allowed();
        router.route(path).handler(context -> {
            HttpMethod method = context.request().method();
            Function<RestCall, Future<Reply>> answer =
                    methods.byMethod().get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
            if (answer != null) {
                run(context, gate, answer);
                return;
            }
            context.response().putHeader("Allow", allow);
            if (method.equals(HttpMethod.OPTIONS)) {
                methods.accepts()
                        .ifPresent(accepts -> context.response().putHeader(accepts.getKey(), accepts.getValue()));
                // RFC 9725 section 4.2 has 200 where bodies are taken by type; elsewhere there is nothing to say.
                context.response()
                        .setStatusCode(methods.accepts().isPresent() ? 200 : 204)
                        .end();
            } else {
                new Problem(Problem.METHOD_NOT_ALLOWED, ErrorCode.BAD_REQUEST, "This path takes " + allow + ".")
                        .send(context.response());
            }
        });
    }

    /** Composed throughout, so that whatever goes wrong is answered. */
    private static void run(RoutingContext context, Gatekeeper gate, Function<RestCall, Future<Reply>> answer) {
        gate.caller(context.request())
                .compose(caller -> answer.apply(new RestCall(context, caller)))
                .onSuccess(reply -> send(context.response(), reply))
                .onFailure(cause -> problemOf(context, cause).send(context.response()));
    }

    private static void send(HttpServerResponse response, Reply reply) {
        response.setStatusCode(reply.status()).putHeader("Cache-Control", "no-store");
        reply.headers().forEach(header -> response.headers().add(header.getKey(), header.getValue()));
        if (reply.body().isPresent()) {
            response.putHeader("Content-Type", reply.body().get().type())
                    .end(reply.body().get().text());
        } else {
            response.end();
        }
    }

    static Problem problemOf(RoutingContext context, Throwable cause) {
        return switch (cause) {
            case Refusal refusal -> refusal.problem();
            case Fields.Wrong wrong -> Problem.of(ErrorCode.BAD_REQUEST, wrong.getMessage() + ".");
            default -> {
                LOG.error(
                        "{} {} failed",
                        context.request().method(),
                        context.request().path(),
                        cause);
                yield Problem.of(ErrorCode.UNAVAILABLE, "The server did not manage to answer; try again.");
            }
        };
    }

    /** The path's room. Throws a {@link Refusal} when that is no name, or the caller may not. */
    String room(BiPredicate<Caller, String> right) {
        String room = context.pathParam("room");
        if (!Names.isRoom(room)) {
            throw Refusal.of(ErrorCode.BAD_REQUEST, "A room's name is 1 to 128 letters, digits, '-', '_' or '.'.");
        }
        require(right.test(caller, room));
        return room;
    }

    String id() {
        String id = context.pathParam("id");
        if (id == null || id.isEmpty() || id.length() > MAX_ID) {
            throw new Refusal(Problem.notFound());
        }
        return id;
    }

    void require(boolean right) {
        if (!right) {
            throw Refusal.of(
                    ErrorCode.FORBIDDEN,
                    caller.expiry().isPresent()
                            ? "The token does not give the right to that."
                            : "Without tokens that is for this machine only.");
        }
    }

    Fields body() {
        JsonNode body;
        try {
            byte[] bytes = context.body().buffer() == null
                    ? new byte[0]
                    : context.body().buffer().getBytes();
            body = JSON.readTree(bytes);
        } catch (JacksonException _) {
            throw new Fields.Wrong("The body is not JSON");
        } catch (IOException unexpected) {
            throw new IllegalStateException("reading from memory failed", unexpected);
        }
        if (body == null || !body.isObject()) {
            throw new Fields.Wrong("The body has to be a JSON object");
        }
        return Fields.of(body);
    }
}
