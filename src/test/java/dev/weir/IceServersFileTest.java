package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IceServersFileTest {
    @TempDir
    Path folder;

    @Test
    void readsBothForms() throws Exception {
        List<Configuration.IceServer> servers = read("""
                [ {"urls": "stun:stun.example.org"},
                  {"urls": ["turn:t.example.org:3478?transport=tcp"], "username": "u", "credential": "c"},
                  {"urls": ["turns:[2001:db8::1]:5349"], "secret": "s", "ttl": 60},
                  {"urls": ["turn:t"], "secret": "s"} ]""");
        assertEquals(
                List.of(
                        new Configuration.FixedIceServer(List.of("stun:stun.example.org"), "", ""),
                        new Configuration.FixedIceServer(List.of("turn:t.example.org:3478?transport=tcp"), "u", "c"),
                        new Configuration.SharedSecretIceServer(
                                List.of("turns:[2001:db8::1]:5349"), "s", Duration.ofSeconds(60)),
                        new Configuration.SharedSecretIceServer(List.of("turn:t"), "s", Duration.ofHours(1))),
                servers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                              | must hold a JSON list of at most 32 servers
            [{]                                             | line 1 is not JSON
            [1]                                             | [0] must be an object
            [{"urls":"stun:a"},{"url":"stun:a"}]            | [1].url is not a field; there are urls, username, credential, secret and ttl
            [{"username":"u"}]                              | [0].urls must be a URL or a list of URLs
            [{"urls":"http://a"}]                           | [0].urls: 'http://a' is no stun:, stuns:, turn: or turns: URL
            [{"urls":"turn:a"}]                             | [0] needs username and credential, or secret and ttl
            [{"urls":"turn:a","username":"u"}]              | [0] needs username and credential, or secret and ttl
            [{"urls":"turn:a","username":"u","secret":"s"}] | [0] needs username and credential, or secret and ttl
            [{"urls":"turn:a","secret":"s","ttl":"1h"}]     | [0].ttl must be a number of seconds
            [{"urls":"turn:a","secret":7}]                  | [0].secret must be a text
            """)
    void namesWhatIsWrong(String json, String sentence) throws Exception {
        ConfigurationError error = assertThrows(ConfigurationError.class, () -> read(json));
        assertEquals("--ice-servers: " + folder.resolve("ice.json") + ": " + sentence, error.getMessage());
    }

    private List<Configuration.IceServer> read(String json) throws Exception {
        return IceServersFile.read(Files.writeString(folder.resolve("ice.json"), json), "--ice-servers");
    }
}
