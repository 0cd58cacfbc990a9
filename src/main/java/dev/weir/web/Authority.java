package dev.weir.web;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A host and an optional port, as in a {@code Host} header (RFC 3986 section 3.2). Nothing is ever resolved.
 *
 * @param host a name in lower case, or an address in its plain form without brackets
 * @param address present when the host is a literal
 */
record Authority(String host, Optional<InetAddress> address, OptionalInt port) {
    private static final int MAX_LENGTH = 300;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    static Optional<Authority> parse(String text) {
        if (text == null || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return text.startsWith("[") ? parseBracketed(text) : parsePlain(text);
    }

    private static Optional<Authority> parseBracketed(String text) {
        int end = text.indexOf(']');
        if (end < 0 || text.indexOf('%') >= 0 || !isPortSuffix(text.substring(end + 1))) {
            return Optional.empty();
        }
        String inside = text.substring(1, end);
        return inside.contains(":") ? literal(inside, portOf(text.substring(end + 1))) : Optional.empty();
    }

    private static Optional<Authority> parsePlain(String text) {
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String suffix = colon < 0 ? "" : text.substring(colon);
        if (!NAME.matcher(host).matches() || !isPortSuffix(suffix)) {
            return Optional.empty();
        }
        if (IPV4.matcher(host).matches()) {
            return literal(host, portOf(suffix));
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return Optional.of(new Authority(name.toLowerCase(Locale.ROOT), Optional.empty(), portOf(suffix)));
    }

    private static Optional<Authority> literal(String host, OptionalInt port) {
        try {
            InetAddress address = InetAddress.ofLiteral(host);
            return Optional.of(new Authority(address.getHostAddress(), Optional.of(address), port));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isPortSuffix(String suffix) {
        return suffix.isEmpty() || suffix.matches(":\\d{0,5}") && portOf(suffix).orElse(0) <= 65_535;
    }

    private static OptionalInt portOf(String suffix) {
        return suffix.length() < 2 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(suffix.substring(1)));
    }
}
