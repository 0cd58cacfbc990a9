package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client's socket, for a test's thread to wait on. */
final class TestSocket {
    static final String JOIN = "{\"type\":\"join\",\"id\":\"j\",\"name\":\"Ada\",\"protocol\":1}";

    final WebSocket socket;
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    private TestSocket(WebSocket socket) {
        this.socket = socket;
        socket.textMessageHandler(text -> received.add(Examples.parse(text)));
        socket.closeHandler(_ -> closed.complete((int) socket.closeStatusCode()));
        socket.exceptionHandler(_ -> {});
        socket.resume();
    }

    static TestSocket open(WebSocketClient client, WebSocketConnectOptions options) throws Exception {
        CompletableFuture<TestSocket> opened = new CompletableFuture<>();
        client.connect(options)
                .onSuccess(socket -> opened.complete(new TestSocket(socket)))
                .onFailure(opened::completeExceptionally);
        try {
            return opened.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    void send(String text) {
        socket.writeTextMessage(text);
    }

    void sendBinary(byte[] bytes) {
        socket.writeBinaryMessage(Buffer.buffer(bytes));
    }

    JsonNode next() throws InterruptedException {
        JsonNode message = received.poll(5, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return message;
    }

    JsonNode nextOk() throws InterruptedException {
        JsonNode message = next();
        assertEquals("ok", message.path("type").asText(), message::toString);
        return message;
    }

    JsonNode nextError(String code) throws InterruptedException {
        JsonNode message = next();
        assertEquals("error", message.path("type").asText(), message::toString);
        assertEquals(code, message.path("code").asText(), message::toString);
        return message;
    }

    int closeCode() throws Exception {
        return closed.get(10, TimeUnit.SECONDS);
    }

    /** Whether the server still answers here. */
    void assertOpen() throws InterruptedException {
        send("{\"type\":\"ping\",\"id\":\"alive\"}");
        JsonNode answer = nextOk();
        assertEquals("alive", answer.path("id").asText());
    }
}
