package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that come from an address, over real HTTP. */
class IssuerKeysTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer issuer;
    private KeyPair pair;
    private volatile int status = 200;
    private volatile byte[] answer;

    @BeforeEach
    void open() throws Exception {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        answer = set("k1").getBytes(StandardCharsets.UTF_8);
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().add("Location", "/other");
            exchange.sendResponseHeaders(status, answer.length);
            try (exchange) {
                exchange.getResponseBody().write(answer);
            }
        });
        issuer.start();
    }

    @AfterEach
    void close() throws Exception {
        issuer.stop(0);
        TestServer.await(vertx.close());
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/jwks.json");
    }

    private String set(String kid) {
        byte[] der = pair.getPublic().getEncoded();
        String x = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOfRange(der, der.length - 32, der.length));
        return "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + kid + "\",\"x\":\"" + x + "\"}]}";
    }

    private String token(String kid) throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\"}";
        String claims = "{\"sub\":\"ada\",\"name\":\"Ada\",\"room\":\"lab\",\"role\":\"host\",\"exp\":"
                + (Instant.now().getEpochSecond() + 60) + "}";
        String signed = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64.encodeToString(signature.sign());
    }

    @Test
    void aTokenSignedByAKeyOfTheAddressOpensTheServerAndOthersDoNot() throws Exception {
        WebConfig closed = TestServer.closed();
        WebConfig.Rules rules =
                new WebConfig.Rules(Optional.of(address()), Optional.empty(), Optional.empty(), true, false, 60, 0, "");
        WebConfig config = new WebConfig(
                closed.host(),
                0,
                closed.publicHosts(),
                closed.allowOrigins(),
                closed.trustedProxies(),
                closed.tls(),
                Optional.empty(),
                false,
                closed.iceServers(),
                1,
                closed.ownAddresses(),
                closed.version(),
                rules);
        try (TestServer server = new TestServer(config);
                HttpClient client = HttpClient.newHttpClient()) {
            assertEquals(1, asked.get());
            assertEquals(101, status(client, server, token("k1")));
            assertEquals(401, status(client, server, token("k1") + "x"));
            assertEquals(401, status(client, server, token("k9")), "no such key");
            assertEquals(1, asked.get(), "made-up key ids do not make it ask again and again");
        }
    }

    /** Of an upgrade with this token: 101, or what it was refused with. */
    private static int status(HttpClient client, TestServer server, String token) {
        URI room = URI.create("ws://127.0.0.1:" + server.port() + "/ws/lab");
        return client.newWebSocketBuilder()
                .subprotocols("weir", "bearer." + token)
                .buildAsync(room, new WebSocket.Listener() {})
                .handle((socket, refused) -> {
                    if (socket != null) {
                        socket.abort();
                        return 101;
                    }
                    return ((WebSocketHandshakeException) refused.getCause())
                            .getResponse()
                            .statusCode();
                })
                .join();
    }

    @Test
    void anAddressThatAnswersOtherwiseLeavesTheServerWithoutKeysAndRunning() throws Exception {
        for (int other : new int[] {302, 404, 500}) {
            status = other;
            assertEquals(Optional.empty(), started(), "status " + other);
        }
        assertEquals(3, asked.get(), "a redirect is not followed");
        status = 200;
        for (String malformed : new String[] {"", "not json", "{}", "{\"keys\":[]}"}) {
            answer = malformed.getBytes(StandardCharsets.UTF_8);
            assertEquals(Optional.empty(), started(), malformed);
        }
        answer = new byte[IssuerKeys.MAX_BYTES + 1];
        Arrays.fill(answer, (byte) ' ');
        assertFalse(started().isPresent(), "too long");
        answer = set("k1").getBytes(StandardCharsets.UTF_8);
        assertTrue(started().isPresent());
    }

    private Optional<KeySet> started() throws Exception {
        IssuerKeys keys = TestServer.await(IssuerKeys.start(vertx, address()));
        keys.stop();
        return keys.now();
    }
}
