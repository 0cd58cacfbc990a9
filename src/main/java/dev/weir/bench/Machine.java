package dev.weir.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the benchmark runs on, and how processes are started on a share of it. */
final class Machine {
    private static final List<String> JVM_FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED", "-XX:+UseZGC", "-XX:+UseCompactObjectHeaders", "-Xms1g", "-Xmx1g");

    private final int cores = Runtime.getRuntime().availableProcessors();
    private final boolean pinning = cores > 1 && hasTaskset();

    /** Event loops of the generator: it has all cores but the server's. */
    int generatorLoops() {
        return Math.clamp(cores - 1, 1, 8);
    }

    /** A command of this very program on the server's core or on the others. */
    List<String> command(boolean server, List<String> arguments) {
        return command(server, List.of(), arguments);
    }

    /** @param jvmFlags beside those that all processes of the benchmark have */
    List<String> command(boolean server, List<String> jvmFlags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (pinning) {
            String others = cores == 2 ? "1" : "1-" + (cores - 1);
            command.addAll(List.of("taskset", "-c", server ? "0" : others));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.weir.Main"));
        command.addAll(arguments);
        return command;
    }

    /** The line that a figure is worth nothing without. */
    String describe(String doctor) {
        return cores + " cores (" + processor() + "), " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", Java " + Runtime.version() + "; "
                + lineOf(doctor, "packet crypto") + "; epoll " + lineOf(doctor, "epoll")
                + (pinning ? "; server on core 0, generator on the others" : "; not pinned");
    }

    double loadAverage() {
        return Math.round(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() * 100) / 100.0;
    }

    private static String lineOf(String doctor, String name) {
        return doctor.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElse(name + " unknown");
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static boolean hasTaskset() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")));
    }
}
