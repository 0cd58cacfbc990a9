package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            127.0.0.1 | -            | false | 8080 | http://127.0.0.1:8080/
            ::1       | -            | false | 8080 | http://[::1]:8080/
            0.0.0.0   | -            | true  | 8443 | https://localhost:8443/
            0.0.0.0   | meet.example | true  | 443  | https://meet.example/
            """)
    void printsAUrlThatABrowserCanOpen(String host, String publicHost, boolean tls, int port, String url) {
        Map<Setting<?>, String> flags = Map.of(
                Settings.HOST,
                host,
                Settings.PUBLIC_HOSTS,
                publicHost == null ? "" : publicHost,
                Settings.TLS_SELF_SIGNED,
                String.valueOf(tls));
        Configuration configuration =
                Configuration.of(SettingValues.read(flags, Map.of(), ConfigurationFile.builtIn(folder), folder));
        assertEquals(url, Server.url(configuration, port).toString());
    }

    @Test
    void aProcessGetsReadyAndStopsOnSigterm() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.weir.Main",
                        "run",
                        "--port",
                        "0",
                        "--udp-port",
                        "0")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader reader = process.inputReader()) {
            List<String> lines = new ArrayList<>();
            String line = reader.readLine();
            while (line != null && !line.contains(" ready at http://127.0.0.1:")) {
                lines.add(line);
                line = reader.readLine();
            }
            assertTrue(line != null, () -> "no line said ready: " + lines);
            assertTrue(lines.stream().anyMatch(it -> it.startsWith("open: no tokens are asked")), lines::toString);
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "SIGTERM stops it");
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }
}
