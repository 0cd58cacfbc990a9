package dev.weir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The value of each setting and where it came from: a flag beats the environment, the environment beats the file. */
final class SettingValues {
    /** What Kubernetes puts into the environment of every container when a service is named weir-something. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_.*)?)");

    private static final Set<String> KNOWN = Settings.ALL.stream()
            .flatMap(setting -> setting.secret()
                    ? Stream.of(setting.variable(), setting.variable() + "_FILE")
                    : Stream.of(setting.variable()))
            .collect(Collectors.toUnmodifiableSet());

    private final Map<Setting<?>, Given> given = new HashMap<>();
    private final Map<Setting<?>, Object> values = new HashMap<>();

    /** A text that was set, and how a message names the place. */
    private record Given(String text, String origin, Path folder) {}

    private SettingValues() {}

    /**
     * @param flags texts by setting, as given on the command line
     * @param folder the working folder
     */
    static SettingValues read(
            Map<Setting<?>, String> flags, Map<String, String> environment, ConfigurationFile file, Path folder) {
        refuseUnknown(environment);
        SettingValues result = new SettingValues();
        for (Setting<?> setting : Settings.ALL) {
            Optional<Given> found = fromFlags(setting, flags, folder)
                    .or(() -> fromEnvironment(setting, environment, folder))
                    .or(() -> fromFile(setting, file));
            found.ifPresent(given -> result.given.put(setting, given));
            result.values.put(setting, result.parse(setting, found));
        }
        return result;
    }

    @SuppressWarnings("unchecked") // Each value was made by its own setting's type.
    <T> T get(Setting<T> setting) {
        return (T) values.get(setting);
    }

    /** Whether it has another value than its default. */
    boolean changed(Setting<?> setting) {
        return !values.get(setting).equals(setting.type().parse(setting.fallback(), Path.of("")));
    }

    /** The flag, variable or line that set it; the flag when nothing did. */
    String origin(Setting<?> setting) {
        return given.containsKey(setting) ? given.get(setting).origin() : setting.flag();
    }

    private Object parse(Setting<?> setting, Optional<Given> found) {
        if (found.isEmpty()) {
            return setting.type().parse(setting.fallback(), Path.of(""));
        }
        Given it = found.get();
        if (it.text().isBlank() && !setting.type().list()) {
            throw new ConfigurationError(it.origin() + ": is empty");
        }
        try {
            return setting.type().parse(it.text(), it.folder());
        } catch (ValueType.Refusal e) {
            throw new ConfigurationError(it.origin() + ": " + e.getMessage());
        }
    }

    private static Optional<Given> fromFlags(Setting<?> setting, Map<Setting<?>, String> flags, Path folder) {
        return Optional.ofNullable(flags.get(setting)).map(text -> new Given(text, setting.flag(), folder));
    }

    /** An empty variable counts as unset, as it comes from templates; but never an empty secret. */
    private static Optional<Given> fromEnvironment(Setting<?> setting, Map<String, String> environment, Path folder) {
        String variable = setting.variable();
        String text = environment.get(variable);
        if (!setting.secret()) {
            return text == null || text.isEmpty() || isServiceLink(variable, text)
                    ? Optional.empty()
                    : Optional.of(new Given(text, variable, folder));
        }
        String fileVariable = variable + "_FILE";
        String file = environment.get(fileVariable);
        if (text != null && file != null) {
            throw new ConfigurationError(fileVariable + ": " + variable + " is set too");
        }
        if (file != null) {
            return Optional.of(new Given(secretFile(fileVariable, file, folder), fileVariable, folder));
        }
        return Optional.ofNullable(text).map(it -> new Given(it, variable, folder));
    }

    private static String secretFile(String variable, String name, Path folder) {
        try {
            return Files.readString(folder.resolve(name), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException | InvalidPathException e) {
            throw new ConfigurationError(variable + ": cannot read the file '" + name + "'");
        }
    }

    private static Optional<Given> fromFile(Setting<?> setting, ConfigurationFile file) {
        return Optional.ofNullable(file.entries().get(setting.key()))
                .map(entry -> new Given(entry.text(), file.origin(setting.key()), file.folder()));
    }

    /** A variable in the manner of ours that sets nothing is a mistake: WEIR_HTTP_PROT, or WEIR_PORT from --port. */
    private static void refuseUnknown(Map<String, String> environment) {
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (KNOWN.contains(variable) || isServiceLink(variable, environment.get(variable))) {
                continue;
            }
            for (Setting<?> setting : Settings.ALL) {
                if (variable.equals(setting.guessedVariable())) {
                    throw new ConfigurationError(
                            "unknown variable '" + variable + "': " + setting.flag() + " is " + setting.variable());
                }
                if (variable.startsWith("WEIR_" + setting.section().toUpperCase(Locale.ROOT) + "_")) {
                    throw new ConfigurationError("unknown variable '" + variable + "'");
                }
            }
        }
    }

    private static boolean isServiceLink(String variable, String value) {
        boolean port = variable.matches(".*_PORT");
        return SERVICE_LINK.matcher(variable).matches() && (!port || value.matches("(tcp|udp|sctp)://.*"));
    }
}
