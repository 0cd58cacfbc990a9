package dev.weir.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.signal.ErrorCode;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerResponse;

/**
 * A refusal over HTTP (RFC 9457). The status is the code's own, except where HTTP has a sharper one (405, 421, 426).
 *
 * @param detail a sentence for a person
 * @param retryAfterSeconds said where it makes sense to try again
 */
record Problem(int status, ErrorCode code, String detail, int retryAfterSeconds) {
    static final int METHOD_NOT_ALLOWED = 405;
    static final int MISDIRECTED = 421;
    static final int UPGRADE_REQUIRED = 426;

    static final int PAYLOAD_TOO_LARGE = 413;

    private static final int RETRY_AFTER_SECONDS = 5;

    Problem(int status, ErrorCode code, String detail) {
        this(status, code, detail, RETRY_AFTER_SECONDS);
    }

    static Problem of(ErrorCode code, String detail) {
        return new Problem(code.status(), code, detail);
    }

    /** In whole seconds, and not sooner than was said. */
    static Problem of(Outcome.Failed failed) {
        int seconds = Math.toIntExact(Math.ceilDiv(failed.retryAfterMs(), 1_000));
        return new Problem(
                failed.code().status(), failed.code(), failed.sentence(), seconds == 0 ? RETRY_AFTER_SECONDS : seconds);
    }

    static Problem tooMany(String detail, int retryAfterSeconds) {
        return new Problem(ErrorCode.RATE_LIMITED.status(), ErrorCode.RATE_LIMITED, detail, retryAfterSeconds);
    }

    static Problem notFound() {
        return of(ErrorCode.NOT_FOUND, "There is nothing here.");
    }

    void send(HttpServerResponse response) {
        if (code == ErrorCode.RATE_LIMITED || status == ErrorCode.UNAVAILABLE.status()) {
            response.putHeader("Retry-After", String.valueOf(retryAfterSeconds));
        }
        if (code == ErrorCode.UNAUTHORIZED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Cache-Control", "no-store")
                .end(body().toString());
    }

    private ObjectNode body() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail)
                .put("code", code.word());
    }
}
