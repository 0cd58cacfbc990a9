package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    @TempDir
    Path folder;

    @Test
    void defaultsComeFromTheFileInTheJar() {
        Configuration it = read(Map.of(), Map.of(), null);
        assertEquals("127.0.0.1", it.http().host());
        assertEquals(8080, it.http().port());
        assertEquals(10_000, it.media().udpPort());
        assertEquals(Runtime.getRuntime().availableProcessors(), it.media().loops());
        assertEquals(List.of(), it.media().iceServers());
        assertEquals(1000, it.limits().maxRooms());
        assertFalse(it.auth().asksForTokens());
        assertFalse(it.tls().enabled());
        assertEquals(new Configuration.Log(Configuration.Level.INFO, Configuration.Format.TEXT), it.log());
    }

    @Test
    void flagBeatsEnvironmentBeatsFile() {
        String file = "http:\n  port: 1\nmedia:\n  udpPort: 2\nlimits: {maxRooms: 3}\n";
        Map<String, String> environment = Map.of("WEIR_HTTP_PORT", "4", "WEIR_MEDIA_UDP_PORT", "5");
        Configuration it = read(Map.of(Settings.PORT, "6"), environment, file);
        assertEquals(6, it.http().port());
        assertEquals(5, it.media().udpPort());
        assertEquals(3, it.limits().maxRooms());
    }

    @Test
    void listsComeAsYamlListsOrWithCommas() {
        String file =
                "http:\n  publicHosts: [Meet.Example.org, b.example.org]\n  allowOrigins: https://A.org:443, http://b:81\n";
        Configuration it = read(Map.of(), Map.of("WEIR_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, ::1"), file);
        assertEquals(List.of("meet.example.org", "b.example.org"), it.http().publicHosts());
        assertEquals(List.of("https://a.org", "http://b:81"), it.http().allowOrigins());
        assertEquals(List.of("10.0.0.0/8", "::1/128"), it.http().trustedProxies());
    }

    @Test
    void aSwitchOfTheEnvironmentCanBeOverruled() {
        Map<String, String> environment = Map.of("WEIR_AUTH_OPEN", "true");
        assertTrue(read(Map.of(), environment, null).auth().open());
        assertFalse(
                read(Map.of(Settings.OPEN, "false"), environment, null).auth().open());
    }

    @Test
    void aSecretComesFromAFileToo() throws Exception {
        Files.writeString(folder.resolve("secret"), Commands.SECRET + "\n");
        Configuration it = read(Map.of(), Map.of("WEIR_AUTH_SECRET_FILE", "secret"), null);
        assertEquals(Optional.of(Commands.SECRET), it.auth().secret());
        assertFalse(it.toString().contains(Commands.SECRET), "a printed configuration keeps its secrets");
    }

    @Test
    void secretsAreNeitherShortNorEmptyNorGivenTwice() {
        assertRefused(
                "WEIR_AUTH_SECRET: must have 32 bytes or more, this one has 5 (openssl rand -base64 32 makes one)",
                Map.of("WEIR_AUTH_SECRET", "short"));
        assertRefused("WEIR_AUTH_SECRET: is empty", Map.of("WEIR_AUTH_SECRET", ""));
        assertRefused("WEIR_AUTH_SECRET_FILE: cannot read the file 'none'", Map.of("WEIR_AUTH_SECRET_FILE", "none"));
        assertRefused(
                "WEIR_AUTH_SECRET_FILE: WEIR_AUTH_SECRET is set too",
                Map.of("WEIR_AUTH_SECRET", Commands.SECRET, "WEIR_AUTH_SECRET_FILE", "x"));
    }

    @Test
    void unknownVariablesAreRefusedButNotThoseOfOthers() {
        assertRefused("unknown variable 'WEIR_HTTP_PROT'", Map.of("WEIR_HTTP_PROT", "1"));
        assertRefused("unknown variable 'WEIR_PORT': --port is WEIR_HTTP_PORT", Map.of("WEIR_PORT", "1"));
        Map<String, String> others = Map.of(
                "WEIR_HEAP", "1g",
                "WEIR_TEST_LONG", "1",
                "WEIR_PORT", "tcp://10.0.0.1:80",
                "WEIR_HTTP_PORT", "tcp://10.0.0.1:80",
                "WEIR_HTTP_PORT_80_TCP_ADDR", "10.0.0.1",
                "WEIR_HTTP_SERVICE_HOST", "10.0.0.1",
                "WEIR_MEDIA_UDP_PORT", "");
        assertEquals(8080, read(Map.of(), others, null).http().port());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --port            | 70000           | must be a port from 0 to 65535
            --port            | -1              | must be a port from 0 to 65535
            --port            | 8080x           | must be a port from 0 to 65535
            --tcp-port        | x               | must be a port from 0 to 65535
            --host            | a b             | must be a host name or an IP address
            --host            | 127.0.0.300     | must be a host name or an IP address
            --host            | http://x        | must be a host name or an IP address
            --public-host     | x:80            | must be a host name or an IP address
            --allow-origin    | example.org     | must be an origin such as https://example.org or http://10.0.0.1:3000
            --allow-origin    | *               | must be an origin such as https://example.org or http://10.0.0.1:3000
            --allow-origin    | ftp://x         | must be an origin such as https://example.org or http://10.0.0.1:3000
            --allow-origin    | https://x/      | must be an origin such as https://example.org or http://10.0.0.1:3000
            --trusted-proxies | 10.0.0.0/33     | must be an address or a network such as 10.0.0.0/8 or fd00::/8
            --trusted-proxies | proxy           | must be an address or a network such as 10.0.0.0/8 or fd00::/8
            --advertise       | 0.0.0.0         | must be the IP address of one machine
            --advertise       | 224.0.0.1       | must be the IP address of one machine
            --advertise       | weir.example    | must be the IP address of one machine
            --loops           | 1025            | must be a number from 0 to 1024
            --max-rooms       | 0               | must be a number from 1 to 1000000
            --open            | yes             | must be true or false
            --log-level       | loud            | must be one of error, warn, info, debug, trace
            --log-format      | xml             | must be one of text, json
            --cluster-members | a:b             | must be host or host:port, IPv6 in brackets
            --region          | eu west         | "must be up to 64 letters, digits, '-', '_' or '.'"
            --tls-cert        | none.pem        | must be a readable file
            --ice-servers     | none.json       | must be a readable file
            """)
    void namesFlagAndValueOfABadValue(String flag, String value, String must) {
        Setting<?> setting = Settings.ALL.stream()
                .filter(it -> it.flag().equals(flag))
                .findFirst()
                .orElseThrow();
        ConfigurationError error =
                assertThrows(ConfigurationError.class, () -> read(Map.of(setting, value), Map.of(), null));
        assertEquals(flag + ": " + must + ", not '" + value + "'", error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "http:\n  port: x\n"                   | weir.yaml:2: http.port: must be a port from 0 to 65535, not 'x'
            "http:\n  prot: 1\n"                   | weir.yaml:2: unknown key 'http.prot'
            "htpt:\n  port: 1\n"                   | weir.yaml:1: unknown key 'htpt'
            "http: 8080\n"                         | weir.yaml:1: 'http' must be a section with keys
            "- http\n"                             | weir.yaml:1: must hold sections with keys
            "http:\n  port: {a: 1}\n"              | weir.yaml:2: http.port: must be a plain value
            "http:\n  port: [1]\n"                 | weir.yaml:2: http.port: must be a plain value
            "http:\n  publicHosts: [[a]]\n"        | weir.yaml:2: http.publicHosts: must be a list of plain values
            "auth:\n\n  secret: tiny\n"            | weir.yaml:3: auth.secret: must have 32 bytes or more, this one has 4 (openssl rand -base64 32 makes one)
            """)
    void namesLineAndKeyOfTheFile(String yaml, String message) {
        ConfigurationError error =
                assertThrows(ConfigurationError.class, () -> read(Map.of(), Map.of(), yaml.replace("\\n", "\n")));
        assertEquals(message, error.getMessage());
    }

    @Test
    void saysWhereTheFileIsMalformed() {
        for (String yaml :
                List.of("http:\n  publicHosts: [a\n", "http:\n\tport: 1\n", "http:\n  port: 1\n  port: 2\n")) {
            String message = assertThrows(ConfigurationError.class, () -> read(Map.of(), Map.of(), yaml))
                    .getMessage();
            assertTrue(message.matches("weir\\.yaml:[23]: malformed YAML: .+"), message);
            assertEquals(1, message.lines().count(), message);
        }
    }

    @Test
    void anEmptyFileSetsNothing() {
        for (String yaml : List.of("", "# nothing\n", "http:\n", "http:\n  port:\n")) {
            assertEquals(8080, read(Map.of(), Map.of(), yaml).http().port());
        }
    }

    @Test
    void settingsThatDoNotGoTogetherAreRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("a.pem"), "x");
        assertRefused("WEIR_TLS_CERT: needs --tls-key beside it", Map.of("WEIR_TLS_CERT", "a.pem"));
        assertRefused("WEIR_TLS_KEY: needs --tls-cert beside it", Map.of("WEIR_TLS_KEY", "a.pem"));
        assertRefused(
                "WEIR_TLS_SELF_SIGNED: there is a certificate already (WEIR_TLS_CERT)",
                Map.of("WEIR_TLS_CERT", file.toString(), "WEIR_TLS_KEY", "a.pem", "WEIR_TLS_SELF_SIGNED", "true"));
        assertRefused(
                "WEIR_MEDIA_UDP_PORT: 4 event loops from port 65534 would need port 65537",
                Map.of("WEIR_MEDIA_UDP_PORT", "65534", "WEIR_MEDIA_LOOPS", "4"));
    }

    @Test
    void knowsLoopback() {
        for (String host : List.of("127.0.0.1", "127.9.9.9", "localhost", "::1")) {
            assertTrue(ValueType.isLoopback(host), host);
        }
        for (String host : List.of("0.0.0.0", "::", "10.0.0.1", "example.org", "localhost.example.org")) {
            assertFalse(ValueType.isLoopback(host), host);
        }
    }

    private void assertRefused(String message, Map<String, String> environment) {
        ConfigurationError error = assertThrows(ConfigurationError.class, () -> read(Map.of(), environment, null));
        assertEquals(message, error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://example.org/hook",
        "https://user:password@example.org/hook",
        "example.org/hook",
        "https://example.org/hook#here",
        "https:///hook",
        "https://exa mple/"
    })
    void aWebhooksAddressIsRefusedWithoutSpellingItOut(String address) {
        ConfigurationError error = assertThrows(
                ConfigurationError.class, () -> read(Map.of(Settings.WEBHOOK_URL, address), Map.of(), null));
        assertEquals(
                "--webhook-url: must be an http or https address without a user name or a fragment",
                error.getMessage());
    }

    @Test
    void aWebhookNeedsAnAddressAndASecret() {
        String secret = "0123456789abcdef0123456789abcdef";
        assertEquals(
                "--webhook-url: needs --webhook-secret beside it",
                assertThrows(
                                ConfigurationError.class,
                                () -> read(Map.of(Settings.WEBHOOK_URL, "http://app:3000/hook"), Map.of(), null))
                        .getMessage());
        assertEquals(
                "WEIR_WEBHOOKS_SECRET: needs --webhook-url beside it",
                assertThrows(
                                ConfigurationError.class,
                                () -> read(Map.of(), Map.of("WEIR_WEBHOOKS_SECRET", secret), null))
                        .getMessage());
        Configuration.Webhooks both = read(
                        Map.of(Settings.WEBHOOK_URL, "http://app:3000/hook?key=k", Settings.WEBHOOK_SECRET, secret),
                        Map.of(),
                        null)
                .webhooks();
        assertEquals(10_000, both.queue());
        assertFalse(both.toString().contains(secret) || both.toString().contains("key=k"));
    }

    private Configuration read(Map<Setting<?>, String> flags, Map<String, String> environment, String yaml) {
        ConfigurationFile file =
                yaml == null ? ConfigurationFile.builtIn(folder) : ConfigurationFile.parse("weir.yaml", folder, yaml);
        return Configuration.of(SettingValues.read(new HashMap<>(flags), environment, file, folder));
    }
}
