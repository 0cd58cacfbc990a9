package dev.weir.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real HTTP server that takes webhook messages, or does not. */
public final class WebhookReceiver implements AutoCloseable {
    /** What the receiver answers to a message; may block. */
    public interface Manner {
        int answer(Taken message) throws InterruptedException;
    }

    public record Taken(String signature, String id, byte[] body) {
        public JsonObject json() {
            return new JsonObject(new String(body, StandardCharsets.UTF_8));
        }

        /** Its room, number and type. */
        public String line() {
            return json().getString("room") + " " + json().getLong("number") + " " + json().getString("type");
        }
    }

    private final HttpServer server;
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final List<Taken> all = new CopyOnWriteArrayList<>();
    private volatile Manner manner = _ -> 204;

    public WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?key=not-to-be-logged");
    }

    void answer(Manner next) {
        manner = next;
    }

    /** The next that was answered by 2xx; null when none comes in time. */
    public Taken next() throws InterruptedException {
        return taken.poll(20, TimeUnit.SECONDS);
    }

    /** All that came, also what was not taken. */
    public List<Taken> all() {
        return all;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Taken message = new Taken(
                    exchange.getRequestHeaders().getFirst(Webhooks.SIGNATURE),
                    exchange.getRequestHeaders().getFirst(Webhooks.ID),
                    exchange.getRequestBody().readAllBytes());
            all.add(message);
            int status = manner.answer(message);
            if (status / 100 == 2) {
                taken.add(message);
            }
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
