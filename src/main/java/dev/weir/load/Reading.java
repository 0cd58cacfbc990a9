package dev.weir.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What both sides had spent at one moment.
 *
 * @param serverCpuSeconds as its metrics say, or its process; empty: unknown
 * @param ownCpuSeconds of this process
 * @param loopCpuNanos of each of our loops
 */
record Reading(
        long at,
        ServerMetrics metrics,
        OptionalDouble serverCpuSeconds,
        double ownCpuSeconds,
        List<Long> loopCpuNanos) {
    /** Clock ticks a second in /proc, on all Linux platforms that we know. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int UTIME = 11;

    static Reading take(ServerMetrics metrics, OptionalLong serverPid, List<Thread> loops) {
        OptionalDouble server =
                serverPid.isPresent() ? cpuOf(serverPid.getAsLong()) : metrics.sum("process_cpu_seconds_total", "");
        double own = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e9
                : 0;
        List<Long> ofLoops = loops.stream()
                .map(thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()))
                .toList();
        return new Reading(LoadLoop.now(), metrics, server, own, ofLoops);
    }

    double secondsSince(Reading before) {
        return (at - before.at) / 1e9;
    }

    OptionalDouble serverCpuSince(Reading before) {
        return serverCpuSeconds.isPresent() && before.serverCpuSeconds.isPresent()
                ? OptionalDouble.of(serverCpuSeconds.getAsDouble() - before.serverCpuSeconds.getAsDouble())
                : OptionalDouble.empty();
    }

    /** Of this process, in cores. */
    double ownCoresSince(Reading before) {
        return (ownCpuSeconds - before.ownCpuSeconds) / secondsSince(before);
    }

    /** Of our busiest loop, 0 to 1. */
    double busiestLoopSince(Reading before) {
        double most = 0;
        for (int i = 0; i < loopCpuNanos.size(); i++) {
            most = Math.max(most, (loopCpuNanos.get(i) - before.loopCpuNanos.get(i)) / 1e9 / secondsSince(before));
        }
        return most;
    }

    /** User and system time of a process on this machine, from behind its name in parentheses (proc(5)). */
    static OptionalDouble cpuOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return OptionalDouble.of(
                    (Long.parseLong(words[UTIME]) + Long.parseLong(words[UTIME + 1])) / TICKS_PER_SECOND);
        } catch (IOException | RuntimeException e) {
            return OptionalDouble.empty();
        }
    }
}
