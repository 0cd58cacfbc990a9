package dev.weir;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The file of {@code --ice-servers}: a JSON list of {urls, username, credential} or {urls, secret, ttl}. */
final class IceServersFile {
    private static final int SERVERS_MAX = 32;
    private static final int TTL_SECONDS_DEFAULT = 3600;
    private static final Set<String> FIELDS = Set.of("urls", "username", "credential", "secret", "ttl");

    /** RFC 7064 and RFC 7065. */
    private static final Pattern URL = Pattern.compile(
            "(stuns?|turns?):(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(\\?transport=(udp|tcp))?");

    private final String origin;
    private final Path file;

    private IceServersFile(String origin, Path file) {
        this.origin = origin;
        this.file = file;
    }

    static List<Configuration.IceServer> read(Path file, String origin) {
        return new IceServersFile(origin, file).read();
    }

    private List<Configuration.IceServer> read() {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw refusal("line " + e.getLocation().getLineNr() + " is not JSON");
        } catch (IOException e) {
            throw refusal("cannot be read as UTF-8 text");
        }
        if (root == null || !root.isArray() || root.size() > SERVERS_MAX) {
            throw refusal("must hold a JSON list of at most " + SERVERS_MAX + " servers");
        }
        List<Configuration.IceServer> servers = new ArrayList<>();
        for (int i = 0; i < root.size(); i++) {
            servers.add(server(root.get(i), "[" + i + "]"));
        }
        return List.copyOf(servers);
    }

    private Configuration.IceServer server(JsonNode node, String at) {
        if (!node.isObject()) {
            throw refusal(at + " must be an object");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw refusal(
                        at + "." + name + " is not a field; there are urls, username, credential, secret and ttl");
            }
        });
        List<String> urls = urls(node.path("urls"), at + ".urls");
        boolean turn = urls.stream().anyMatch(url -> url.startsWith("turn"));
        if (!node.has("secret")) {
            String username = text(node, "username", at);
            String credential = text(node, "credential", at);
            if (node.has("ttl") || username.isEmpty() != credential.isEmpty() || (turn && username.isEmpty())) {
                throw refusal(at + " needs username and credential, or secret and ttl");
            }
            return new Configuration.FixedIceServer(urls, username, credential);
        }
        String secret = text(node, "secret", at);
        if (secret.isEmpty() || node.has("username") || node.has("credential")) {
            throw refusal(at + " needs username and credential, or secret and ttl");
        }
        JsonNode ttl = node.path("ttl");
        if (!ttl.isMissingNode() && (!ttl.isInt() || ttl.intValue() < 1)) {
            throw refusal(at + ".ttl must be a number of seconds");
        }
        return new Configuration.SharedSecretIceServer(
                urls, secret, Duration.ofSeconds(ttl.asInt(TTL_SECONDS_DEFAULT)));
    }

    private List<String> urls(JsonNode node, String at) {
        List<String> urls = new ArrayList<>();
        if (node.isTextual()) {
            urls.add(node.textValue());
        } else if (node.isArray()) {
            node.forEach(url -> urls.add(url.asText()));
        }
        if (urls.isEmpty()) {
            throw refusal(at + " must be a URL or a list of URLs");
        }
        for (String url : urls) {
            if (!URL.matcher(url).matches()) {
                throw refusal(at + ": '" + url + "' is no stun:, stuns:, turn: or turns: URL");
            }
        }
        return List.copyOf(urls);
    }

    private String text(JsonNode node, String field, String at) {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw refusal(at + "." + field + " must be a text");
        }
        return value.asText("");
    }

    private ConfigurationError refusal(String sentence) {
        return new ConfigurationError(origin + ": " + file + ": " + sentence);
    }
}
