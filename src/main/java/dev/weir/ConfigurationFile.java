package dev.weir;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A configuration file, read into the texts of its keys with their lines.
 *
 * @param folder where relative file names in it start
 */
record ConfigurationFile(String name, Path folder, Map<String, Entry> entries) {
    private static final Map<String, Setting<?>> SETTINGS =
            Settings.ALL.stream().collect(Collectors.toMap(Setting::key, Function.identity()));
    private static final int BYTES_MAX = 1 << 20;

    record Entry(String text, int line) {}

    static ConfigurationFile read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new ConfigurationError(file + ": is larger than a configuration file can be");
            }
            return parse(file.toString(), file.toAbsolutePath().getParent(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigurationError("--config: there is no file " + file);
        } catch (CharacterCodingException e) {
            throw new ConfigurationError(file + ": is not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigurationError("--config: cannot read " + file);
        }
    }

    /** The defaults, as they ride in the jar. */
    static ConfigurationFile builtIn(Path folder) {
        try (InputStream stream = ConfigurationFile.class.getResourceAsStream("/conf/weir.yaml")) {
            return parse("built-in conf/weir.yaml", folder, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the jar is broken", e);
        }
    }

    static ConfigurationFile parse(String name, Path folder, String yaml) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        YAMLFactory factory = YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = factory.createParser(yaml)) {
            JsonToken first = parser.nextToken();
            if (first != null && first != JsonToken.VALUE_NULL) {
                new Reader(name, parser, entries).document();
            }
        } catch (JsonProcessingException e) {
            throw malformed(name, e);
        } catch (IOException e) {
            throw new IllegalStateException("a text cannot fail to be read", e);
        }
        return new ConfigurationFile(name, folder, Map.copyOf(entries));
    }

    /** Jackson knows where the last good token was; the cause beneath it knows where the trouble is. */
    private static ConfigurationError malformed(String name, JsonProcessingException e) {
        int line = e.getLocation().getLineNr();
        String reason = e.getOriginalMessage().lines().findFirst().orElse("");
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            line = marked.getProblemMark().getLine() + 1;
            reason = marked.getProblem();
        }
        return new ConfigurationError(name + ":" + line + ": malformed YAML: " + reason.strip());
    }

    /** Where a key stands, for messages. */
    String origin(String key) {
        return name + ":" + entries.get(key).line() + ": " + key;
    }

    /** Two levels: sections, and in them keys with a scalar or a list of scalars. */
    private record Reader(String name, JsonParser parser, Map<String, Entry> entries) {
        void document() throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw error("must hold sections with keys");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String section = parser.currentName();
                if (SETTINGS.keySet().stream().noneMatch(key -> key.startsWith(section + "."))) {
                    throw error("unknown key '" + section + "'");
                }
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_OBJECT) {
                    section(section);
                } else if (!isNothing(value)) {
                    throw error("'" + section + "' must be a section with keys");
                }
            }
            if (parser.nextToken() != null) {
                throw error("must hold one document");
            }
        }

        private void section(String section) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = section + "." + parser.currentName();
                Setting<?> setting = SETTINGS.get(key);
                if (setting == null) {
                    throw error("unknown key '" + key + "'");
                }
                int line = line();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.START_ARRAY && setting.type().list()) {
                    entries.put(key, new Entry(String.join(",", list(key)), line));
                } else if (value.isStructStart()) {
                    throw error(key + ": must be a plain value");
                } else if (!isNothing(value)) {
                    entries.put(key, new Entry(parser.getText(), line));
                }
            }
        }

        private List<String> list(String key) throws IOException {
            List<String> texts = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (!parser.currentToken().isScalarValue() || parser.getText().contains(",")) {
                    throw error(key + ": must be a list of plain values");
                }
                texts.add(parser.getText());
            }
            return texts;
        }

        private boolean isNothing(JsonToken value) throws IOException {
            return value == JsonToken.VALUE_NULL
                    || (value.isScalarValue() && parser.getText().isEmpty());
        }

        private int line() {
            return parser.currentTokenLocation().getLineNr();
        }

        private ConfigurationError error(String sentence) {
            return new ConfigurationError(name + ":" + line() + ": " + sentence);
        }
    }
}
