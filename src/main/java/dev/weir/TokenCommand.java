package dev.weir;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code weir token}: prints an access token signed with the server's secret (HS256, RFC 7519). */
final class TokenCommand implements Callable<Integer> {
    private static final List<String> ROLES = List.of("host", "cohost", "guest", "viewer", "recorder");
    private static final Pattern ROOM = Pattern.compile("\\*|[A-Za-z0-9_.-]{1,128}");
    private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,80}", Pattern.UNICODE_CHARACTER_CLASS);

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
        spec.addOption(option("--role", "ROLE", "One of " + String.join(", ", ROLES) + ".")
                .required(true)
                .build());
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
        ObjectNode claims = new ObjectMapper().createObjectNode();
        claims.put("sub", randomSubject());
        claims.put("name", matching("--name", NAME, "must be 1 to 80 characters without controls"));
        claims.put("room", matching("--room", ROOM, "must be 1 to 128 letters, digits, '-', '_' or '.', or *"));
        String role = spec.findOption("--role").getValue();
        if (!ROLES.contains(role)) {
            throw new ConfigurationError("--role: must be one of " + String.join(", ", ROLES) + ", not '" + role + "'");
        }
        claims.put("role", role);
        claims.put("admin", parsed.hasMatchedOption("--admin"));
        claims.put("exp", Instant.now().plus(validity).getEpochSecond());
        surroundings.out().println(sign(claims.toString(), secret));
        return Main.OK;
    }

    private String matching(String flag, Pattern pattern, String must) {
        String text = spec.findOption(flag).getValue();
        if (!pattern.matcher(text).matches()) {
            throw new ConfigurationError(flag + ": " + must + ", not '" + text + "'");
        }
        return text;
    }

    private static String randomSubject() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static String sign(String claims, String secret) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String text = base64.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "." + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return text + "." + base64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
