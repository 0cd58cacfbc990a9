package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Measure;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class MetricsPageTest {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[^}]*\\})? (-?[0-9.]+(E-?[0-9]+)?|NaN|\\+Inf|-Inf)");
    private static final Pattern LABELS =
            Pattern.compile("\\{[a-zA-Z_][a-zA-Z0-9_]*=\"[^\"]*\"(,[a-zA-Z_][a-zA-Z0-9_]*=\"[^\"]*\")*,?\\}");
    private static final List<String> SUFFIXES = List.of("", "_bucket", "_count", "_sum", "_max");

    /** Reads the text as a scraper does, and checks that each sample has a HELP and a TYPE before it. */
    private static Map<String, Double> parse(String text) {
        Map<String, Double> samples = new HashMap<>();
        Set<String> helped = new HashSet<>();
        Set<String> typed = new HashSet<>();
        assertTrue(text.endsWith("\n"));
        text.lines().forEach(line -> {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                assertTrue(helped.add(words[2]), line);
            } else if (line.startsWith("# TYPE ")) {
                assertTrue(typed.add(words[2]), line);
                assertTrue(Set.of("counter", "gauge", "histogram", "summary").contains(words[3]), line);
            } else {
                Matcher sample = SAMPLE.matcher(line);
                assertTrue(sample.matches(), line);
                assertTrue(
                        sample.group(2) == null
                                || LABELS.matcher(sample.group(2)).matches(),
                        line);
                assertTrue(
                        SUFFIXES.stream()
                                .filter(suffix -> sample.group(1).endsWith(suffix))
                                .map(suffix -> sample.group(1)
                                        .substring(0, sample.group(1).length() - suffix.length()))
                                .anyMatch(name -> typed.contains(name) && helped.contains(name)),
                        line);
                String key = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
                assertFalse(samples.containsKey(key), line);
                samples.put(key, Double.valueOf(sample.group(3)));
            }
        });
        return samples;
    }

    @Test
    void addsUpWhatTheShardsCount() throws Exception {
        try (TestServer server = new TestServer()) {
            for (FakeShard shard : server.shards) {
                shard.instead = request -> request instanceof ShardRequest.Measures
                        ? Future.succeededFuture(new ShardAnswer.Measured(List.of(
                                new Measure.Counter(
                                        "weir_rtp_packets_total", Map.of("direction", "in", "kind", "audio"), 5),
                                new Measure.Counter(
                                        "weir_rtp_packets_total", Map.of("direction", "in", "kind", "video"), 7),
                                new Measure.Gauge("weir_participants", Map.of(), 3),
                                new Measure.Gauge("weir_rooms", Map.of(), 99),
                                new Measure.Histogram(
                                        "weir_run_length", Map.of(), List.of(1.0, 4.0), List.of(2L, 3L, 1L), 20.5))))
                        : null;
            }
            server.join("lab");
            Map<String, Double> samples = parse(server.http().get("/metrics").body());

            assertEquals(10, samples.get("weir_rtp_packets_total{direction=\"in\",kind=\"audio\"}"));
            assertEquals(14, samples.get("weir_rtp_packets_total{direction=\"in\",kind=\"video\"}"));
            assertEquals(6, samples.get("weir_participants"));
            assertEquals(4, samples.get("weir_run_length_bucket{le=\"1.0\"}"));
            assertEquals(10, samples.get("weir_run_length_bucket{le=\"4.0\"}"));
            assertEquals(12, samples.get("weir_run_length_bucket{le=\"+Inf\"}"));
            assertEquals(12, samples.get("weir_run_length_count"));
            assertEquals(41, samples.get("weir_run_length_sum"));
            assertEquals(1, samples.get("weir_rooms"));
            assertEquals(1, samples.get("weir_join_seconds_count"));
            assertEquals(0, samples.get("weir_joins_in_flight"));
            assertEquals(1, samples.get("weir_sockets"));
            assertTrue(samples.get("process_cpu_seconds_total") > 0);
            assertTrue(samples.keySet().stream().anyMatch(name -> name.startsWith("jvm_memory_used_bytes")));
        }
    }

    @Test
    void doesWithoutAShardThatDoesNotAnswer() throws Exception {
        try (TestServer server = new TestServer()) {
            server.shards.get(0).instead = _ -> Promise.<ShardAnswer>promise().future();
            server.shards.get(1).instead = _ -> Future.succeededFuture(
                    new ShardAnswer.Measured(List.of(new Measure.Gauge("weir_participants", Map.of(), 3))));
            assertEquals(3, parse(server.http().get("/metrics").body()).get("weir_participants"));
        }
    }
}
