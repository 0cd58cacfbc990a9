package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The text of {@code /metrics}: the shards' counters and the process's own, in Prometheus's format. */
final class MetricsPage {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    /** A shard that is slower than this is left out, so that the others are still seen. */
    private static final long SHARD_TIMEOUT_MS = 2000;

    private final Bus bus;
    private final List<ShardId> shards;
    private final WebMetrics own;

    MetricsPage(Backend backend, WebMetrics own) {
        this.bus = backend.bus();
        this.shards = backend.shards();
        this.own = own;
    }

    Future<Buffer> render() {
        List<Future<ShardAnswer>> answers = new ArrayList<>();
        for (ShardId shard : shards) {
            answers.add(bus.ask(shard, new ShardRequest.Measures())
                    .timeout(SHARD_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .otherwise(new ShardAnswer.Measured(List.of())));
        }
        return Future.all(answers).map(_ -> {
            MeasureSums sums = new MeasureSums();
            for (Future<ShardAnswer> answer : answers) {
                if (answer.result() instanceof ShardAnswer.Measured measured) {
                    measured.measures().forEach(sums::add);
                }
            }
            return write(sums.snapshots());
        });
    }

    private Buffer write(List<MetricSnapshot> ofShards) {
        List<MetricSnapshot> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        own.snapshots().forEach(all::add);
        all.forEach(snapshot -> names.add(snapshot.getMetadata().getPrometheusName()));
        // A name may stand once in the text: the process's own reading is the one for all shards.
        ofShards.stream()
                .filter(snapshot -> names.add(snapshot.getMetadata().getPrometheusName()))
                .forEach(all::add);
        return Buffer.buffer(text(new MetricSnapshots(all)));
    }

    /** By way of a registry that lives as long as this text: it is what knows the format. */
    private static String text(MetricSnapshots snapshots) {
        PrometheusRegistry collectors = new PrometheusRegistry();
        collectors.register((MultiCollector) () -> snapshots);
        PrometheusMeterRegistry registry =
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, collectors, Clock.SYSTEM);
        try {
            return registry.scrape(CONTENT_TYPE);
        } finally {
            registry.close();
        }
    }
}
