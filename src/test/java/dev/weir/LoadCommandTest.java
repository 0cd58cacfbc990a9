package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generator against a server process, over loopback. */
class LoadCommandTest {
    @TempDir
    Path folder;

    private Process server;
    private String url;

    @BeforeEach
    void startServer() throws Exception {
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xlog:class+load:file=" + folder.resolve("classes.log"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.weir.Main",
                        "run",
                        "--port",
                        "0",
                        "--udp-port",
                        "0",
                        "--loops",
                        "1")
                .redirectErrorStream(true)
                .start();
        BufferedReader reader = server.inputReader();
        String line = reader.readLine();
        while (line != null && !line.contains(" ready at ")) {
            line = reader.readLine();
        }
        url = line.substring(line.indexOf("http"));
        Thread.ofVirtual().start(() -> {
            try {
                reader.transferTo(Writer.nullWriter());
            } catch (java.io.IOException closed) {
                throw new java.io.UncheckedIOException(closed);
            }
        });
    }

    @AfterEach
    void stopServer() throws Exception {
        server.destroy();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }

    private JsonNode load(String flags) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("load", "--server", url, "--json", "load.json"));
        arguments.addAll(List.of(flags.split(" ")));
        Commands it = Commands.run(folder, Map.of(), arguments.toArray(String[]::new));
        assertEquals(0, it.code(), it.out() + it.err());
        assertTrue(it.out().contains("connected"), it.out());
        return new ObjectMapper().readTree(folder.resolve("load.json").toFile());
    }

    @Test
    void onePublisherReachesFiveViewersWithoutLoss() throws Exception {
        JsonNode result = load("--viewers 5 --audio --layers q,h,f --temporal-layers 2 --warmup 3s --duration 3s");
        JsonNode joins = result.path("joins");
        assertEquals(6, joins.path("attempted").asInt());
        assertEquals(6, joins.path("connected").asInt());
        assertEquals(5, joins.path("firstMediaMs").path("count").asInt());
        JsonNode steady = result.path("steady");
        assertEquals(5, steady.path("served").asInt());
        assertEquals(0, steady.path("lost").asLong(), steady::toString);
        // 5 viewers, 5 s, 50 packets of audio a second and at least 15 of video.
        assertTrue(steady.path("expected").asLong() > 5 * 5 * (45 + 12), steady::toString);
        assertEquals(0, steady.path("forged").asLong());
        assertEquals(0, steady.path("strangers").asLong());
        assertTrue(steady.path("delayMs").path("count").asLong() > 500, steady::toString);
        assertTrue(steady.path("delayMs").path("p50").asDouble() < 100, steady::toString);
        assertTrue(steady.path("feedbacksReceived").asLong() > 10, steady::toString);
        assertTrue(result.path("server").path("cpuNanosPerPacket").asDouble() > 0);
        assertFalse(Files.readString(folder.resolve("classes.log")).contains("dev.weir.load."));
    }

    @Test
    void asksAgainForWhatItDroppedItself() throws Exception {
        JsonNode steady = load("--viewers 2 --audio --layers q --bitrate 300000 --loss-in 5 --warmup 2s --duration 3s")
                .path("steady");
        assertTrue(steady.path("droppedByGenerator").asLong() > 5, steady::toString);
        assertTrue(steady.path("nacked").asLong() > 0, steady::toString);
        assertTrue(steady.path("recovered").asLong() > 0, steady::toString);
    }

    @Test
    void publishesByWhipAndViewsByWhep() throws Exception {
        JsonNode result = load("--viewers 2 --audio --layers q --tiles 1 --audio-slots 1 --warmup 3s --duration 3s"
                + " --whip " + url + "whip/{room} --whep " + url + "whep/{room}");
        assertEquals(3, result.path("joins").path("connected").asInt());
        assertEquals(2, result.path("steady").path("served").asInt(), result::toString);
    }

    @Test
    void saysWhyNobodyGotIn() throws Exception {
        Commands it = Commands.run(
                folder,
                Map.of(),
                "load",
                "--whip",
                url + "whip/{room}/nowhere",
                "--server",
                url,
                "--warmup",
                "1s",
                "--duration",
                "1s");
        assertEquals(1, it.code());
        assertTrue(it.out().contains("0 of 1 connected"), it.out());
        assertTrue(it.out().contains("HTTP 404"), it.out());
    }
}
