package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static dev.weir.bwe.Simulation.SECOND;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What networks do to a viewer, one thing at a time, and how the estimate takes it. */
class BandwidthStepsTest {
    private static final long SEEDS = 5;
    private static final long WANTED = 5_000_000;

    /** A link there, a link back and the flow over them. */
    private static final class Path {
        final long seed;
        final Simulation simulation;
        final Link forward;
        final Link back;
        final MediaFlow flow;

        Path(long seed, long bps) {
            this.seed = seed;
            simulation = new Simulation(seed);
            forward = new Link(simulation, bps);
            back = new Link(simulation, 10_000_000);
            flow = new MediaFlow(simulation, forward, back);
            flow.wanted(WANTED);
            flow.recordEstimates().start(0);
        }

        void run(long seconds) {
            simulation.runUntil(seconds * SECOND);
        }

        double used(double from, double to) {
            return flow.receivedBps(from, to) / forward.rate();
        }

        double p95(double from) {
            return forward.p95QueueMillis((long) (from * SECOND), simulation.now());
        }

        /** The lowest estimate in a span, as a share of the link's rate. */
        double lowest(double from, double to) {
            long lowest = Long.MAX_VALUE;
            for (double at = from; at < to; at += 0.1) {
                lowest = Math.min(lowest, flow.estimateAt(at));
            }
            return (double) lowest / forward.rate();
        }
    }

    private static void forSeeds(Consumer<Long> test) {
        assertAll(java.util.stream.LongStream.rangeClosed(1, SEEDS).mapToObj(seed -> () -> test.accept(seed)));
    }

    private static void check(boolean good, String text) {
        System.out.println("| " + text);
        assertTrue(good, text);
    }

    @Test
    void followsALinkDownWithinTwoSecondsAndBackUpWithinTen() {
        forSeeds(seed -> {
            Path path = new Path(seed, 5_000_000);
            path.forward.schedule(20, 700, 40, 250, 60, 5_000);
            path.flow.wanted(2_200_000);
            path.flow.source = MediaFlow.layers(190_000, 390_000, 590_000, 1_190_000, 2_190_000);
            path.run(80);
            double down = path.flow.firstEstimate(20, 40, false, 1_189_999) - 20;
            double further = path.flow.firstEstimate(40, 60, false, 389_999) - 40;
            double up = path.flow.firstEstimate(60, 80, true, 1_980_000) - 60;
            double p95 = path.p95(0);
            check(
                    down <= 2 && further <= 2 && up <= 10,
                    "5 Mbps, 700, 250 kbps, 5 Mbps, seed %d: down in %.1f s, in %.1f s, up to 2 Mbps in %.1f s, p95 queue %.0f ms"
                            .formatted(seed, down, further, up, p95));
        });
    }

    @Test
    void lossThatDoesNotGrowWithTheRateDoesNotStarve() {
        forSeeds(seed -> {
            for (int percent : new int[] {2, 5, 10}) {
                Path path = new Path(seed, 2_000_000);
                path.forward.loss = percent / 100.0;
                path.run(60);
                double used = path.used(20, 60) / (1 - path.forward.loss);
                check(
                        used >= (percent <= 5 ? 0.7 : 0.3),
                        "random loss %d %%, seed %d: %.0f %% of capacity, p95 queue %.0f ms"
                                .formatted(percent, seed, 100 * used, path.p95(20)));
            }
        });
    }

    @Test
    void usesAPathOfAnyRoundTripTime() {
        forSeeds(seed -> {
            for (int rtt : new int[] {5, 50, 150, 300}) {
                Path path = new Path(seed, 2_000_000);
                path.forward.propagationNanos = rtt * MILLI / 2;
                path.back.propagationNanos = rtt * MILLI / 2;
                path.run(60);
                double used = path.used(20, 60);
                check(
                        used >= 0.8 && path.p95(0) < 100,
                        "round trip %d ms, seed %d: %.0f %% of capacity, p95 queue %.0f ms"
                                .formatted(rtt, seed, 100 * used, path.p95(0)));
            }
        });
    }

    @Test
    void jitterDoesNotCollapseTheEstimate() {
        forSeeds(seed -> {
            for (int jitter : new int[] {30, 100, -100}) {
                Path path = new Path(seed, 2_000_000);
                path.forward.jitterNanos = Math.abs(jitter) * MILLI;
                path.forward.reorders = jitter < 0;
                path.run(60);
                double lowest = path.lowest(15, 60);
                check(
                        lowest >= 0.5,
                        "jitter %d ms%s, seed %d: estimate at least %.0f %% of capacity, used %.0f %%, p95 queue %.0f ms"
                                .formatted(
                                        Math.abs(jitter),
                                        jitter < 0 ? " with reordering" : "",
                                        seed,
                                        100 * lowest,
                                        100 * path.used(15, 60),
                                        path.p95(0)));
            }
        });
    }

    @Test
    void backsOffWhileFeedbackIsLostAndReturns() {
        forSeeds(seed -> {
            Path path = new Path(seed, 2_000_000);
            path.simulation.at(30 * SECOND, () -> path.back.down = true);
            path.simulation.at(32 * SECOND, () -> path.back.down = false);
            path.run(60);
            double before = path.flow.estimateAt(30);
            double during = path.flow.estimateAt(32) / before;
            double after = path.flow.estimateAt(34) / before;
            check(
                    during < 0.8 && during > 0.3 && after > 0.8,
                    "feedback lost for 2 s, seed %d: estimate %.0f %% at its end, %.0f %% 2 s later"
                            .formatted(seed, 100 * during, 100 * after));
        });
    }

    @Test
    void clocksThatDriftDoNotMatter() {
        forSeeds(seed -> {
            for (int ppm : new int[] {-200, 200}) {
                Path path = new Path(seed, 2_000_000);
                path.flow.driftPpm = ppm;
                path.run(120);
                check(
                        path.used(20, 120) >= 0.8 && path.p95(0) < 100,
                        "clock drift %d ppm, seed %d: %.0f %% of capacity, p95 queue %.0f ms"
                                .formatted(ppm, seed, 100 * path.used(20, 120), path.p95(0)));
            }
        });
    }

    @Test
    void growsByProbingAfterLittleWasSentForAMinute() {
        forSeeds(seed -> {
            Path path = new Path(seed, 5_000_000);
            path.forward.jitterNanos = 30 * MILLI;
            path.flow.wanted(100_000);
            path.flow.source = estimate -> 100_000;
            path.simulation.at(60 * SECOND, () -> {
                path.flow.wanted(2_000_000);
                path.flow.source = MediaFlow.layers(100_000, 600_000, 2_000_000);
            });
            path.run(80);
            double lowest = path.lowest(1, 60) * path.forward.rate() / 1_000;
            double up = path.flow.firstEstimate(60, 80, true, 1_800_000) - 60;
            check(
                    lowest >= 100 && up <= 5,
                    "100 kbps for 60 s, then 2 Mbps wanted, seed %d: estimate never below %.0f kbps, 1.8 Mbps in %.1f s"
                            .formatted(seed, lowest, up));
        });
    }

    @Test
    void asksAgainUntilAProbeWasMeasured() {
        for (int seed = 1; seed <= 10; seed++) {
            Path path = new Path(seed, 20_000_000);
            path.forward.loss = 0.05;
            path.back.loss = 0.05;
            // The first probes, and whatever tells of them.
            path.simulation.at(0, () -> path.back.down = true);
            path.simulation.at(400 * MILLI, () -> path.back.down = false);
            path.flow.wanted(1_000_000);
            path.flow.source = MediaFlow.layers(450_000, 900_000);
            path.run(6);
            double up = path.flow.firstEstimate(0, 6, true, 900_000);
            check(
                    up <= 3,
                    "5 %% lost both ways, no feedback for 0.4 s, seed %d: 900 kbps after %.1f s".formatted(seed, up));
        }
    }

    @Test
    void aNarrowLinkIsUsedAndNotFlooded() {
        forSeeds(seed -> {
            for (int kbps : new int[] {100, 250}) {
                Path path = new Path(seed, kbps * 1_000);
                path.flow.wanted(1_500_000);
                path.run(60);
                check(
                        path.used(20, 60) >= 0.7 && path.p95(20) < 200,
                        "%d kbps, seed %d: %.0f %% of capacity, p95 queue %.0f ms, %.1f %% lost"
                                .formatted(
                                        kbps,
                                        seed,
                                        100 * path.used(20, 60),
                                        path.p95(20),
                                        100 * path.forward.lossShare()));
            }
        });
    }

    @Test
    void aShortBufferIsFoundByItsLosses() {
        forSeeds(seed -> {
            Path path = new Path(seed, 2_000_000);
            path.forward.queueLimitNanos = 40 * MILLI;
            path.run(60);
            check(
                    path.used(20, 60) >= 0.5 && path.flow.estimator.lossesCluster(),
                    "buffer of 40 ms, seed %d: %.0f %% of capacity, %.1f %% lost, clustered in runs: %b"
                            .formatted(
                                    seed,
                                    100 * path.used(20, 60),
                                    100 * path.forward.lossShare(),
                                    path.flow.estimator.lossesCluster()));
        });
    }
}
