package dev.weir;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code weir run}: one server until a signal ends it. */
final class RunCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final CommandSpec spec;

    private RunCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.spec = CommandSpec.wrapWithoutInspection(this).mixinStandardHelpOptions(true);
    }

    static CommandSpec spec(Surroundings surroundings) {
        CommandSpec spec = new RunCommand(surroundings).spec;
        spec.usageMessage()
                .description(
                        "Start one server.",
                        "Each flag is also a key of conf/weir.yaml and a variable: --udp-port"
                                + " is media.udpPort and WEIR_MEDIA_UDP_PORT.")
                .sortOptions(false);
        SettingFlags.addTo(spec, Settings.ALL);
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        SettingValues values = SettingFlags.read(spec.commandLine().getParseResult(), surroundings);
        Configuration configuration = Configuration.of(values);
        refuseWhatIsNotBuilt(values);
        refuseOpenToAll(configuration);
        Logging.configure(configuration.log());
        Server server = Server.start(configuration);
        Stop stop = Stop.onSignals(server::stop);
        announce(configuration, server);
        stop.await();
        return Main.OK;
    }

    /** A setting that would do nothing is refused rather than ignored. */
    static void refuseWhatIsNotBuilt(SettingValues values) {
        if (values.changed(Settings.TCP_PORT)) {
            throw new ConfigurationError(values.origin(Settings.TCP_PORT) + ": ICE over TCP is not in this release");
        }
    }

    static void refuseOpenToAll(Configuration configuration) {
        Configuration.Auth auth = configuration.auth();
        if (auth.secret().isEmpty()
                && auth.keySet().isEmpty()
                && !auth.open()
                && !configuration.http().loopback()) {
            throw new ConfigurationError("on " + configuration.http().host() + ", which others can reach, weir needs "
                    + Settings.AUTH_SECRET.flag() + " (or " + Settings.AUTH_SECRET.variable() + "), or "
                    + Settings.OPEN.flag() + " to let everyone in");
        }
    }

    private void announce(Configuration configuration, Server server) {
        if (!configuration.auth().asksForTokens()) {
            boolean despite = configuration.auth().secret().isPresent()
                    || configuration.auth().keySet().isPresent();
            surroundings
                    .out()
                    .println("open: no tokens are asked, whoever reaches " + server.url() + " may join"
                            + (despite ? " (" + Settings.OPEN.flag() + " overrules the secret)" : ""));
        }
        server.fingerprint().ifPresent(print -> surroundings.out().println("certificate SHA-256 " + print));
        surroundings.out().println("weir " + Main.version() + " ready at " + server.url());
    }
}
