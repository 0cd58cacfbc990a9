package dev.weir;

import dev.weir.load.Load;
import dev.weir.load.LoadPlan;
import dev.weir.load.LoadResult;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code weir load}: publishers and viewers without a browser, against a running server. */
final class LoadCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final CommandSpec spec;

    private LoadCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.spec = CommandSpec.wrapWithoutInspection(this).mixinStandardHelpOptions(true);
    }

    static CommandSpec spec(Surroundings surroundings) {
        CommandSpec spec = new LoadCommand(surroundings).spec;
        spec.usageMessage()
                .description(
                        "Load a running server with publishers and viewers, and say what they got and what it cost.",
                        "Ends with code 1 when not everybody got in.")
                .sortOptions(false);
        LoadFlags.addTo(spec);
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        LoadPlan plan = LoadFlags.read(spec, surroundings.folder());
        Optional<Path> json = LoadFlags.json(spec, surroundings.folder());
        LoadResult result;
        try {
            result = Load.run(plan, surroundings.err());
        } catch (UnknownHostException e) {
            throw new StartFailure(
                    "--server: the name '" + plan.target().server().getHost() + "' does not resolve");
        }
        surroundings.out().print(result.table());
        if (json.isPresent()) {
            write(json.get(), result);
        }
        return result.complete() ? Main.OK : Main.FAILURE;
    }

    private static void write(Path file, LoadResult result) throws StartFailure {
        try {
            Files.writeString(file, result.json());
        } catch (IOException e) {
            throw new StartFailure("--json: cannot write " + file);
        }
    }
}
