package dev.weir.cluster;

import com.sun.management.OperatingSystemMXBean;
import dev.weir.signal.Measure;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Writes this node's record: what its shards count, read at an even pace. Owned by one event loop. */
final class Pulse {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** What all shards count, and for each what it is busy with. */
    private record Sums(List<NodeRecord.Loop> loops, double drops, double bytesIn, double bytesOut) {}

    private final Bus bus;
    private final Directory directory;
    private final String member;
    private final String region;
    private final Supplier<ClusterSettings.Face> face;
    private final BooleanSupplier draining;
    private Sums last = new Sums(List.of(), 0, 0, 0);
    private long lastNanos = System.nanoTime();
    private double lastDropsPerSecond;

    Pulse(
            Bus bus,
            Directory directory,
            String member,
            String region,
            Supplier<ClusterSettings.Face> face,
            BooleanSupplier draining) {
        this.bus = bus;
        this.directory = directory;
        this.member = member;
        this.region = region;
        this.face = face;
        this.draining = draining;
    }

    /** A shard that does not answer counts nothing this time. */
    Future<NodeRecord> next() {
        List<Future<ShardAnswer>> answers = new ArrayList<>();
        for (ShardId shard : directory.shards()) {
            answers.add(bus.ask(shard, new ShardRequest.Measures()).otherwise(new ShardAnswer.Measured(List.of())));
        }
        return Future.all(answers).map(_ -> record(answers));
    }

    private NodeRecord record(List<Future<ShardAnswer>> answers) {
        Sums sums = sums(answers);
        long now = System.nanoTime();
        double seconds = Math.max(0.001, (now - lastNanos) / 1e9);
        double dropsPerSecond = Math.max(0, (sums.drops - last.drops) / seconds);
        ClusterSettings.Face ours = face.get();
        NodeRecord record = new NodeRecord(
                directory.node(),
                member,
                region,
                ours.addresses(),
                ours.url().stream().toList(),
                ours.version(),
                draining.getAsBoolean() ? NodeRecord.DRAINING : NodeRecord.READY,
                SYSTEM.getProcessCpuLoad(),
                sums.loops,
                directory.rooms(),
                directory.maxRooms(),
                directory.load(),
                (long) (Math.max(0, sums.bytesIn - last.bytesIn) * Byte.SIZE / seconds),
                (long) (Math.max(0, sums.bytesOut - last.bytesOut) * Byte.SIZE / seconds),
                (long) sums.drops,
                dropsPerSecond,
                lastDropsPerSecond);
        last = sums;
        lastNanos = now;
        lastDropsPerSecond = dropsPerSecond;
        return record;
    }

    private static Sums sums(List<Future<ShardAnswer>> answers) {
        List<NodeRecord.Loop> loops = new ArrayList<>();
        double drops = 0;
        double bytesIn = 0;
        double bytesOut = 0;
        for (Future<ShardAnswer> answer : answers) {
            double people = 0;
            double busy = 0;
            if (answer.result() instanceof ShardAnswer.Measured(var measures)) {
                for (Measure measure : measures) {
                    switch (measure) {
                        case Measure.Gauge(var name, var _, var value)
                        when name.equals("weir_participants") -> people = value;
                        case Measure.Gauge(var name, var _, var value)
                        when name.equals("weir_loop_busy_ratio") -> busy = value;
                        case Measure.Counter(var name, var _, var value)
                        when name.equals("weir_dropped_total") -> drops += value;
                        case Measure.Counter(var name, var labels, var value)
                        when name.equals("weir_rtp_bytes_total") -> {
                            if ("in".equals(labels.get("direction"))) {
                                bytesIn += value;
                            } else {
                                bytesOut += value;
                            }
                        }
                        case Measure.Gauge _, Measure.Counter _, Measure.Histogram _ -> {}
                    }
                }
            }
            loops.add(new NodeRecord.Loop((int) people, busy));
        }
        return new Sums(loops, drops, bytesIn, bytesOut);
    }
}
