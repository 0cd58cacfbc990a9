package dev.weir;

import dev.weir.signal.Role;
import dev.weir.web.Names;
import dev.weir.web.Tokens;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code weir token}: prints an access token signed with the server's secret (HS256, RFC 7519). */
final class TokenCommand implements Callable<Integer> {
    private static final String ROLES = Stream.of(Role.values()).map(Role::word).collect(Collectors.joining(", "));

    private final Surroundings surroundings;
    private final CommandSpec spec;

    private TokenCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.spec = CommandSpec.wrapWithoutInspection(this).mixinStandardHelpOptions(true);
    }

    static CommandSpec spec(Surroundings surroundings) {
        CommandSpec spec = new TokenCommand(surroundings).spec;
        spec.usageMessage()
                .description("Print an access token, signed with the secret of " + Settings.AUTH_SECRET.flag() + ", "
                        + Settings.AUTH_SECRET.variable() + " or the configuration file.")
                .sortOptions(false);
        spec.addOption(option("--room", "ROOM", "Its room, or * for all.")
                .required(true)
                .build());
        spec.addOption(option("--name", "NAME", "Display name.").required(true).build());
        spec.addOption(
                option("--role", "ROLE", "One of " + ROLES + ".").required(true).build());
        spec.addOption(OptionSpec.builder("--admin")
                .type(boolean.class)
                .description("May make admin calls.")
                .build());
        spec.addOption(option("--ttl", "DURATION", "How long it is good. Default: 1h.")
                .defaultValue("1h")
                .build());
        SettingFlags.addTo(spec, List.of(Settings.AUTH_SECRET));
        return spec;
    }

    private static OptionSpec.Builder option(String name, String argument, String description) {
        return OptionSpec.builder(name)
                .type(String.class)
                .arity("1")
                .paramLabel(argument)
                .description(description);
    }

    @Override
    public Integer call() {
        ParseResult parsed = spec.commandLine().getParseResult();
        String secret = SettingFlags.read(parsed, surroundings)
                .get(Settings.AUTH_SECRET)
                .orElseThrow(() -> new ConfigurationError("token: there is no secret to sign with: "
                        + Settings.AUTH_SECRET.flag() + ", " + Settings.AUTH_SECRET.variable() + " or auth.secret"));
        String ttl = spec.findOption("--ttl").getValue();
        Duration validity;
        try {
            validity = ValueType.DURATION_TYPE.parse(ttl, surroundings.folder());
        } catch (ValueType.Refusal e) {
            throw new ConfigurationError("--ttl: " + e.getMessage());
        }
        String name = checked("--name", Names::isDisplayName, "must be 1 to 80 characters without controls");
        String room =
                checked("--room", TokenCommand::isRoom, "must be 1 to 128 letters, digits, '-', '_' or '.', or *");
        Tokens.Claims claims =
                new Tokens.Claims(randomSubject(), name, room, role(), parsed.hasMatchedOption("--admin"));
        surroundings.out().println(new Tokens(secret).sign(claims, validity));
        return Main.OK;
    }

    private Role role() {
        String word = spec.findOption("--role").getValue();
        return Role.of(word)
                .orElseThrow(() -> new ConfigurationError("--role: must be one of " + ROLES + ", not '" + word + "'"));
    }

    private static boolean isRoom(String text) {
        return text.equals(Tokens.ANY_ROOM) || Names.isRoom(text);
    }

    private String checked(String flag, Predicate<String> rule, String must) {
        String text = spec.findOption(flag).getValue();
        if (!rule.test(text)) {
            throw new ConfigurationError(flag + ": " + must + ", not '" + text + "'");
        }
        return text;
    }

    private static String randomSubject() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
