package dev.weir;

import dev.weir.bench.Bench;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code weir bench}: the load generator against servers of its own, as a table. */
final class BenchCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final CommandSpec spec;

    private BenchCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.spec = CommandSpec.wrapWithoutInspection(this).mixinStandardHelpOptions(true);
    }

    static CommandSpec spec(Surroundings surroundings) {
        CommandSpec spec = new BenchCommand(surroundings).spec;
        spec.usageMessage()
                .description("Measure this server: scenarios of the load generator, one after the other.")
                .sortOptions(false);
        spec.addOption(OptionSpec.builder("--quick")
                .type(boolean.class)
                .arity("0")
                .description("A few seconds for each: whether it works, not how well.")
                .build());
        spec.addOption(OptionSpec.builder("--only")
                .type(String.class)
                .arity("1")
                .paramLabel("NAME[,NAME]")
                .defaultValue("")
                .description("Only these scenarios.")
                .build());
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        String only = spec.findOption("--only").getValue();
        List<String> names = only.isEmpty() ? List.of() : List.of(only.split(",", -1));
        for (String name : names) {
            if (!Bench.names().contains(name)) {
                throw new ConfigurationError(
                        "--only: must be one of " + String.join(", ", Bench.names()) + ", not '" + name + "'");
            }
        }
        boolean quick = Boolean.TRUE.equals(spec.findOption("--quick").getValue());
        Bench.Request request =
                new Bench.Request(quick, names, surroundings.folder().resolve("target", "bench"));
        return Bench.run(request, surroundings.out()) ? Main.OK : Main.FAILURE;
    }
}
