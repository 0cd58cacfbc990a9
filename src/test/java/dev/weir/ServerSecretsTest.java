package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.web.WebhookReceiver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A whole server with every secret there is, used, and all that it says looked through. */
class ServerSecretsTest {
    private static final String AUTH_SECRET = "secret-of-tokens-0123456789abcdefghij";
    private static final String HOOK_SECRET = "secret-of-webhooks-0123456789abcdefgh";

    @TempDir
    Path folder;

    @Test
    void tellsAWebhookOfARoomAndSpellsOutNoSecretAndNoToken() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("dev.weir");
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        log.addAppender(said);
        log.setLevel(Level.TRACE);
        List<String> tokens = new ArrayList<>();
        try (WebhookReceiver receiver = new WebhookReceiver();
                HttpClient client = HttpClient.newHttpClient()) {
            Configuration configuration = configuration(receiver.url());
            Server server = Server.start(configuration);
            try {
                URI at = server.url().resolve("/ws/daily");
                tokens.add(token("Ada"));
                tokens.add(token("Ben"));
                // One token as a subprotocol, one in the address, and one that is refused.
                WebSocket ada = open(client, at, "weir", "bearer." + tokens.get(0));
                WebSocket ben = open(client, URI.create(at + "?access_token=" + tokens.get(1)), "weir");
                String tampered = tokens.get(0) + "x";
                tokens.add(tampered);
                HttpResponse<String> refused = client.send(
                        HttpRequest.newBuilder(server.url().resolve("/api/v1/rooms?access_token=" + tampered))
                                .header("Authorization", "Bearer " + tampered)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertEquals(401, refused.statusCode());
                assertFalse(refused.body().contains(tampered));
                join(ada, "Ada");
                assertEquals("daily 1 room:started", next(receiver).line());
                WebhookReceiver.Taken joined = next(receiver);
                assertEquals("daily 2 participant:joined", joined.line());
                assertEquals(subject(tokens.get(0)), joined.json().getString("sub"));
                assertEquals("guest", joined.json().getString("role"));
                join(ben, "Ben");
                assertEquals("daily 3 participant:joined", next(receiver).line());
                ada.sendText("{\"type\":\"leave\",\"id\":\"2\"}", true).join();
                WebhookReceiver.Taken left = next(receiver);
                assertEquals("daily 4 participant:left", left.line());
                assertEquals("left", left.json().getString("reason"));
                String metrics = client.send(
                                HttpRequest.newBuilder(server.url().resolve("/metrics"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                assertTrue(metrics.contains("weir_webhook_attempts_total{result=\"delivered\"}"), metrics);
                assertFalse(metrics.contains(HOOK_SECRET) || metrics.contains(AUTH_SECRET));
                ben.abort();
                ada.abort();
            } finally {
                server.stop();
            }
            assertFalse(configuration.toString().contains(HOOK_SECRET), "a logged configuration is harmless");
            assertFalse(configuration.toString().contains(AUTH_SECRET));
        } finally {
            log.detachAppender(said);
            log.setLevel(null);
        }
        assertTrue(said.list.size() > 3, "something is logged at all");
        List<String> secrets = new ArrayList<>(List.of(AUTH_SECRET, HOOK_SECRET, "not-to-be-logged"));
        secrets.addAll(tokens);
        for (ILoggingEvent event : List.copyOf(said.list)) {
            String line = RedactingEncoder.redact(event.getFormattedMessage());
            assertTrue(secrets.stream().noneMatch(line::contains), line);
        }
    }

    private Configuration configuration(URI hook) {
        Map<Setting<?>, String> flags = Map.of(
                Settings.PORT,
                "0",
                Settings.UDP_PORT,
                "0",
                Settings.LOOPS,
                "1",
                Settings.AUTH_SECRET,
                AUTH_SECRET,
                Settings.WEBHOOK_URL,
                hook.toString(),
                Settings.WEBHOOK_SECRET,
                HOOK_SECRET);
        return Configuration.of(SettingValues.read(flags, Map.of(), ConfigurationFile.builtIn(folder), folder));
    }

    private String token(String name) {
        Commands made = Commands.run(
                folder,
                Map.of("WEIR_AUTH_SECRET", AUTH_SECRET),
                "token",
                "--room",
                "daily",
                "--name",
                name,
                "--role",
                "guest");
        assertEquals(0, made.code(), made.err());
        return made.out().strip();
    }

    private static String subject(String token) {
        String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
        return claims.replaceFirst(".*\"sub\":\"([^\"]+)\".*", "$1");
    }

    private static WebSocket open(HttpClient client, URI at, String protocol, String... more) {
        URI address = URI.create(at.toString().replaceFirst("^http", "ws"));
        return client.newWebSocketBuilder()
                .subprotocols(protocol, more)
                .buildAsync(address, new WebSocket.Listener() {})
                .join();
    }

    private static void join(WebSocket socket, String name) {
        socket.sendText(
                        "{\"type\":\"join\",\"id\":\"1\",\"protocol\":1,\"name\":\"" + name
                                + "\",\"capabilities\":{\"codecs\":[\"VP8\"],\"slots\":{\"audio\":1,\"video\":1}}}",
                        true)
                .join();
    }

    private static WebhookReceiver.Taken next(WebhookReceiver receiver) throws InterruptedException {
        WebhookReceiver.Taken message = receiver.next();
        assertNotNull(message, "the webhook got nothing");
        return message;
    }
}
