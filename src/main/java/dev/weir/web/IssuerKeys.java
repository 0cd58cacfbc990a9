package dev.weir.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key set of whoever issues tokens, from a file or an address, read again from time to time and when a token names
 * a key that is not in it. What cannot be read leaves the keys as they were. Safe for use from any thread.
 */
final class IssuerKeys {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    static final int MAX_BYTES = 256 * 1024;
    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
    private static final long FILE_REFRESH_MS = 10_000;
    private static final long FETCH_REFRESH_MS = 600_000;
    /** Tokens with made-up key ids must not make us ask more often than this. */
    private static final long FILE_PAUSE_NANOS = 1_000_000_000L;

    private static final long FETCH_PAUSE_NANOS = 30_000_000_000L;

    private final Vertx vertx;
    private final URI source;
    private final boolean isFile;
    private volatile Optional<KeySet> keys = Optional.empty();
    private Future<Void> running = Future.succeededFuture();
    private long lastAsked;
    private String lastTrouble = "";
    private long timer;

    private IssuerKeys(Vertx vertx, URI source) {
        this.vertx = vertx;
        this.source = source;
        this.isFile = "file".equals(source.getScheme());
    }

    /** Fails when a file will not do; an address may answer later. */
    static Future<IssuerKeys> start(Vertx vertx, URI source) {
        IssuerKeys made = new IssuerKeys(vertx, source);
        made.timer = vertx.setPeriodic(made.isFile ? FILE_REFRESH_MS : FETCH_REFRESH_MS, _ -> made.load());
        return made.load().compose(_ -> {
            if (made.isFile && made.keys.isEmpty()) {
                made.stop();
                return Future.failedFuture(new IOException("the key set " + source.getPath() + " " + made.lastTrouble));
            }
            return Future.succeededFuture(made);
        });
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    /** Empty while none could be had. */
    Optional<KeySet> now() {
        return keys;
    }

    /** Looks for newer keys, unless that was done just now. Never fails. */
    synchronized Future<Void> renew() {
        if (!running.isComplete()) {
            return running;
        }
        long pause = isFile ? FILE_PAUSE_NANOS : FETCH_PAUSE_NANOS;
        return System.nanoTime() - lastAsked < pause ? Future.succeededFuture() : load();
    }

    private synchronized Future<Void> load() {
        if (!running.isComplete()) {
            return running;
        }
        lastAsked = System.nanoTime();
        running = vertx.executeBlocking(() -> KeySet.parse(isFile ? readFile() : fetch()), false)
                .onSuccess(this::loaded)
                .onFailure(this::failed)
                .<Void>mapEmpty()
                .otherwiseEmpty();
        return running;
    }

    private synchronized void loaded(KeySet set) {
        keys = Optional.of(set);
        if (!lastTrouble.isEmpty()) {
            LOG.info("the key set {} can be read again", source);
        }
        lastTrouble = "";
    }

    /** Told once, not at each try. */
    private synchronized void failed(Throwable cause) {
        String trouble = String.valueOf(cause.getMessage());
        if (!trouble.equals(lastTrouble)) {
            LOG.warn("the key set {} {}; keys stay as they were", source, trouble);
        }
        lastTrouble = trouble;
    }

    private String readFile() throws IOException {
        try (InputStream stream = Files.newInputStream(Path.of(source))) {
            return limited(stream);
        } catch (IOException unreadable) {
            throw new IOException("cannot be read", unreadable);
        }
    }

    /** Redirects are not followed: the operator said where the keys are. */
    private String fetch() throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(FETCH_TIMEOUT).build()) {
            HttpRequest request = HttpRequest.newBuilder(source)
                    .timeout(FETCH_TIMEOUT)
                    .header("Accept", "application/jwk-set+json, application/json")
                    .build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException("answers " + response.statusCode());
                }
                return limited(body);
            }
        }
    }

    private static String limited(InputStream stream) throws IOException {
        byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new IOException("is longer than " + MAX_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
