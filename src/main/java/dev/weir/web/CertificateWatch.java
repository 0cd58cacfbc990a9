package dev.weir.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of https as it is now: files that are renewed are read again, without a restart. What will not do, a
 * half-written file or a key of another certificate, is passed over, and looked at again when the files change again.
 */
final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final long INTERVAL_MS = 5_000;

    private final Vertx vertx;
    private final WebConfig.Tls tls;
    private volatile ServerCertificate current;
    private volatile List<FileTime> seen = List.of();
    private Function<ServerCertificate, Future<?>> users;
    private long timer = -1;

    CertificateWatch(Vertx vertx, WebConfig.Tls tls, ServerCertificate first) {
        this.vertx = vertx;
        this.tls = tls;
        this.current = first;
        this.seen = times();
    }

    ServerCertificate current() {
        return current;
    }

    /** @param everyUser takes a new one into use, or fails when it will not do */
    void start(Function<ServerCertificate, Future<?>> everyUser) {
        users = everyUser;
        if (tls instanceof WebConfig.Tls.Files) {
            timer = vertx.setPeriodic(INTERVAL_MS, _ -> look());
        }
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    /** Looks whether the files changed. Never fails. */
    Future<Void> look() {
        return vertx.executeBlocking(this::changed, true)
                .compose(found ->
                        found.fingerprint().equals(current.fingerprint()) ? Future.succeededFuture() : take(found))
                .<Void>mapEmpty()
                .recover(cause -> {
                    LOG.warn("the renewed TLS certificate is not used: {}", cause.getMessage());
                    return Future.succeededFuture();
                });
    }

    private Future<?> take(ServerCertificate found) {
        return users.apply(found).onSuccess(_ -> {
            current = found;
            LOG.info("the TLS certificate was renewed, SHA-256 {}", found.fingerprint());
        });
    }

    private ServerCertificate changed() throws IOException {
        List<FileTime> now = times();
        if (now.equals(seen) || !(tls instanceof WebConfig.Tls.Files(var certificate, var key))) {
            return current;
        }
        seen = now;
        return ServerCertificate.read(certificate, key);
    }

    /** Links are followed, which is how renewals are often put in place. */
    private List<FileTime> times() {
        if (!(tls instanceof WebConfig.Tls.Files(var certificate, var key))) {
            return List.of();
        }
        try {
            return List.of(Files.getLastModifiedTime(Path.of(certificate)), Files.getLastModifiedTime(Path.of(key)));
        } catch (IOException _) {
            // Just being replaced.
            return seen;
        }
    }
}
