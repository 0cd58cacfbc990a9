package dev.weir.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** WHIP and WHEP before a server that has neither: what is posted goes there by WebSocket, and its answer comes back. */
public final class WhipBridge implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    /** One for all, since a client that nobody holds any more takes its sockets with it. */
    private final WebSocketClient client = vertx.createWebSocketClient();

    private final URI weir;
    private final int port;
    private final Map<String, WebSocket> sessions = new ConcurrentHashMap<>();
    private final Map<String, Integer> methods = new ConcurrentHashMap<>();

    public WhipBridge(URI weir) throws Exception {
        this.weir = weir;
        port = vertx.createHttpServer()
                .requestHandler(this::onRequest)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Requests by method. */
    public Map<String, Integer> methods() {
        return methods;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void onRequest(HttpServerRequest request) {
        methods.merge(request.method().name(), 1, Integer::sum);
        if (request.method().equals(HttpMethod.DELETE)) {
            WebSocket socket = sessions.remove(request.path());
            socket.close();
            request.response().end();
            return;
        }
        String[] path = request.path().split("/");
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(weir.getHost())
                .setPort(weir.getPort())
                .setURI("/ws/" + path[2]);
        request.body().onSuccess(offer -> client.connect(options)
                .onSuccess(socket -> new Session(request, path[1].equals("whep"), offer.toString(), socket)));
    }

    private final class Session {
        private final HttpServerRequest request;
        private final boolean viewing;
        private final String offer;
        private final WebSocket socket;
        private final Map<String, String> mids = new HashMap<>();

        Session(HttpServerRequest request, boolean viewing, String offer, WebSocket socket) {
            this.request = request;
            this.viewing = viewing;
            this.offer = offer;
            this.socket = socket;
            readMids();
            socket.textMessageHandler(this::onText);
            send(Json.object()
                    .put("type", "join")
                    .put("id", "join")
                    .put("name", "bridge")
                    .put("protocol", 1));
        }

        /** Those that are sent, by kind. */
        private void readMids() {
            String kind = "";
            String mid = "";
            for (String line : offer.split("\r\n")) {
                kind = line.startsWith("m=") ? line.substring(2, 7) : kind;
                mid = line.startsWith("a=mid:") ? line.substring(6) : mid;
                if (line.equals("a=sendonly")) {
                    mids.put(kind, mid);
                }
            }
        }

        private void onText(String text) {
            JsonNode message;
            try {
                message = Json.read(text);
            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                throw new AssertionError(e);
            }
            String id = message.path("id").asText();
            if (id.equals("join")) {
                ObjectNode request =
                        Json.object().put("type", "offer").put("id", "offer").put("sdp", offer);
                ArrayNode tracks = request.putArray("tracks");
                mids.forEach((kind, mid) -> tracks.addObject()
                        .put("mid", mid)
                        .put("kind", kind)
                        .put("source", kind.equals("audio") ? "microphone" : "camera"));
                send(request);
                message.path("snapshot").path("tracks").forEach(this::look);
            } else if (id.equals("offer")) {
                String location = "/session/" + sessions.size() + "-" + System.identityHashCode(socket);
                sessions.put(location, socket);
                request.response()
                        .setStatusCode(201)
                        .putHeader("Location", location)
                        .end(message.path("sdp").asText());
            } else if (message.path("type").asText().equals("track:publish")) {
                look(message);
            }
        }

        private void look(JsonNode track) {
            if (viewing && track.path("source").asText().equals("camera")) {
                ObjectNode view = Json.object().put("type", "view").put("id", "view");
                view.putArray("tiles")
                        .addObject()
                        .put("trackId", track.path("trackId").asText())
                        .put("width", 1280)
                        .put("height", 720);
                view.put("audioOnly", false).putArray("mutedAudio");
                send(view);
            }
        }

        private void send(ObjectNode message) {
            socket.writeTextMessage(message.toString());
        }
    }
}
