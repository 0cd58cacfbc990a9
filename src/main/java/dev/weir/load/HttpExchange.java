package dev.weir.load;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

/** WHIP (RFC 9725) and WHEP: an offer is posted, the answer comes back, a DELETE of its location ends it. */
final class HttpExchange implements Signaling {
    private static final int TIMEOUT_MS = 20_000;
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int UNAVAILABLE = 503;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,3}");

    private final LoadLoop loop;
    private final URI endpoint;
    private Owner owner;
    private URI location;
    private boolean closed;

    /** @param template an address with {@code {room}} and {@code {n}} to be filled in */
    HttpExchange(LoadLoop loop, Part part, String template) {
        this.loop = loop;
        this.endpoint =
                URI.create(template.replace("{room}", part.room()).replace("{n}", String.valueOf(part.number())));
    }

    @Override
    public void open(Owner asking) {
        owner = asking;
        post();
    }

    private void post() {
        if (closed) {
            return;
        }
        request(HttpMethod.POST, endpoint, Buffer.buffer(owner.offer()))
                .compose(response -> response.body().map(body -> {
                    onAnswer(response, body.toString());
                    return body;
                }))
                .onFailure(cause -> fail(Urls.sentence(cause)));
    }

    @Override
    public void view(List<String> trackIds, int height) {
        // WHEP has no views.
    }

    @Override
    public void close() {
        closed = true;
        if (location != null) {
            request(HttpMethod.DELETE, location, Buffer.buffer());
        }
    }

    private void onAnswer(HttpClientResponse response, String body) {
        String later = response.getHeader("Retry-After");
        if (response.statusCode() == UNAVAILABLE
                && later != null
                && SECONDS.matcher(later).matches()) {
            owner.onPutOff();
            loop.later(1_000 * Long.parseLong(later), this::post);
            return;
        }
        if (response.statusCode() != CREATED && response.statusCode() != OK) {
            fail("HTTP " + response.statusCode());
            return;
        }
        String given = response.getHeader("Location");
        location = given == null ? null : endpoint.resolve(given);
        if (closed) {
            close();
        } else {
            owner.onAnswer(body);
        }
    }

    private Future<HttpClientResponse> request(HttpMethod method, URI uri, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(uri.toString())
                .setConnectTimeout(TIMEOUT_MS)
                .setIdleTimeout(TIMEOUT_MS);
        if (body.length() > 0) {
            options.putHeader("Content-Type", "application/sdp");
        }
        loop.plan().target().token().ifPresent(token -> options.putHeader("Authorization", "Bearer " + token));
        return loop.http().request(options).compose(request -> request.send(body));
    }

    private void fail(String reason) {
        if (!closed) {
            closed = true;
            owner.onFailed(reason);
        }
    }
}
