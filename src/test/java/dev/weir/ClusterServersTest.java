package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole servers as one cluster, in one process on loopback, with clients that have a socket and no media. */
class ClusterServersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Server one;
    private Server two;

    @BeforeEach
    void start() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = 20_000 + free.getLocalPort() % 10_000;
        }
        one = server(1, port);
        two = server(2, port);
    }

    @AfterEach
    void stop() {
        two.stop();
        if (one != null) {
            one.stop();
        }
    }

    private Server server(int number, int port) throws Exception {
        Map<Setting<?>, String> flags = new HashMap<>(Map.of(
                Settings.HOST,
                "127.0.0." + number,
                Settings.PORT,
                "0",
                Settings.UDP_PORT,
                "0",
                Settings.LOOPS,
                "1",
                Settings.CLUSTER,
                "true",
                Settings.CLUSTER_MEMBERS,
                "127.0.0.1:" + port + ",127.0.0.2:" + port,
                Settings.CLUSTER_HOST,
                "127.0.0." + number,
                Settings.CLUSTER_PORT,
                String.valueOf(port),
                Settings.CLUSTER_DETECTION,
                "1s",
                Settings.NODE,
                "node" + number));
        return Server.start(
                Configuration.of(SettingValues.read(flags, Map.of(), ConfigurationFile.builtIn(folder), folder)));
    }

    @Test
    void aRoomIsOneFromEitherNodeAndItsPeopleComeBackWhenTheOneTheySatOnIsGone() throws Exception {
        Client ada = new Client(one, "lab");
        JsonNode joinedAda = ada.join("Ada", "");
        Client bob = new Client(two, "lab");
        JsonNode joinedBob = bob.join("Bob", "");

        assertEquals("host", joinedAda.path("role").asText());
        assertEquals("guest", joinedBob.path("role").asText());
        assertEquals(2, joinedBob.path("snapshot").path("participants").size());
        assertTrue(joinedBob.path("resume").asText().startsWith("node1-0."), "where Ada made the room");
        String elsewhere = one.url().toString();
        assertEquals(
                elsewhere.substring(0, elsewhere.length() - 1),
                joinedBob.path("urls").path(1).asText());
        for (int i = 0; i < 20; i++) {
            ask(i % 2 == 0 ? ada : bob, "chat", "\"text\":\"word " + i + "\"");
        }
        for (Client client : List.of(ada, bob)) {
            long seq = -1;
            for (int i = 0; i < 20; i++) {
                JsonNode event = client.next(it -> it.path("type").asText().equals("chat"));
                assertEquals("word " + i, event.path("text").asText());
                assertTrue(seq < 0 || event.path("seq").asLong() == seq + 1, "no number is missing");
                seq = event.path("seq").asLong();
            }
        }

        one.stop();
        one = null;
        assertEquals(1001, bob.closed.poll(20, TimeUnit.SECONDS), "his session was on the node that is gone");
        Client again = new Client(two, "lab");
        String token = joinedBob.path("resume").asText();
        JsonNode back = again.join("Bob", ",\"resume\":{\"token\":\"" + token + "\",\"seq\":3}");
        assertEquals(
                joinedBob.path("participantId").asText(),
                back.path("participantId").asText());
        assertEquals("guest", back.path("role").asText(), "the host has not come back yet, and still is it");
        assertTrue(back.path("resume").asText().startsWith("node2-0."));
        JsonNode forged = new Client(two, "other").join("Eve", ",\"resume\":{\"token\":\"" + token + "\",\"seq\":3}");
        assertNotEquals(
                joinedBob.path("participantId").asText(),
                forged.path("participantId").asText());
    }

    private static void ask(Client client, String type, String fields) throws Exception {
        client.send("{\"type\":\"" + type + "\",\"id\":\"x\"," + fields + "}");
        JsonNode answer = client.next(it -> it.path("id").asText().equals("x"));
        assertEquals("ok", answer.path("type").asText(), answer::toString);
    }

    /** A socket, and what came by it in its order. What {@link #next} does not look for stays. */
    private final class Client implements WebSocket.Listener {
        final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
        private final List<JsonNode> kept = new java.util.ArrayList<>();
        private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket;

        Client(Server server, String room) throws Exception {
            socket = http.newWebSocketBuilder()
                    .subprotocols("weir")
                    .buildAsync(URI.create(server.url().toString().replace("http", "ws") + "ws/" + room), this)
                    .get(10, TimeUnit.SECONDS);
        }

        JsonNode join(String name, String more) throws Exception {
            send("{\"type\":\"join\",\"id\":\"j\",\"protocol\":1,\"name\":\"" + name + "\"" + more + "}");
            JsonNode answer = next(it -> it.path("id").asText().equals("j"));
            assertEquals("ok", answer.path("type").asText(), answer::toString);
            return answer;
        }

        void send(String message) throws Exception {
            socket.sendText(message, true).get(10, TimeUnit.SECONDS);
        }

        JsonNode next(Predicate<JsonNode> wanted) throws Exception {
            for (JsonNode message : kept) {
                if (wanted.test(message)) {
                    kept.remove(message);
                    return message;
                }
            }
            while (true) {
                JsonNode message = messages.poll(15, TimeUnit.SECONDS);
                assertTrue(message != null, "nothing like it came");
                if (wanted.test(message)) {
                    return message;
                }
                kept.add(message);
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    messages.add(JSON.readTree(text.toString()));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.add(code);
            return null;
        }
    }
}
