package dev.weir;

import dev.weir.bench.Bench;
import dev.weir.bench.Soak;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code weir bench}: the load generator against servers of its own, as a table. */
final class BenchCommand implements Callable<Integer> {
    private static final int MAX_MINUTES = 24 * 60;
    private static final int MAX_ROOMS = 500;

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
        spec.addOption(OptionSpec.builder("--soak")
                .type(Integer.class)
                .arity("0..1")
                .fallbackValue("10")
                .paramLabel("MINUTES")
                .description("Instead: four fifths of the machine for so long (10), and whether anything grows.")
                .build());
        spec.addOption(OptionSpec.builder("--rooms")
                .type(Integer.class)
                .arity("1")
                .paramLabel("N")
                .description("Of the soak. Default: as many as make up four fifths.")
                .build());
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        Path folder = surroundings.folder().resolve("target", "bench");
        Integer minutes = spec.findOption("--soak").getValue();
        if (minutes != null) {
            return soak(minutes, folder) ? Main.OK : Main.FAILURE;
        }
        String only = spec.findOption("--only").getValue();
        List<String> names = only.isEmpty() ? List.of() : List.of(only.split(",", -1));
        for (String name : names) {
            if (!Bench.names().contains(name)) {
                throw new ConfigurationError(
                        "--only: must be one of " + String.join(", ", Bench.names()) + ", not '" + name + "'");
            }
        }
        boolean quick = Boolean.TRUE.equals(spec.findOption("--quick").getValue());
        Bench.Request request = new Bench.Request(quick, names, folder);
        return Bench.run(request, surroundings.out()) ? Main.OK : Main.FAILURE;
    }

    private boolean soak(int minutes, Path folder) throws Exception {
        Integer rooms = spec.findOption("--rooms").getValue();
        if (minutes < 1 || minutes > MAX_MINUTES) {
            throw new ConfigurationError("--soak: must be 1 to " + MAX_MINUTES + " minutes, not '" + minutes + "'");
        }
        if (rooms != null && (rooms < 1 || rooms > MAX_ROOMS)) {
            throw new ConfigurationError("--rooms: must be 1 to " + MAX_ROOMS + ", not '" + rooms + "'");
        }
        return Soak.run(new Soak.Request(minutes, rooms == null ? 0 : rooms, folder), surroundings.out());
    }
}
