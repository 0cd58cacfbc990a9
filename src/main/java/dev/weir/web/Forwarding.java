package dev.weir.web;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a proxy says of the request it passes on: {@code Forwarded} (RFC 7239), else {@code X-Forwarded-*}. Of several
 * values the last counts, which the proxy next to us wrote itself.
 */
record Forwarding(Optional<String> scheme, Optional<String> host) {
    static final Forwarding NONE = new Forwarding(Optional.empty(), Optional.empty());

    static Forwarding of(MultiMap headers) {
        Optional<String> forwarded = last(headers.getAll("Forwarded"));
        if (forwarded.isPresent()) {
            return new Forwarding(
                    parameter(forwarded.get(), "proto").flatMap(Forwarding::knownScheme),
                    parameter(forwarded.get(), "host"));
        }
        return new Forwarding(
                last(headers.getAll("X-Forwarded-Proto")).flatMap(Forwarding::knownScheme),
                last(headers.getAll("X-Forwarded-Host")));
    }

    private static Optional<String> last(List<String> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String value = values.getLast();
        return Optional.of(value.substring(value.lastIndexOf(',') + 1).strip());
    }

    private static Optional<String> parameter(String element, String name) {
        for (String pair : element.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase(name)) {
                return Optional.of(pair.substring(equals + 1).strip().replace("\"", ""));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> knownScheme(String text) {
        String scheme = text.toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https") ? Optional.of(scheme) : Optional.empty();
    }
}
