package dev.weir;

import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The program's entry: commands, and their failures as one line and an exit code. */
public final class Main {
    static final int OK = 0;
    static final int FAILURE = 1;
    static final int USAGE = 2;

    private static final Set<String> COMMANDS = Set.of("run", "token", "doctor", "load", "bench");

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(Surroundings.ofProcess(), arguments));
    }

    static int execute(Surroundings surroundings, String... arguments) {
        try {
            return commandLine(surroundings).execute(withCommand(arguments));
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** {@code run} is the default: flags without a command are its flags. */
    private static String[] withCommand(String... arguments) {
        if (arguments.length > 0
                && (COMMANDS.contains(arguments[0])
                        || Set.of("--version", "-V", "--help", "-h").contains(arguments[0]))) {
            return arguments;
        }
        String[] result = new String[arguments.length + 1];
        result[0] = "run";
        System.arraycopy(arguments, 0, result, 1, arguments.length);
        return result;
    }

    private static CommandLine commandLine(Surroundings surroundings) {
        CommandSpec root = CommandSpec.create().name("weir").mixinStandardHelpOptions(true);
        root.usageMessage().description("A WebRTC server for rooms of people. Without a command: run.");
        root.addSubcommand("run", RunCommand.spec(surroundings));
        root.addSubcommand("token", TokenCommand.spec(surroundings));
        root.addSubcommand("doctor", DoctorCommand.spec(surroundings));
        root.addSubcommand("load", LoadCommand.spec(surroundings));
        root.addSubcommand("bench", BenchCommand.spec(surroundings));
        CommandLine line = new CommandLine(root);
        root.version("weir " + version());
        root.subcommands().values().forEach(command -> command.getCommandSpec().version("weir " + version()));
        line.setOut(surroundings.out());
        line.setErr(surroundings.err());
        line.setOverwrittenOptionsAllowed(false);
        line.setUnmatchedOptionsArePositionalParams(false);
        line.setParameterExceptionHandler((e, given) -> complain(surroundings, USAGE, reason(e)));
        line.setExecutionExceptionHandler((e, command, parsed) -> switch (e) {
            case ConfigurationError error -> complain(surroundings, USAGE, error.getMessage());
            case StartFailure failure -> complain(surroundings, FAILURE, failure.getMessage());
            default -> throw e;
        });
        return line;
    }

    private static String reason(CommandLine.ParameterException e) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
            return "unknown " + (unmatched.isUnknownOption() ? "flag" : "argument") + " '"
                    + unmatched.getUnmatched().getFirst() + "'";
        }
        return String.join(" ", e.getMessage().lines().toList());
    }

    private static int complain(Surroundings surroundings, int code, String sentence) {
        surroundings.err().println("weir: " + sentence);
        return code;
    }
}
