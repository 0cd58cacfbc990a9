package dev.weir.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * How the joins went.
 *
 * @param putOff clients whom the server told to come back later, once or more often
 * @param putOffs how often it did
 * @param perSecond connected clients over the time from the first join to the last connection
 * @param connect from the start of a join to the end of its handshake, in nanoseconds
 * @param firstMedia from a join, or from when there was something to get, to the first media packet
 * @param serverCpuPerJoinMs all that the server spent until the last join, media included
 */
record JoinResult(
        int attempted,
        int connected,
        Map<String, Integer> failures,
        int putOff,
        int putOffs,
        double perSecond,
        Histogram connect,
        Histogram firstMedia,
        OptionalDouble serverCpuPerJoinMs,
        JoinWords words) {
    private static final double NANOS_PER_MS = 1e6;

    /** One client as his loop saw him. @param firstMediaNanos -1: none came */
    record Joined(
            long startedAt,
            long connectedAt,
            long firstMediaNanos,
            int putOffs,
            String failure,
            int keyframes,
            int skippedFrames) {
        static Joined of(Client client) {
            return new Joined(
                    client.startedAt(),
                    client.connectedAt(),
                    client.firstMediaNanos(),
                    client.putOffs(),
                    client.failure(),
                    client.media().keyframes(),
                    client.media().skippedFrames());
        }
    }

    static JoinResult of(List<Joined> clients, Reading before, Reading after) {
        Histogram connect = new Histogram(3);
        Histogram firstMedia = new Histogram(3);
        Map<String, Integer> failures = new TreeMap<>();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        int connected = 0;
        for (Joined client : clients) {
            boolean later = client.startedAt() > after.at();
            first = Math.min(first, client.startedAt());
            if (client.failure() != null) {
                failures.merge(client.failure(), 1, Integer::sum);
            } else if (client.connectedAt() < 0) {
                failures.merge("not connected in time", 1, Integer::sum);
            }
            if (client.connectedAt() >= 0) {
                connected++;
                last = later ? last : Math.max(last, client.connectedAt());
                connect.recordValue(Math.max(1, client.connectedAt() - client.startedAt()));
            }
            if (client.firstMediaNanos() >= 0) {
                firstMedia.recordValue(Math.max(1, client.firstMediaNanos()));
            }
        }
        double perSecond = last > first ? connected / ((last - first) / 1e9) : 0;
        OptionalDouble cpu = after.serverCpuSince(before);
        OptionalDouble each = cpu.isPresent() && connected > 0
                ? OptionalDouble.of(cpu.getAsDouble() * 1e3 / connected)
                : OptionalDouble.empty();
        int putOff =
                (int) clients.stream().filter(client -> client.putOffs() > 0).count();
        int putOffs = clients.stream().mapToInt(Joined::putOffs).sum();
        return new JoinResult(
                clients.size(),
                connected,
                failures,
                putOff,
                putOffs,
                perSecond,
                connect,
                firstMedia,
                each,
                JoinWords.of(before, after, connected));
    }

    void write(ObjectNode out) {
        out.put("attempted", attempted).put("connected", connected);
        ObjectNode reasons = out.putObject("failures");
        failures.forEach(reasons::put);
        out.put("putOff", putOff).put("putOffs", putOffs);
        out.put("perSecond", LoadResult.rounded(perSecond));
        writeMs(out.putObject("connectMs"), connect);
        writeMs(out.putObject("firstMediaMs"), firstMedia);
        LoadResult.put(out, "serverCpuPerJoinMs", serverCpuPerJoinMs);
        words.write(out);
    }

    /** Percentiles of what was recorded in nanoseconds. */
    static void writeMs(ObjectNode out, Histogram nanos) {
        out.put("count", nanos.getTotalCount());
        if (nanos.getTotalCount() > 0) {
            out.put("p50", ms(nanos, 50)).put("p95", ms(nanos, 95)).put("p99", ms(nanos, 99));
            out.put("max", LoadResult.rounded(nanos.getMaxValue() / NANOS_PER_MS));
        }
    }

    static double ms(Histogram nanos, double percentile) {
        return nanos.getTotalCount() == 0
                ? 0
                : LoadResult.rounded(nanos.getValueAtPercentile(percentile) / NANOS_PER_MS);
    }
}
