package dev.weir.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Weir's own signaling: JSON over a WebSocket (PROTOCOL section 4). */
final class RoomSocket implements Signaling {
    private static final int TIMEOUT_MS = 20_000;

    private final LoadLoop loop;
    private final Part part;
    private Owner owner;
    private WebSocket socket;
    private String participantId = "";
    private String cameraTrack = "";
    private boolean closed;
    private int requests;

    RoomSocket(LoadLoop loop, Part part) {
        this.loop = loop;
        this.part = part;
    }

    @Override
    public void open(Owner asking) {
        owner = asking;
        URI server = loop.plan().target().server();
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(server.getHost())
                .setPort(Urls.port(server))
                .setSsl(Urls.isSecure(server))
                .setTimeout(TIMEOUT_MS)
                .setURI("/ws/" + part.room() + query());
        loop.webSockets().connect(options).onComplete(connected -> {
            if (connected.succeeded()) {
                onOpen(connected.result());
            } else {
                fail("WebSocket: " + Urls.sentence(connected.cause()));
            }
        });
    }

    private String query() {
        return loop.plan()
                .target()
                .token()
                .map(token -> "?access_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8))
                .orElse("");
    }

    private void onOpen(WebSocket opened) {
        socket = opened;
        if (closed) {
            socket.close();
            return;
        }
        socket.textMessageHandler(this::onText);
        socket.closeHandler(_ -> fail("WebSocket closed by the server, " + socket.closeStatusCode()));
        sendJoin();
    }

    private void sendJoin() {
        ObjectNode join = request("join");
        join.put("name", part.name()).put("protocol", 1);
        ObjectNode capabilities = join.putObject("capabilities");
        capabilities.putArray("codecs").add("VP8");
        capabilities.putObject("slots").put("audio", part.audioSlots()).put("video", part.videoSlots());
        send(join);
    }

    @Override
    public void view(List<String> trackIds, int height) {
        ObjectNode view = request("view");
        ArrayNode tiles = view.putArray("tiles");
        for (String trackId : trackIds) {
            tiles.addObject()
                    .put("trackId", trackId)
                    .put("width", height * 16 / 9)
                    .put("height", height);
        }
        view.put("audioOnly", false).putArray("mutedAudio");
        send(view);
    }

    @Override
    public void close() {
        closed = true;
        if (socket != null) {
            socket.close();
        }
    }

    private void onText(String text) {
        if (closed) {
            return;
        }
        try {
            onMessage(Json.read(text));
        } catch (JsonProcessingException e) {
            fail("the server sent what is no JSON");
        }
    }

    private void onMessage(JsonNode message) {
        switch (message.path("type").asText()) {
            case "ok" -> onOk(message);
            case "error" -> onError(message);
            case "track:publish" -> onTrack(message);
            case "track:unpublish" -> owner.onCameraGone(message.path("trackId").asText());
            case "publish:layers" -> onLayers(message);
            default -> {
                // Of no use to a client without a face.
            }
        }
    }

    private void onError(JsonNode message) {
        JsonNode later = message.path("retryAfterMs");
        if (message.path("id").asText().startsWith("join") && later.isIntegralNumber()) {
            owner.onPutOff();
            loop.later(later.asLong(), this::sendJoin);
        } else {
            fail(message.path("code").asText() + ": " + message.path("message").asText());
        }
    }

    private void onOk(JsonNode message) {
        String id = message.path("id").asText();
        if (id.startsWith("join")) {
            if (message.path("waiting").asBoolean()) {
                fail("the room has a waiting room");
                return;
            }
            participantId = message.path("participantId").asText();
            message.path("snapshot").path("tracks").forEach(this::onTrack);
            sendOffer();
        } else if (id.startsWith("offer")) {
            message.path("tracks").forEach(track -> {
                if (track.path("mid").asText().equals(OfferText.CAMERA_MID)) {
                    cameraTrack = track.path("trackId").asText();
                }
            });
            owner.onAnswer(message.path("sdp").asText());
        }
    }

    private void sendOffer() {
        ObjectNode offer = request("offer").put("sdp", owner.offer());
        ArrayNode tracks = offer.putArray("tracks");
        if (part.microphone()) {
            tracks.addObject()
                    .put("mid", OfferText.MICROPHONE_MID)
                    .put("kind", "audio")
                    .put("source", "microphone");
        }
        if (!part.layers().isEmpty()) {
            tracks.addObject()
                    .put("mid", OfferText.CAMERA_MID)
                    .put("kind", "video")
                    .put("source", "camera");
        }
        send(offer);
    }

    private void onTrack(JsonNode track) {
        boolean camera = track.path("source").asText().equals("camera");
        if (camera && !track.path("participantId").asText().equals(participantId)) {
            owner.onCamera(track.path("trackId").asText());
        }
    }

    private void onLayers(JsonNode message) {
        if (message.path("trackId").asText().equals(cameraTrack)) {
            message.path("layers")
                    .forEach(layer -> owner.onLayer(
                            layer.path("rid").asText(), layer.path("active").asBoolean(true)));
        }
    }

    private ObjectNode request(String type) {
        return Json.object().put("type", type).put("id", type + requests++);
    }

    private void send(ObjectNode message) {
        if (socket != null && !socket.isClosed()) {
            socket.writeTextMessage(message.toString());
        }
    }

    private void fail(String reason) {
        if (!closed) {
            closed = true;
            owner.onFailed(reason);
        }
    }
}
