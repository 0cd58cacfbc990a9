package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Role;
import dev.weir.web.Replies.Reply;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in: limits by address, open mode from this machine, keys and certificates that change. */
final class GatekeeperTest {
    private static final String ROOMS = "/api/v1/rooms";
    private static final String BAD = "Authorization: Bearer bad.bad.bad";
    private static final String ADMIN = LiveWeb.bearer("*", Role.HOST, true);

    @Test
    void tellsAnAddressWithTooManyRefusedTokensToWaitAndLetsGoodOnesIn() throws Exception {
        try (TestServer server = new TestServer(proxied(rules(5, 0, Optional.empty()), true))) {
            for (int i = 0; i < 5; i++) {
                assertEquals(401, of(server, "203.0.113.7", BAD).status());
            }
            Reply late = of(server, "203.0.113.7", BAD);
            assertEquals(429, late.status());
            assertEquals("rateLimited", late.code());
            assertEquals("12", late.headers().get("retry-after"));
            // A client's own claim of where it comes from does not help.
            assertEquals(429, of(server, "198.51.100.1, 203.0.113.7", BAD).status());
            assertEquals(401, of(server, "203.0.113.8", BAD).status());
            assertEquals(
                    200,
                    of(server, "203.0.113.7", ADMIN.replace("Bearer", "bearer")).status());
            assertEquals(
                    401,
                    server.http()
                            .get("/api/v1/nodes", BAD, "Forwarded: for=\"[2001:db8:1:2::3]:4711\"")
                            .status());
        }
    }

    @Test
    void believesNobodyElseWhereARequestComesFrom() throws Exception {
        try (TestServer server = new TestServer(proxied(rules(5, 0, Optional.empty()), false))) {
            for (int i = 0; i < 5; i++) {
                assertEquals(401, of(server, "203.0.113." + i, BAD).status());
            }
            assertEquals(429, of(server, "203.0.113.77", BAD).status());
        }
    }

    @Test
    void limitsJoinsByAddressAndNotThoseFromThisMachine() throws Exception {
        try (TestServer server = new TestServer(proxied(rules(0, 3, Optional.empty()), true))) {
            String token = "Authorization: Bearer " + ADMIN.substring("Authorization: Bearer ".length());
            for (int i = 0; i < 3; i++) {
                assertEquals(101, upgrade(server, token, "X-Forwarded-For: 203.0.113.7"));
            }
            assertEquals(429, upgrade(server, token, "X-Forwarded-For: 203.0.113.7"));
            for (int i = 0; i < 6; i++) {
                assertEquals(101, upgrade(server, token));
            }
        }
    }

    @Test
    void openModeTrustsThisMachineByItsOwnNamesOnly() throws Exception {
        try (LiveWeb live = new LiveWeb(TestServer.OPEN, 10)) {
            Replies http = live.http();
            assertEquals(200, http.request("GET", "/api/v1/nodes", "localhost").status());
            assertEquals(
                    200, http.request("GET", "/api/v1/nodes", "127.0.0.1:80").status());
            assertEquals(200, http.request("GET", "/api/v1/nodes", "[::1]").status());
            for (String host : List.of("weir.example.org", "192.0.2.7")) {
                assertEquals(403, http.request("GET", "/api/v1/nodes", host).status());
            }
            for (String header : List.of(
                    "X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1", "X-Real-IP: 127.0.0.1", "Via: 1.1 x")) {
                assertEquals(403, http.get("/api/v1/nodes", header).status(), header);
            }
            // A hostile page, also one whose name was bound to this address meanwhile.
            assertEquals(
                    421,
                    http.request("DELETE", ROOMS + "/lab", "rebound.example.org")
                            .status());
            assertEquals(
                    403,
                    http.request("DELETE", ROOMS + "/lab", "localhost", "Origin: https://evil.example.org")
                            .status());
            assertEquals(
                    404, http.request("DELETE", ROOMS + "/lab", "localhost").status());
        }
    }

    @Test
    void makesTokensWithinTheRightsOfWhoAsks() throws Exception {
        try (LiveWeb live = new LiveWeb(LiveWeb.closed(), 10)) {
            String host = LiveWeb.bearer("lab", Role.HOST, false);
            String wish = "{\"name\":\"Guest\",\"room\":\"%s\",\"role\":\"%s\",\"admin\":%s,\"ttlMs\":86400000}";
            assertEquals(
                    403,
                    token(live, wish.formatted("kitchen", "guest", false), host).status());
            assertEquals(
                    403, token(live, wish.formatted("*", "guest", false), host).status());
            assertEquals(
                    403, token(live, wish.formatted("lab", "guest", true), host).status());
            assertEquals(
                    403,
                    token(live, wish.formatted("lab", "guest", false), LiveWeb.bearer("lab", Role.COHOST, false))
                            .status());
            assertEquals(401, token(live, wish.formatted("lab", "guest", false)).status());
            var made = Examples.parse(
                    token(live, wish.formatted("lab", "guest", false), host).body());
            assertFalse(Instant.parse(made.path("expiresAt").asText())
                    .isAfter(Instant.now().plus(Duration.ofHours(1)).plusSeconds(1)));
            TestSocket socket =
                    live.join("lab?access_token=" + made.path("token").asText());
            assertEquals("guest", socket.nextOk().path("role").asText());
        }
    }

    @Test
    void aTokenThatExpiresDuringACallEndsIt() throws Exception {
        try (LiveWeb live = new LiveWeb(LiveWeb.closed(), 10)) {
            TestSocket host = live.join("lab?access_token=" + ADMIN.substring("Authorization: Bearer ".length()));
            host.nextOk();
            String brief = new Tokens(TestServer.SECRET)
                    .sign(new Tokens.Claims("b", "B", "lab", Role.GUEST, false), Duration.ofSeconds(2));
            TestSocket guest = live.join("lab?access_token=" + brief);
            guest.nextOk();
            assertEquals("participant:join", host.next().path("type").asText());
            assertEquals(4010, guest.closeCode());
            var leave = host.next();
            assertEquals("participant:leave", leave.path("type").asText());
            assertEquals("expired", leave.path("reason").asText());
        }
    }

    @Test
    void takesANewKeyOfTheIssuerWhenATokenNamesIt(@TempDir Path folder) throws Exception {
        KeyPair first = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair second = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path file = folder.resolve("keys.json");
        Files.writeString(file, "{\"keys\":[" + key("one", first) + "]}");
        try (LiveWeb live =
                new LiveWeb(LiveWeb.config(Optional.empty(), false, rules(0, 0, Optional.of(file.toUri()))), 10)) {
            assertEquals(200, live.http().get(ROOMS, signed("one", first)).status());
            assertEquals(401, live.http().get(ROOMS, signed("two", second)).status());
            Files.writeString(file, "{\"keys\":[" + key("two", second) + "]}");
            long deadline = System.nanoTime() + 10_000_000_000L;
            int status = 401;
            while (status == 401 && System.nanoTime() < deadline) {
                status = live.http().get(ROOMS, signed("two", second)).status();
            }
            assertEquals(200, status);
            assertEquals(401, live.http().get(ROOMS, signed("one", first)).status());
        }
    }

    @Test
    void takesUpARenewedCertificateAndPassesOverOneThatWillNotDo(@TempDir Path folder) throws Exception {
        Set<String> names = Set.of("localhost");
        ServerCertificate before = ServerCertificate.selfSigned(names, List.of());
        ServerCertificate after = ServerCertificate.selfSigned(names, List.of());
        Path certificate = Files.writeString(folder.resolve("cert.pem"), before.certificatePem());
        Path key = Files.writeString(folder.resolve("key.pem"), before.keyPem());
        WebConfig it = TestServer.OPEN;
        WebConfig tls = new WebConfig(
                it.host(),
                0,
                it.publicHosts(),
                it.allowOrigins(),
                it.trustedProxies(),
                new WebConfig.Tls.Files(certificate.toString(), key.toString()),
                it.authSecret(),
                true,
                it.iceServers(),
                2,
                it.ownAddresses(),
                it.version(),
                it.rules());
        try (TestServer server = new TestServer(tls)) {
            String shown = fingerprint(server.port());
            assertEquals(before.fingerprint(), shown);

            Files.writeString(certificate, after.certificatePem());
            touch(certificate);
            TestServer.await(server.server.lookForCertificate());
            assertEquals(before.fingerprint(), fingerprint(server.port()), "the key is the old one's still");

            Files.writeString(key, after.keyPem());
            touch(key);
            TestServer.await(server.server.lookForCertificate());
            for (int i = 0; i < 4; i++) {
                assertEquals(after.fingerprint(), fingerprint(server.port()));
            }
            assertNotEquals(before.fingerprint(), after.fingerprint());
            assertTrue(server.server
                    .fingerprint()
                    .filter(after.fingerprint()::equals)
                    .isPresent());
        }
    }

    private static void touch(Path file) throws Exception {
        FileTime time = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1_000));
    }

    private static String fingerprint(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            socket.startHandshake();
            byte[] shown = socket.getSession().getPeerCertificates()[0].getEncoded();
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(shown));
        }
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static Reply token(LiveWeb live, String body, String... headers) throws Exception {
        return live.http().send("POST", "/api/v1/tokens", body, headers);
    }

    private static Reply of(TestServer server, String client, String header) throws Exception {
        return server.http().get("/api/v1/nodes", header, "X-Forwarded-For: " + client);
    }

    private static int upgrade(TestServer server, String... headers) throws Exception {
        return HttpRoutesTest.upgrade(server, "/ws/lab", "localhost", headers).status();
    }

    private static String key(String kid, KeyPair pair) {
        byte[] der = pair.getPublic().getEncoded();
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"%s\",\"x\":\"%s\"}"
                .formatted(kid, encode(Arrays.copyOfRange(der, der.length - 32, der.length)));
    }

    private static String signed(String kid, KeyPair pair) throws Exception {
        String text = encode(("{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\"}").getBytes(StandardCharsets.UTF_8)) + "."
                + encode("{\"sub\":\"a\",\"room\":\"*\",\"exp\":4102444800}".getBytes(StandardCharsets.UTF_8));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(pair.getPrivate());
        signer.update(text.getBytes(StandardCharsets.UTF_8));
        return "Authorization: Bearer " + text + "." + encode(signer.sign());
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static WebConfig.Rules rules(int failures, int joins, Optional<URI> keySet) {
        return new WebConfig.Rules(keySet, Optional.empty(), Optional.empty(), false, false, failures, joins, "");
    }

    private static WebConfig proxied(WebConfig.Rules rules, boolean trusted) {
        WebConfig it = TestServer.OPEN;
        return new WebConfig(
                it.host(),
                0,
                it.publicHosts(),
                it.allowOrigins(),
                trusted ? List.of(Cidr.parse("127.0.0.0/8").orElseThrow()) : List.of(),
                it.tls(),
                Optional.of(TestServer.SECRET),
                false,
                it.iceServers(),
                2,
                it.ownAddresses(),
                it.version(),
                rules);
    }
}
