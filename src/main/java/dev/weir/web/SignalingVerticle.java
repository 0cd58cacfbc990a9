package dev.weir.web;

import dev.weir.signal.CloseCode;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One event loop's share of the outer face: an HTTP server, on the port that all verticles share, and its sockets. */
final class SignalingVerticle extends VerticleBase {
    /** A token in a query makes a long first line. */
    private static final int MAX_REQUEST_LINE = 16_384;

    private static final int MAX_HEADERS = 16_384;
    private static final int CLOSING_TIMEOUT_SECONDS = 2;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);
    /** More than these are told to try again: the rest of the machine is for media. */
    private static final int MAX_SOCKETS = 20_000;
    /** Of the IANA registry of close codes. */
    private static final short TRY_AGAIN_LATER = 1013;

    private final WebServer.Parts parts;
    private final int port;
    private final Set<SocketSession> sockets = new HashSet<>();
    private HttpServer server;
    private SocketParts socketParts;

    /** @param port negative: a free one, the same for all verticles that name this number */
    SignalingVerticle(WebServer.Parts parts, int port) {
        this.parts = parts;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        socketParts = parts.socketParts(vertx);
        parts.backend().bus().onLoss(node -> Set.copyOf(sockets).forEach(session -> session.onLoss(node)));
        HttpRoutes routes = new HttpRoutes(parts, socketParts, this::onSocket);
        server = vertx.createHttpServer(options()).requestHandler(routes.router(vertx));
        return server.listen(port, parts.config().host()).recover(cause -> Future.failedFuture(sentenceOf(cause)));
    }

    private HttpServerOptions options() {
        HttpServerOptions options = new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxWebSocketFrameSize(SocketLimits.MESSAGE_BYTES)
                .setMaxWebSocketMessageSize(SocketLimits.MESSAGE_BYTES)
                // Off, since a small compressed frame can hold more than the limit on messages lets through.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(List.of("weir"))
                .setWebSocketClosingTimeout(CLOSING_TIMEOUT_SECONDS)
                // Sockets are pinged more often than that; it also ends one whose client reads nothing any more.
                .setReadIdleTimeout((int) parts.limits().idle().toMillis())
                .setWriteIdleTimeout((int) parts.limits().idle().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        parts.certificate().ifPresent(certificate -> options.setSsl(true)
                .setKeyCertOptions(certificate.current().options()));
        return options;
    }

    private void onSocket(ServerWebSocket socket, Admission admission) {
        if (socket.isClosed()) {
            return;
        }
        if (sockets.size() >= MAX_SOCKETS) {
            socket.close(TRY_AGAIN_LATER, "too many sockets here; try again");
            return;
        }
        SocketSession session = new SocketSession(socketParts, socket, admission, sockets::remove);
        sockets.add(session);
        session.open();
    }

    /** From now on new connections are shown that certificate; those that are open stay as they are. From any thread. */
    Future<?> use(ServerCertificate certificate) {
        return server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(certificate.options()));
    }

    int actualPort() {
        return server.actualPort();
    }

    @Override
    public Future<?> stop() {
        for (SocketSession session : Set.copyOf(sockets)) {
            session.close(CloseCode.GOING_AWAY, "the server stops");
        }
        return server.shutdown(STOP_TIMEOUT);
    }

    private Throwable sentenceOf(Throwable cause) {
        String host = parts.config().host();
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return new BindException("the host name " + host + " is not known");
        }
        if (message.contains("in use")) {
            return new BindException("port " + port + " on " + host + " is in use");
        }
        if (message.contains("assign requested address")) {
            return new BindException(host + " is not an address of this machine");
        }
        if (message.contains("ermission denied")) {
            return new BindException("no permission to listen on port " + port);
        }
        if (parts.config().tls() instanceof WebConfig.Tls.Files(String _, String key)) {
            return new IOException("the TLS key " + key + " will not do: " + message, cause);
        }
        return cause;
    }
}
