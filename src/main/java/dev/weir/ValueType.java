package dev.weir;

import dev.weir.signal.ShardId;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of setting: how its text becomes a value. A refusal says what the text must be.
 *
 * @param argument what help calls the value, empty for a switch
 * @param list whether the text is a list separated by commas
 */
record ValueType<T>(String argument, boolean list, Parser<T> parser) {
    static final int SECRET_BYTES_MIN = 32;

    private static final Pattern HOST_LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h|d)");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    /** Reads a text; relative paths start at the folder. */
    interface Parser<T> {
        T parse(String text, Path folder);
    }

    /** The text is none of this kind; the message follows the setting's name. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refusal(String must, String text) {
            super(must + ", not '" + text + "'", null, false, false);
        }

        Refusal(String sentence) {
            super(sentence, null, false, false);
        }
    }

    static final ValueType<Boolean> SWITCH = of("", ValueType::bool);
    static final ValueType<Integer> PORT = of("PORT", ValueType::port);
    static final ValueType<OptionalInt> OPTIONAL_PORT =
            of("PORT", text -> text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(port(text)));
    static final ValueType<String> HOST = of("HOST", ValueType::host);
    static final ValueType<List<String>> HOSTS = listOf("NAME[,NAME]", ValueType::host);
    static final ValueType<List<String>> ORIGINS = listOf("ORIGIN[,ORIGIN]", ValueType::origin);
    static final ValueType<List<String>> CIDRS = listOf("CIDR[,CIDR]", ValueType::cidr);
    static final ValueType<List<InetAddress>> ADDRESSES = listOf("IP[,IP]", ValueType::unicastAddress);
    static final ValueType<List<String>> MEMBERS = listOf("HOST[:PORT],…", ValueType::member);
    static final ValueType<String> NAME = of("NAME", ValueType::name);
    static final ValueType<String> NODE = of("NAME", ValueType::node);
    static final ValueType<String> HOST_OR_NONE = of("HOST", text -> text.isEmpty() ? text : host(text));
    static final ValueType<Optional<String>> SECRET = of("SECRET", ValueType::secret);
    static final ValueType<Duration> DURATION_TYPE = of("DURATION", ValueType::duration);
    static final ValueType<Optional<Path>> READABLE_FILE = new ValueType<>("FILE", false, ValueType::readableFile);

    static final ValueType<Optional<URI>> KEY_SET = new ValueType<>("FILE|URL", false, ValueType::keySet);
    static final ValueType<Optional<URI>> WEB_ADDRESS = of("URL", ValueType::webAddress);
    static final ValueType<String> TEXT = of("TEXT", text -> text);

    static ValueType<Integer> integer(int min, int max) {
        return of("N", text -> integer(text, min, max));
    }

    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
        List<String> names = Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        return of(String.join("|", names), text -> {
            int index = names.indexOf(text.toLowerCase(Locale.ROOT));
            if (index < 0) {
                throw new Refusal("must be one of " + String.join(", ", names), text);
            }
            return type.getEnumConstants()[index];
        });
    }

    private static <T> ValueType<T> of(String argument, Function<String, T> parser) {
        return new ValueType<>(argument, false, (text, folder) -> parser.apply(text));
    }

    private static <T> ValueType<List<T>> listOf(String argument, Function<String, T> element) {
        return new ValueType<>(
                argument,
                true,
                (text, folder) -> text.isBlank()
                        ? List.of()
                        : Arrays.stream(text.split(",", -1))
                                .map(String::strip)
                                .map(element)
                                .toList());
    }

    T parse(String text, Path folder) {
        return parser.parse(text.strip(), folder);
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refusal("must be true or false", text);
        };
    }

    private static int integer(String text, int min, int max) {
        if (!DIGITS.matcher(text).matches() || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new Refusal("must be a number from " + min + " to " + max, text);
        }
        return Integer.parseInt(text);
    }

    private static int port(String text) {
        if (!DIGITS.matcher(text).matches() || Integer.parseInt(text) > 65_535) {
            throw new Refusal("must be a port from 0 to 65535", text);
        }
        return Integer.parseInt(text);
    }

    /** A host name or an address without brackets; nothing is looked up. */
    private static String host(String text) {
        String host = text.toLowerCase(Locale.ROOT);
        if (!isAddress(host) && !isHostName(host)) {
            throw new Refusal("must be a host name or an IP address", text);
        }
        return host;
    }

    static boolean isAddress(String text) {
        return NetUtil.isValidIpV4Address(text)
                || (NetUtil.isValidIpV6Address(text) && !text.startsWith("[") && !text.contains("%"));
    }

    private static boolean isHostName(String host) {
        String[] labels = host.split("\\.", -1);
        // A name that ends in a number would be taken for a mistyped address by every browser.
        return host.length() <= 253
                && Arrays.stream(labels)
                        .allMatch(label -> HOST_LABEL.matcher(label).matches())
                && !DIGITS.matcher(labels[labels.length - 1]).matches();
    }

    private static InetAddress unicastAddress(String text) {
        InetAddress address = isAddress(text) ? NetUtil.createInetAddressFromIpAddressString(text) : null;
        if (address == null || address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new Refusal("must be the IP address of one machine", text);
        }
        return address;
    }

    /** Serialized as browsers do in the Origin header: lower case, no default port (RFC 6454 section 6.2). */
    private static String origin(String text) {
        try {
            URI uri = URI.create(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean bare = uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && String.valueOf(uri.getRawPath()).isEmpty();
            if (bare && uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                int port = uri.getPort();
                boolean isDefault = port == -1 || port == (scheme.equals("http") ? 80 : 443);
                String host = uri.getHost().toLowerCase(Locale.ROOT);
                if (port <= 65_535) {
                    return scheme + "://" + host + (isDefault ? "" : ":" + port);
                }
            }
        } catch (IllegalArgumentException e) {
            // Refused below, as everything that is no origin.
        }
        throw new Refusal("must be an origin such as https://example.org or http://10.0.0.1:3000", text);
    }

    private static String cidr(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int bits = NetUtil.isValidIpV4Address(address) ? 32 : 128;
        String prefix = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
        if (!isAddress(address) || !DIGITS.matcher(prefix).matches() || Integer.parseInt(prefix) > bits) {
            throw new Refusal("must be an address or a network such as 10.0.0.0/8 or fd00::/8", text);
        }
        return address + "/" + Integer.parseInt(prefix);
    }

    private static String member(String text) {
        try {
            URI uri = new URI("member://" + text);
            if (uri.getHost() != null && uri.getPort() <= 65_535 && text.equals(uri.getRawAuthority())) {
                return text.toLowerCase(Locale.ROOT);
            }
        } catch (java.net.URISyntaxException e) {
            // Refused below.
        }
        throw new Refusal("must be host or host:port, IPv6 in brackets", text);
    }

    private static String name(String text) {
        if (!text.matches("[A-Za-z0-9._-]{0,64}")) {
            throw new Refusal("must be up to 64 letters, digits, '-', '_' or '.'", text);
        }
        return text;
    }

    private static String node(String text) {
        if (!text.isEmpty() && !ShardId.isNode(text)) {
            throw new Refusal("must be up to 64 letters, digits, '-' or '_'", text);
        }
        return text;
    }

    /** The text itself never goes into a message. */
    private static Optional<String> secret(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < SECRET_BYTES_MIN) {
            throw new Refusal("must have " + SECRET_BYTES_MIN + " bytes or more, this one has " + bytes
                    + " (openssl rand -base64 32 makes one)");
        }
        return Optional.of(text);
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new Refusal("must be a duration such as 90s, 30m, 1h or 7d", text);
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static Optional<Path> readableFile(String text, Path folder) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path file = folder.resolve(text);
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return Optional.of(file);
            }
        } catch (InvalidPathException e) {
            // Refused below.
        }
        throw new Refusal("must be a readable file", text);
    }

    /** Keys that come over the network must come whole: plain http is for this machine itself. */
    private static Optional<URI> keySet(String text, Path folder) {
        if (!text.contains("://")) {
            return readableFile(text, folder).map(file -> file.toAbsolutePath().toUri());
        }
        try {
            URI uri = URI.create(text);
            String host = String.valueOf(uri.getHost()).replaceAll("[\\[\\]]", "");
            if ("https".equals(uri.getScheme()) && uri.getHost() != null
                    || "http".equals(uri.getScheme()) && isLoopback(host)) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new Refusal("must be a readable file or an https address", text);
    }

    /** The text may hold what nobody else should know, so no message has it. */
    private static Optional<URI> webAddress(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            boolean plain = uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            if (web && plain && uri.getHost() != null && uri.getPort() <= 65_535) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new Refusal("must be an http or https address without a user name or a fragment");
    }

    static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return isAddress(host) && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("an address is never looked up", e);
        }
    }
}
