package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WebServerTest {

    private static WebConfig at(String host, int port, WebConfig.Tls tls) {
        WebConfig open = TestServer.OPEN;
        return new WebConfig(
                host,
                port,
                open.publicHosts(),
                open.allowOrigins(),
                open.trustedProxies(),
                tls,
                open.authSecret(),
                true,
                open.iceServers(),
                1,
                open.ownAddresses(),
                open.version(),
                open.rules());
    }

    @Test
    void namesThePortThatIsInUse() throws Exception {
        try (TestServer first = new TestServer()) {
            var failed = assertThrows(
                    BindException.class, () -> new TestServer(at("127.0.0.1", first.port(), new WebConfig.Tls.Off())));
            assertEquals("port " + first.port() + " on 127.0.0.1 is in use", failed.getMessage());
        }
    }

    @Test
    void namesTheHostThatIsNotOfThisMachine() {
        var failed =
                assertThrows(BindException.class, () -> new TestServer(at("192.0.2.1", 0, new WebConfig.Tls.Off())));
        assertEquals("192.0.2.1 is not an address of this machine", failed.getMessage());
    }

    @Test
    void sharesAPortAmongItsVerticles() throws Exception {
        try (TestServer server = new TestServer()) {
            assertEquals("http://localhost:" + server.port() + "/", server.server.url());
            for (int i = 0; i < 6; i++) {
                assertEquals(200, server.http().get("/healthz").status());
            }
        }
    }

    @Test
    void speaksHttpsWithACertificateOfItsOwn() throws Exception {
        try (TestServer server = new TestServer(at("127.0.0.1", 0, new WebConfig.Tls.SelfSigned()))) {
            assertEquals("https://localhost:" + server.port() + "/", server.server.url());
            String fingerprint = server.server.fingerprint().orElseThrow();
            assertTrue(fingerprint.matches("([0-9A-F]{2}:){31}[0-9A-F]{2}"), fingerprint);
            assertEquals(200, statusOverTls(server));
        }
    }

    @Test
    void speaksHttpsWithTheFilesItIsGiven(@TempDir Path folder) throws Exception {
        ServerCertificate made =
                ServerCertificate.selfSigned(Set.of("localhost"), List.of(InetAddress.ofLiteral("127.0.0.1")));
        Path certificate = Files.writeString(folder.resolve("cert.pem"), made.certificatePem());
        Path key = Files.writeString(folder.resolve("key.pem"), made.keyPem());
        var files = new WebConfig.Tls.Files(certificate.toString(), key.toString());
        try (TestServer server = new TestServer(at("127.0.0.1", 0, files))) {
            assertEquals(made.fingerprint(), server.server.fingerprint().orElseThrow());
            assertEquals(200, statusOverTls(server));
        }
    }

    private static int statusOverTls(TestServer server) throws Exception {
        var client = server.vertx.createHttpClient(
                new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
        int status = TestServer.await(client.request(HttpMethod.GET, server.port(), "127.0.0.1", "/healthz")
                .compose(request -> request.send())
                .map(response -> response.statusCode()));
        TestServer.await(client.close());
        return status;
    }

    @Test
    void namesTheCertificateThatWillNotDo(@TempDir Path folder) throws Exception {
        Path nonsense = Files.writeString(folder.resolve("cert.pem"), "nonsense");
        var missing = new WebConfig.Tls.Files(folder.resolve("none.pem").toString(), nonsense.toString());
        var wrong = new WebConfig.Tls.Files(nonsense.toString(), nonsense.toString());
        String sentence = assertThrows(IOException.class, () -> new TestServer(at("127.0.0.1", 0, missing)))
                .getMessage();
        assertTrue(sentence.contains("none.pem cannot be read"), sentence);
        sentence = assertThrows(IOException.class, () -> new TestServer(at("127.0.0.1", 0, wrong)))
                .getMessage();
        assertTrue(sentence.contains("cert.pem is no PEM certificate"), sentence);
    }

    @Test
    void namesTheKeyThatWillNotDo(@TempDir Path folder) throws Exception {
        ServerCertificate made = ServerCertificate.selfSigned(Set.of("localhost"), List.of());
        Path certificate = Files.writeString(folder.resolve("cert.pem"), made.certificatePem());
        Path key = Files.writeString(folder.resolve("key.pem"), "nonsense");
        var wrong = new WebConfig.Tls.Files(certificate.toString(), key.toString());
        Exception failed = assertThrows(Exception.class, () -> new TestServer(at("127.0.0.1", 0, wrong)));
        assertTrue(failed.getMessage().contains("key.pem"), failed.getMessage());
    }

    @Test
    void readsAddressBlocks() {
        Cidr ten = Cidr.parse("10.16.0.0/12").orElseThrow();
        assertTrue(ten.contains(InetAddress.ofLiteral("10.31.255.255")));
        assertTrue(!ten.contains(InetAddress.ofLiteral("10.32.0.0")));
        assertTrue(!ten.contains(InetAddress.ofLiteral("::1")));
        assertTrue(Cidr.parse("2001:db8::/33").orElseThrow().contains(InetAddress.ofLiteral("2001:db8:7fff::1")));
        assertTrue(Cidr.parse("192.0.2.1").orElseThrow().contains(InetAddress.ofLiteral("192.0.2.1")));
        for (String wrong : List.of("", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "host/8", "10.0.0/8/8")) {
            assertTrue(Cidr.parse(wrong).isEmpty(), wrong);
        }
    }
}
