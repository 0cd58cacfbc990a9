package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.web.Replies.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpRoutesTest {
    private static final String[] UPGRADE = {
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/,text/html; charset=utf-8",
        "/r/all-hands,text/html; charset=utf-8",
        "/r/A.b_c-9,text/html; charset=utf-8",
        "/sdk/weir.js,text/javascript; charset=utf-8",
        "/sdk/weir.d.ts,text/plain; charset=utf-8",
        "/page/page.css,text/css; charset=utf-8",
        "/healthz,text/plain; charset=utf-8",
        "/readyz,text/plain; charset=utf-8",
        "/metrics,text/plain; version=0.0.4; charset=utf-8",
        "/openapi.yaml,application/yaml"
    })
    void servesWhatThereIs(String path, String contentType) throws Exception {
        Reply reply = server.http().get(path);
        assertEquals(200, reply.status());
        assertEquals(contentType, reply.headers().get("content-type"));
        assertEquals("nosniff", reply.headers().get("x-content-type-options"));
        assertFalse(reply.body().isEmpty());

        Reply head = server.http().request("HEAD", path, "localhost");
        assertEquals(200, head.status());
        assertEquals("", head.body());
    }

    @Test
    void letsAPageOfOursDoWhatItNeedsAndNobodyFrameIt() throws Exception {
        Map<String, String> headers = server.http().get("/").headers();
        assertTrue(headers.get("content-security-policy").contains("frame-ancestors 'none'"));
        assertTrue(headers.get("content-security-policy").contains("connect-src 'self' ws: wss:"));
        assertEquals("camera=(self), microphone=(self), display-capture=(self)", headers.get("permissions-policy"));
        assertEquals("no-cache", headers.get("cache-control"));
        assertFalse(headers.containsKey("access-control-allow-origin"));
    }

    @Test
    void letsAnyOriginImportTheSdk() throws Exception {
        Reply reply = server.http().get("/sdk/weir.js", "Origin: https://elsewhere.example.org");
        assertEquals(200, reply.status());
        assertEquals("*", reply.headers().get("access-control-allow-origin"));
    }

    @Test
    void sendsAFileOnceToWhoKeepsIt() throws Exception {
        String etag = server.http().get("/sdk/weir.js").headers().get("etag");
        Reply known = server.http().get("/sdk/weir.js", "If-None-Match: \"other\", W/" + etag);
        assertEquals(304, known.status());
        assertEquals("", known.body());
        assertEquals(
                200,
                server.http().get("/sdk/weir.js", "If-None-Match: \"other\"").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/sdk",
                "/sdk/",
                "/page/",
                "/sdk/missing.js",
                "/../pom.xml",
                "/sdk/../../dev/weir/web/Tokens.class",
                "/sdk/..%2f..%2fprotocol/requests/join.json",
                "/sdk/%2e%2e/%2e%2e/%2e%2e/pom.xml",
                "/..\\..\\pom.xml",
                "//etc/passwd",
                "/file:/etc/passwd",
                "/sdk/weir.js%00.html",
                "/r/",
                "/r/a%20b",
                "/r/a/b"
            })
    void hasNothingElse(String path) throws Exception {
        Reply reply = server.http().get(path);
        assertEquals(404, reply.status(), reply::body);
        assertEquals("application/problem+json", reply.headers().get("content-type"));
        assertEquals("notFound", reply.code());
        assertEquals(404, Examples.parse(reply.body()).path("status").asInt());
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/",
        "PUT,/r/lab",
        "DELETE,/healthz",
        "POST,/sdk/weir.js",
        "PATCH,/metrics",
        "POST,/ws/lab",
        "POST,/nothing"
    })
    void refusesOtherMethods(String method, String path) throws Exception {
        Reply reply = server.http().request(method, path, "localhost");
        assertEquals(405, reply.status());
        assertEquals("GET, HEAD, OPTIONS", reply.headers().get("allow"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/api/v1/rooms/lab/participants/p1/history",
        "POST,/api/v1/rooms/lab/recordings",
        "DELETE,/api/v1/recordings/r1"
    })
    void saysWhatThisReleaseDoesNotHave(String method, String path) throws Exception {
        Reply reply = server.http().request(method, path, "localhost");
        assertEquals(501, reply.status());
        assertEquals("notImplemented", reply.code());
    }

    @Test
    void isNotReadyWhileItDrains() throws Exception {
        server.draining.set(true);
        try {
            Reply reply = server.http().get("/readyz");
            assertEquals(503, reply.status());
            assertEquals("unavailable", reply.code());
            assertTrue(reply.headers().containsKey("retry-after"));
            assertEquals(200, server.http().get("/healthz").status());
        } finally {
            server.draining.set(false);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "localhost.:80",
                "127.0.0.1:1",
                "127.44.0.1",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]",
                "192.0.2.7:8080",
                "[2001:db8::7]",
                "weir.example.org",
                "Weir.Example.Org:443"
            })
    void knowsItsOwnHosts(String host) throws Exception {
        assertEquals(200, server.http().request("GET", "/", host).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.org",
                "localhost.evil.example.org",
                "127.0.0.1.evil.example.org",
                "weir.example.org.evil.example.org",
                "192.0.2.8",
                "[2001:db8::8]"
            })
    void turnsOtherHostsAway(String host) throws Exception {
        assertEquals(421, server.http().request("GET", "/", host).status());
        for (String probe : List.of("/healthz", "/readyz", "/metrics")) {
            assertEquals(200, server.http().request("GET", probe, host).status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1", "::1", "localhost:99999", "localhost:http", "user@localhost", "a b", ""})
    void refusesMalformedHosts(String host) throws Exception {
        int status = server.http().request("GET", "/", host).status();
        assertTrue(status == 400 || status == 421, () -> "" + status);
    }

    @Test
    void turnsAwayWhoNamesNoHostOrTwo() throws Exception {
        assertTrue(server.http().request("GET", "/", null).status() >= 400);
        assertTrue(server.http()
                        .request("GET", "/", "localhost", "Host: evil.example.org")
                        .status()
                >= 400);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/,200",
        "HEAD,/,200",
        "OPTIONS,/,204",
        "POST,/api/v1/rooms,403",
        "PATCH,/whip/lab/s,403",
        "DELETE,/api/v1/rooms/lab,403",
        "POST,/,403"
    })
    void letsForeignPagesReadAtMost(String method, String path, int status) throws Exception {
        for (String origin : List.of("https://evil.example.org", "null", "http://localhost:1", "https://localhost")) {
            assertEquals(
                    status,
                    server.http()
                            .request(method, path, "localhost", "Origin: " + origin)
                            .status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,http://localhost:8080",
        "localhost,http://localhost",
        "localhost:80,http://localhost",
        "localhost,HTTP://LOCALHOST:80",
        "[::1]:9,http://[::1]:9",
        "[::1]:9,http://[0:0::1]:9",
        "localhost,https://friend.example.org",
        "localhost,https://friend.example.org:443"
    })
    void letsItsOwnPagesAndFriendsAct(String host, String origin) throws Exception {
        assertEquals(
                415,
                server.http()
                        .request("POST", "/whip/lab", host, "Origin: " + origin)
                        .status());
        assertEquals(101, upgrade(server, "/ws/lab", host, "Origin: " + origin).status());
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,https://evil.example.org",
        "localhost,null",
        "localhost,https://localhost",
        "localhost:8080,http://localhost:8081",
        "localhost,http://friend.example.org",
        "localhost,https://friend.example.org.evil.example.org",
        "localhost,''"
    })
    void refusesSocketsOfForeignPages(String host, String origin) throws Exception {
        Reply reply = upgrade(server, "/ws/lab", host, "Origin: " + origin);
        assertEquals(403, reply.status());
        assertEquals("forbidden", reply.code());
    }

    @Test
    void tellsFriendsThatTheyMay() throws Exception {
        Reply reply =
                server.http().request("OPTIONS", "/api/v1/rooms", "localhost", "Origin: https://friend.example.org");
        assertEquals(204, reply.status());
        assertEquals("https://friend.example.org", reply.headers().get("access-control-allow-origin"));
        Reply foreign =
                server.http().request("OPTIONS", "/api/v1/rooms", "localhost", "Origin: https://evil.example.org");
        assertFalse(foreign.headers().containsKey("access-control-allow-origin"));
    }

    @Test
    void believesForwardingHeadersOfNobodyByDefault() throws Exception {
        Reply reply = upgrade(
                server,
                "/ws/lab",
                "localhost",
                "Origin: https://front.example.org",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: front.example.org");
        assertEquals(403, reply.status());
    }

    @Test
    void believesForwardingHeadersOfTrustedProxies() throws Exception {
        WebConfig open = TestServer.OPEN;
        WebConfig behindProxy = new WebConfig(
                open.host(),
                0,
                open.publicHosts(),
                open.allowOrigins(),
                List.of(Cidr.parse("127.0.0.0/8").orElseThrow()),
                open.tls(),
                open.authSecret(),
                true,
                open.iceServers(),
                1,
                open.ownAddresses(),
                open.version(),
                open.rules());
        try (TestServer proxied = new TestServer(behindProxy)) {
            String origin = "Origin: https://weir.example.org";
            assertEquals(
                    101,
                    upgrade(proxied, "/ws/lab", "weir.example.org", origin, "X-Forwarded-Proto: https")
                            .status());
            assertEquals(
                    101,
                    upgrade(
                                    proxied,
                                    "/ws/lab",
                                    "localhost",
                                    origin,
                                    "X-Forwarded-Proto: https",
                                    "X-Forwarded-Host: evil.example.org, weir.example.org")
                            .status());
            assertEquals(
                    101,
                    upgrade(
                                    proxied,
                                    "/ws/lab",
                                    "localhost",
                                    origin,
                                    "Forwarded: for=192.0.2.1;proto=https;host=\"weir.example.org\"")
                            .status());
            assertEquals(
                    403, upgrade(proxied, "/ws/lab", "weir.example.org", origin).status());
        }
    }

    @ParameterizedTest
    @CsvSource({"/ws/a%20b,400", "/ws/,404", "/ws/a%2fb,400", "/ws/%C3%A4,400"})
    void opensSocketsForRoomsWithProperNamesOnly(String path, int status) throws Exception {
        assertEquals(status, upgrade(server, path, "localhost").status());
        assertEquals(400, upgrade(server, "/ws/" + "x".repeat(129), "localhost").status());
        assertEquals(101, upgrade(server, "/ws/" + "x".repeat(128), "localhost").status());
    }

    @Test
    void asksForAnUpgradeWhereThereIsNone() throws Exception {
        Reply reply = server.http().get("/ws/lab");
        assertEquals(426, reply.status());
        assertEquals("websocket", reply.headers().get("upgrade"));
    }

    @Test
    void answersAMalformedUpgradeWithoutOne() throws Exception {
        Reply reply = server.http().get("/ws/lab", "Upgrade: websocket", "Connection: Upgrade");
        assertTrue(reply.status() >= 400 && reply.status() < 500, () -> "" + reply.status());
    }

    static Reply upgrade(TestServer server, String path, String host, String... headers) throws Exception {
        String[] all =
                Stream.concat(Arrays.stream(UPGRADE), Arrays.stream(headers)).toArray(String[]::new);
        return server.http().request("GET", path, host, all);
    }
}
