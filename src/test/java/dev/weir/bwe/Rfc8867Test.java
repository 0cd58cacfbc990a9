package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static dev.weir.bwe.Simulation.SECOND;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The test cases of RFC 8867 section 5 that fit a forwarding server, as a table of steps. */
class Rfc8867Test {
    private static final long WANTED = 5_000_000;

    /** After each change of capacity or of the number of flows, this long is left for convergence. */
    private static final double CONVERGENCE = 10;

    private final List<String> table = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private record Limits(double utilisation, double p95Queue, double jain) {}

    private static final double ANY = -1;

    private Link link(Simulation simulation, double kbps) {
        Link link = new Link(simulation, (long) (kbps * 1_000));
        link.jitterNanos = 30 * MILLI;
        return link;
    }

    private MediaFlow flow(Simulation simulation, Link forward, Link back) {
        MediaFlow flow = new MediaFlow(simulation, forward, back);
        flow.wanted(WANTED);
        return flow.recordEstimates();
    }

    private static double jain(double... rates) {
        double sum = 0;
        double squares = 0;
        for (double rate : rates) {
            sum += rate;
            squares += rate * rate;
        }
        return sum * sum / (rates.length * squares);
    }

    private void row(String name, double utilisation, Link link, double end, double jain, String note, Limits limits) {
        double p95 = link.p95QueueMillis(0, (long) (end * SECOND));
        table.add("| %-44s | %4.0f %% | %4.0f ms | %5.2f %% | %s | %s |"
                .formatted(
                        name,
                        100 * utilisation,
                        p95,
                        100 * link.lossShare(),
                        jain < 0 ? "    " : "%.2f".formatted(jain),
                        note));
        boolean good = utilisation >= limits.utilisation
                && (limits.p95Queue < 0 || p95 < limits.p95Queue)
                && (limits.jain < 0 || jain >= limits.jain);
        if (!good) {
            failures.add(name + " " + limits);
        }
    }

    @Test
    void sharesAndUsesThePath() {
        for (long seed = 1; seed <= 3; seed++) {
            cases(seed);
        }
        System.out.println(
                "| case                                         | used   | p95 queue | loss | Jain | notes |");
        table.forEach(System.out::println);
        assertTrue(failures.isEmpty(), failures.toString());
    }

    private void cases(long seed) {
        variableCapacity(seed, 50);
        variableCapacity(seed, 100);
        variableCapacityTwoFlows(seed);
        congestedFeedback(seed);
        competing(seed);
        roundTripFairness(seed);
        longTcp(seed);
        shortTcp(seed);
        pauseAndResume(seed);
    }

    /** What was used of the capacity, outside of the times of convergence. Pairs of seconds and kbps. */
    private static double used(double end, double[] steps, MediaFlow... flows) {
        double bits = 0;
        double capacity = 0;
        for (int i = 0; i < steps.length; i += 2) {
            double from = steps[i] + CONVERGENCE;
            double to = i + 2 < steps.length ? steps[i + 2] : end;
            for (MediaFlow flow : flows) {
                bits += flow.receivedBps(from, to) * (to - from);
            }
            capacity += steps[i + 1] * 1_000 * (to - from);
        }
        return bits / capacity;
    }

    private void variableCapacity(long seed, long propagationMillis) {
        Simulation simulation = new Simulation(seed);
        double[] steps = {0, 1_000, 40, 2_500, 60, 600, 80, 1_000};
        Link forward = link(simulation, 1_000).schedule(steps);
        Link back = link(simulation, 10_000);
        forward.propagationNanos = propagationMillis * MILLI;
        back.propagationNanos = propagationMillis * MILLI;
        MediaFlow flow = flow(simulation, forward, back).start(0);
        simulation.runUntil(100 * SECOND);
        row(
                "5.1 one flow, capacity varies, %d ms, seed %d".formatted(propagationMillis, seed),
                used(100, steps, flow),
                forward,
                100,
                ANY,
                "",
                new Limits(0.8, 100, ANY));
    }

    private void variableCapacityTwoFlows(long seed) {
        Simulation simulation = new Simulation(seed);
        double[] steps = {0, 4_000, 25, 2_000, 50, 3_500, 75, 1_000, 100, 2_000};
        Link forward = link(simulation, 4_000).schedule(steps);
        Link back = link(simulation, 10_000);
        MediaFlow one = flow(simulation, forward, back).start(0);
        MediaFlow two = flow(simulation, forward, back).start(0);
        simulation.runUntil(125 * SECOND);
        row(
                "5.2 two flows, capacity varies, seed " + seed,
                used(125, steps, one, two),
                forward,
                125,
                jain(one.receivedBps(10, 125), two.receivedBps(10, 125)),
                "",
                new Limits(0.8, ANY, 0.8));
    }

    private void congestedFeedback(long seed) {
        Simulation simulation = new Simulation(seed);
        double[] steps = {0, 2_000, 20, 1_000, 40, 500, 60, 2_000};
        double[] backSteps = {0, 2_000, 35, 800, 70, 2_000};
        Link forward = link(simulation, 2_000).schedule(steps);
        Link back = link(simulation, 2_000).schedule(backSteps);
        MediaFlow there = flow(simulation, forward, back).start(0);
        MediaFlow here = flow(simulation, back, forward).start(0);
        simulation.runUntil(100 * SECOND);
        row(
                "5.3 feedback congested, there, seed " + seed,
                used(100, steps, there),
                forward,
                100,
                ANY,
                "",
                new Limits(0.8, 100, ANY));
        row(
                "5.3 feedback congested, back, seed " + seed,
                used(100, backSteps, here),
                back,
                100,
                ANY,
                "",
                new Limits(0.8, 100, ANY));
    }

    private void competing(long seed) {
        Simulation simulation = new Simulation(seed);
        Link forward = link(simulation, 3_500);
        Link back = link(simulation, 10_000);
        MediaFlow one = flow(simulation, forward, back).start(0);
        MediaFlow two = flow(simulation, forward, back).start(20 * SECOND);
        MediaFlow three = flow(simulation, forward, back).start(40 * SECOND);
        simulation.runUntil(120 * SECOND);
        double[] rates = {one.receivedBps(60, 120), two.receivedBps(60, 120), three.receivedBps(60, 120)};
        row(
                "5.4 three flows from 0, 20, 40 s, seed " + seed,
                used(120, new double[] {0, 3_500, 20, 3_500, 40, 3_500}, one, two, three),
                forward,
                120,
                jain(rates),
                kbps(rates),
                new Limits(0.8, ANY, 0.8));
    }

    private static String kbps(double... rates) {
        StringBuilder text = new StringBuilder();
        for (double rate : rates) {
            text.append(Math.round(rate / 1_000)).append(' ');
        }
        return text + "kbps";
    }

    private void roundTripFairness(long seed) {
        Simulation simulation = new Simulation(seed);
        Link forward = link(simulation, 4_000);
        Link back = link(simulation, 10_000);
        forward.propagationNanos = 10 * MILLI;
        back.propagationNanos = 10 * MILLI;
        long[] extraMillis = {0, 15, 40, 90, 140};
        MediaFlow[] flows = new MediaFlow[extraMillis.length];
        double[] rates = new double[extraMillis.length];
        for (int i = 0; i < flows.length; i++) {
            flows[i] = flow(simulation, forward, back);
            flows[i].extraDelayNanos = extraMillis[i] * MILLI;
            flows[i].start(i * 10 * SECOND);
        }
        simulation.runUntil(300 * SECOND);
        for (int i = 0; i < flows.length; i++) {
            rates[i] = flows[i].receivedBps(100, 300);
        }
        row(
                "5.5 five flows, 10 to 150 ms, seed " + seed,
                used(300, new double[] {50, 4_000}, flows),
                forward,
                300,
                jain(rates),
                kbps(rates),
                new Limits(0.8, ANY, 0.8));
    }

    private void longTcp(long seed) {
        Simulation simulation = new Simulation(seed);
        Link forward = link(simulation, 2_000);
        Link back = link(simulation, 10_000);
        MediaFlow media = flow(simulation, forward, back).start(5 * SECOND);
        RenoFlow tcp = new RenoFlow(simulation, forward, Long.MAX_VALUE / 4).start(0);
        simulation.runUntil(20 * SECOND);
        long before = tcp.deliveredBytes;
        simulation.runUntil(120 * SECOND);
        double tcpBps = (tcp.deliveredBytes - before) * 8 / 100.0;
        double mediaBps = media.receivedBps(20, 120);
        row(
                "5.6 one flow and a long TCP, seed " + seed,
                (tcpBps + mediaBps) / 2_000_000,
                forward,
                120,
                jain(tcpBps, mediaBps),
                kbps(mediaBps, tcpBps),
                new Limits(0.8, ANY, 0.6));
    }

    private void shortTcp(long seed) {
        Simulation simulation = new Simulation(seed);
        Link forward = link(simulation, 2_000);
        Link back = link(simulation, 10_000);
        MediaFlow one = flow(simulation, forward, back).start(5 * SECOND);
        MediaFlow two = flow(simulation, forward, back).start(5 * SECOND);
        List<RenoFlow> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            shortTransfer(simulation, forward, all);
        }
        simulation.runUntil(300 * SECOND);
        double tcpBps = all.stream().mapToLong(tcp -> tcp.deliveredBytes).sum() * 8 / 300.0;
        double[] rates = {one.receivedBps(20, 300), two.receivedBps(20, 300)};
        row(
                "5.7 two flows and short TCP, seed " + seed,
                (rates[0] + rates[1] + tcpBps) / 2_000_000,
                forward,
                300,
                jain(rates),
                kbps(rates[0], rates[1], tcpBps),
                new Limits(0.8, ANY, 0.8));
    }

    /** 100 kB to 1 MB, then a rest of 10 s in the mean. */
    private void shortTransfer(Simulation simulation, Link forward, List<RenoFlow> all) {
        RenoFlow tcp = new RenoFlow(simulation, forward, 100_000 + simulation.random.nextInt(900_000));
        all.add(tcp);
        tcp.onDone = () -> shortTransfer(simulation, forward, all);
        tcp.start(simulation.now() + RenoFlow.restNanos(simulation, 10));
    }

    private void pauseAndResume(long seed) {
        Simulation simulation = new Simulation(seed);
        Link forward = link(simulation, 3_500);
        Link back = link(simulation, 10_000);
        MediaFlow one = flow(simulation, forward, back).start(0);
        MediaFlow two = flow(simulation, forward, back).start(0);
        MediaFlow three = flow(simulation, forward, back).start(0);
        two.pause(40 * SECOND, 60 * SECOND);
        simulation.runUntil(120 * SECOND);
        double[] rates = {one.receivedBps(70, 120), two.receivedBps(70, 120), three.receivedBps(70, 120)};
        row(
                "5.8 three flows, one pauses 40 to 60 s, seed " + seed,
                used(120, new double[] {0, 3_500, 40, 3_500, 60, 3_500}, one, two, three),
                forward,
                120,
                jain(rates),
                kbps(rates),
                new Limits(0.8, ANY, 0.8));
    }
}
