package dev.weir.bench;

import java.io.File;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks whose names fit the arguments (all without one), with the bytes that they
 * allocate, and writes {@code target/bench/microbenchmarks.json}. docs/performance.md says how to call it.
 */
public final class Microbenchmarks {
    private Microbenchmarks() {}

    public static void main(String[] names) throws RunnerException {
        new File("target/bench").mkdirs();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .addProfiler(GCProfiler.class)
                .resultFormat(ResultFormatType.JSON)
                .result("target/bench/microbenchmarks.json");
        List.of(names.length == 0 ? new String[] {"dev\\.weir\\..*Benchmark\\."} : names)
                .forEach(options::include);
        new Runner(options.build()).run();
    }
}
