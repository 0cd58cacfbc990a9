package dev.weir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The table of settings as flags of a command. */
final class SettingFlags {
    private static final String CONFIG = "--config";

    private SettingFlags() {}

    static void addTo(CommandSpec command, List<Setting<?>> settings) {
        command.addOption(OptionSpec.builder(CONFIG)
                .type(String.class)
                .paramLabel("FILE")
                .description("Another file than conf/weir.yaml.")
                .build());
        for (Setting<?> setting : settings) {
            command.addOption(option(setting));
        }
    }

    /** Reads the command line, the environment and the file into one. */
    static SettingValues read(ParseResult parsed, Surroundings surroundings) {
        Map<Setting<?>, String> flags = new HashMap<>();
        for (Setting<?> setting : Settings.ALL) {
            if (parsed.hasMatchedOption(setting.flag())) {
                flags.put(setting, String.valueOf(parsed.<Object>matchedOptionValue(setting.flag(), "")));
            }
        }
        return SettingValues.read(flags, surroundings.environment(), file(parsed, surroundings), surroundings.folder());
    }

    private static ConfigurationFile file(ParseResult parsed, Surroundings surroundings) {
        Optional<String> named = Optional.ofNullable(parsed.matchedOptionValue(CONFIG, (String) null));
        if (named.isPresent()) {
            return ConfigurationFile.read(surroundings.folder().resolve(named.get()));
        }
        for (Path folder : List.of(surroundings.folder(), surroundings.home())) {
            Path file = folder.resolve("conf", "weir.yaml");
            if (Files.exists(file)) {
                return ConfigurationFile.read(file);
            }
        }
        return ConfigurationFile.builtIn(surroundings.folder());
    }

    private static OptionSpec option(Setting<?> setting) {
        String fallback = setting.fallback();
        OptionSpec.Builder option = OptionSpec.builder(setting.flag())
                .description(setting.description()
                        + (fallback.isEmpty() || setting.isSwitch() ? "" : " Default: " + fallback + "."));
        return setting.isSwitch()
                ? option.type(boolean.class).arity("0").build()
                : option.type(String.class)
                        .arity("1")
                        .paramLabel(setting.type().argument())
                        .build();
    }
}
