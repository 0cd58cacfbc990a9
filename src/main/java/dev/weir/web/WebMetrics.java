package dev.weir.web;

import com.sun.management.OperatingSystemMXBean;
import dev.weir.cluster.Directory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.PooledByteBufAllocator;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What signaling and the process measure themselves; shards keep their own counters. Shared by all verticles. */
public final class WebMetrics implements AutoCloseable {
    private static final Duration[] JOIN_BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
        Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10)
    };
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final AtomicInteger joinsInFlight = new AtomicInteger();
    private final AtomicInteger sockets = new AtomicInteger();
    private final Timer joinTime;
    private final Counter told;
    private final Counter characters;
    private final Counter writtenEvents;
    private final Counter writtenParts;

    public WebMetrics(Directory directory) {
        joinTime = Timer.builder("weir.join")
                .description("From a join's arrival to its answer")
                .serviceLevelObjectives(JOIN_BUCKETS)
                .register(registry);
        told = Counter.builder("weir.events")
                .description("Events told to clients, one for each who was told")
                .register(registry);
        characters = Counter.builder("weir.signaling.characters")
                .description("Text sent on WebSockets")
                .register(registry);
        writtenEvents = written("event");
        writtenParts = written("part");
        Gauge.builder("weir.rooms", directory, Directory::rooms)
                .description("Rooms on this node")
                .register(registry);
        Gauge.builder("weir.joins.in.flight", joinsInFlight, AtomicInteger::get)
                .description("Joins that came in here and have no answer yet")
                .register(registry);
        Gauge.builder("weir.sockets", sockets, AtomicInteger::get)
                .description("Open WebSockets")
                .register(registry);
        measureProcess();
    }

    private Counter written(String of) {
        return Counter.builder("weir.texts.written")
                .tag("of", of)
                .description("Texts made for many: events, and participants and tracks as parts of snapshots")
                .register(registry);
    }

    private void measureProcess() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu.seconds", system, bean -> bean.getProcessCpuTime() / NANOS_PER_SECOND)
                    .description("Processor time of this process")
                    .register(registry);
        }
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new NettyAllocatorMetrics(PooledByteBufAllocator.DEFAULT).bindTo(registry);
    }

    void joinBegun() {
        joinsInFlight.incrementAndGet();
    }

    void joinEnded(long elapsedNanos) {
        joinsInFlight.decrementAndGet();
        joinTime.record(Duration.ofNanos(elapsedNanos));
    }

    void socketOpened() {
        sockets.incrementAndGet();
    }

    void socketClosed() {
        sockets.decrementAndGet();
    }

    /** An event went to one client. */
    void told() {
        told.increment();
    }

    /** A text went to one client. */
    void sent(int length) {
        characters.increment(length);
    }

    /** The text of an event was made, which many may get. */
    void eventWritten() {
        writtenEvents.increment();
    }

    /** The text of a participant or of a track was made, for snapshots. */
    void partWritten() {
        writtenParts.increment();
    }

    /** Those of webhooks are there only where there is one. */
    WebhookMeters webhooks() {
        return new WebhookMeters(registry);
    }

    MetricSnapshots snapshots() {
        return registry.getPrometheusRegistry().scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
