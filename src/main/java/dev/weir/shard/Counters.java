package dev.weir.shard;

import dev.weir.peer.DropReason;
import dev.weir.peer.Traffic;
import dev.weir.signal.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** A shard's counters: plain numbers with one writer, read out on its loop when someone asks. */
final class Counters {
    /** Bounds of the forwarding delay's buckets, in nanoseconds. */
    private static final long[] DELAY_BOUNDS = {
        50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000
    };

    /** Bounds of the estimates' buckets, in bits per second. */
    private static final long[] ESTIMATE_BOUNDS = {
        100_000, 200_000, 300_000, 500_000, 750_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 5_000_000, 10_000_000
    };

    /** Bounds of the buckets of runs, in packets. */
    private static final long[] RUN_BOUNDS = {1, 2, 3, 4, 6, 8, 12, 16, 32};

    /** Spatial layers of a track, the highest of which stands for all above. */
    private static final int LAYERS = 4;

    private static final int FIRST_RUNS = 64;

    private final long[] drops = new long[DropReason.values().length];
    private final long[] delayCounts = new long[DELAY_BOUNDS.length + 1];
    private final long[] estimateCounts = new long[ESTIMATE_BOUNDS.length + 1];
    private long delaySumNanos;
    private long estimateSum;
    private boolean unflushed;

    /** The runs of this turn: how long each was, and since when it could have left. */
    private int[] turnPackets = new int[FIRST_RUNS];

    private long[] turnSince = new long[FIRST_RUNS];
    private int turnRuns;

    /** By the layer before and the one after. */
    private final long[][] layerSwitches = new long[LAYERS][LAYERS];

    private long handshakesCompleted;
    /** Messages handed to the kernel: a run that it cuts itself is one. */
    private long sends;

    private final long[] runCounts = new long[RUN_BOUNDS.length + 1];
    private long runSum;
    private boolean segmenting;
    private long handshakesFailed;
    private int expectedRoutes;
    private int checkedRoutes;
    private Traffic past = Traffic.NONE;

    void dropped(DropReason reason) {
        drops[reason.ordinal()]++;
    }

    void handshake(boolean completed) {
        if (completed) {
            handshakesCompleted++;
        } else {
            handshakesFailed++;
        }
    }

    /**
     * Where peers are reached now.
     *
     * @param expected user fragments that a check may name
     * @param checked addresses that passed a check
     */
    void routes(int expected, int checked) {
        expectedRoutes = expected;
        checkedRoutes = checked;
    }

    /** Whether the kernel cuts runs apart. */
    void segmenting(boolean bySystem) {
        segmenting = bySystem;
    }

    /** A datagram of something else than media. */
    void sent() {
        unflushed = true;
        sends++;
    }

    /** A run that left in one send, or packet by packet. @param since when its first packet was ready to leave */
    void sentRun(int packets, int kernelSends, long since) {
        unflushed = true;
        if (turnRuns == turnPackets.length) {
            turnPackets = Arrays.copyOf(turnPackets, 2 * turnRuns);
            turnSince = Arrays.copyOf(turnSince, 2 * turnRuns);
        }
        turnPackets[turnRuns] = packets;
        turnSince[turnRuns++] = since;
        sends += kernelSends;
        runCounts[bucket(RUN_BOUNDS, packets)]++;
        runSum += packets;
    }

    boolean hasSent() {
        return unflushed;
    }

    /** All that was sent in a turn has been handed to the sockets. Each packet counts as its run's first. */
    void flushed(long now) {
        for (int i = 0; i < turnRuns; i++) {
            long delay = now - turnSince[i];
            delayCounts[bucket(DELAY_BOUNDS, delay)] += turnPackets[i];
            delaySumNanos += delay * turnPackets[i];
        }
        turnRuns = 0;
        unflushed = false;
    }

    /** A viewer's picture goes on in another layer. */
    void switched(int from, int to) {
        layerSwitches[Math.min(from, LAYERS - 1)][Math.min(to, LAYERS - 1)]++;
    }

    /** What the path to a viewer carries; of each viewer once a second. */
    void estimated(long bps) {
        estimateCounts[bucket(ESTIMATE_BOUNDS, bps)]++;
        estimateSum += bps;
    }

    private static int bucket(long[] bounds, long value) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /** A peer closed with this to its account. */
    void closed(Traffic traffic) {
        past = past.plus(traffic);
    }

    /** @param live the open peers' */
    List<Measure> measures(List<Traffic> live) {
        Traffic all = live.stream().reduce(past, Traffic::plus);
        List<Measure> measures = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            count(measures, "weir_dropped_total", Map.of("reason", reason.label()), drops[reason.ordinal()]);
        }
        traffic(measures, all);
        for (int from = 0; from < LAYERS; from++) {
            for (int to = 0; to < LAYERS; to++) {
                if (from != to) {
                    Map<String, String> labels = Map.of("from", Integer.toString(from), "to", Integer.toString(to));
                    count(measures, "weir_layer_switches_total", labels, layerSwitches[from][to]);
                }
            }
        }
        count(measures, "weir_dtls_handshakes_total", Map.of("result", "completed"), handshakesCompleted);
        count(measures, "weir_dtls_handshakes_total", Map.of("result", "failed"), handshakesFailed);
        measures.add(new Measure.Gauge("weir_routes", Map.of("state", "expected"), expectedRoutes));
        measures.add(new Measure.Gauge("weir_routes", Map.of("state", "checked"), checkedRoutes));
        measures.add(new Measure.Histogram(
                "weir_forward_seconds",
                Map.of(),
                LongStream.of(DELAY_BOUNDS).mapToObj(bound -> bound / 1e9).toList(),
                LongStream.of(delayCounts).boxed().toList(),
                delaySumNanos / 1e9));
        count(measures, "weir_send_calls_total", Map.of(), sends);
        measures.add(new Measure.Gauge("weir_gso", Map.of(), segmenting ? 1 : 0));
        measures.add(new Measure.Histogram(
                "weir_run_length",
                Map.of(),
                LongStream.of(RUN_BOUNDS).mapToObj(bound -> (double) bound).toList(),
                LongStream.of(runCounts).boxed().toList(),
                runSum));
        measures.add(new Measure.Histogram(
                "weir_bwe_bits_per_second",
                Map.of(),
                LongStream.of(ESTIMATE_BOUNDS).mapToObj(bound -> (double) bound).toList(),
                LongStream.of(estimateCounts).boxed().toList(),
                estimateSum));
        return measures;
    }

    private static void traffic(List<Measure> measures, Traffic all) {
        Map<String, String> audioIn = Map.of("direction", "in", "kind", "audio");
        Map<String, String> videoIn = Map.of("direction", "in", "kind", "video");
        Map<String, String> audioOut = Map.of("direction", "out", "kind", "audio");
        Map<String, String> videoOut = Map.of("direction", "out", "kind", "video");
        count(measures, "weir_rtp_packets_total", audioIn, all.audioPacketsIn());
        count(measures, "weir_rtp_packets_total", videoIn, all.videoPacketsIn());
        count(measures, "weir_rtp_packets_total", audioOut, all.audioPacketsOut());
        count(measures, "weir_rtp_packets_total", videoOut, all.videoPacketsOut());
        count(measures, "weir_rtp_bytes_total", audioIn, all.audioBytesIn());
        count(measures, "weir_rtp_bytes_total", videoIn, all.videoBytesIn());
        count(measures, "weir_rtp_bytes_total", audioOut, all.audioBytesOut());
        count(measures, "weir_rtp_bytes_total", videoOut, all.videoBytesOut());
        count(measures, "weir_rtp_lost_total", Map.of("direction", "in"), all.lostIn());
        count(measures, "weir_rtp_lost_total", Map.of("direction", "out"), all.lostOut());
        count(measures, "weir_nack_total", Map.of("direction", "in"), all.nacksIn());
        count(measures, "weir_nack_total", Map.of("direction", "out"), all.nacksOut());
        count(measures, "weir_pli_total", Map.of("direction", "in"), all.plisIn());
        count(measures, "weir_pli_total", Map.of("direction", "out"), all.plisOut());
        count(measures, "weir_rtx_total", Map.of(), all.resentOut());
        count(measures, "weir_paced_packets_total", Map.of(), all.pacedOut());
        count(measures, "weir_paced_seconds_total", Map.of(), all.pacedSecondsOut());
    }

    private static void count(List<Measure> measures, String name, Map<String, String> labels, double value) {
        measures.add(new Measure.Counter(name, labels, value));
    }
}
