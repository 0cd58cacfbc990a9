package dev.weir.web;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a proxy says of the request it passes on: {@code Forwarded} (RFC 7239), else {@code X-Forwarded-*}. Of several
 * values the last counts, which the proxy next to us wrote itself.
 */
record Forwarding(Optional<String> scheme, Optional<String> host) {
    private static final int MAX_HOPS = 32;
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

    /**
     * The addresses that the request came by, the client's first, as texts of any kind. IPv6 is bracketed in all.
     *
     * @return as many as {@value #MAX_HOPS}, the nearest ones
     */
    static List<String> hops(MultiMap headers) {
        List<String> hops = new ArrayList<>();
        boolean standard = headers.contains("Forwarded");
        for (String header : headers.getAll(standard ? "Forwarded" : "X-Forwarded-For")) {
            for (String element : header.split(",")) {
                String hop = standard ? parameter(element, "for").orElse("") : element.strip();
                hops.add(hop.indexOf(':') != hop.lastIndexOf(':') && !hop.startsWith("[") ? "[" + hop + "]" : hop);
            }
        }
        return hops.subList(Math.max(0, hops.size() - MAX_HOPS), hops.size());
    }

    /** Whether any proxy had a hand in it, trusted or not. */
    static boolean isForwarded(MultiMap headers) {
        return headers.names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals("forwarded")
                        || name.startsWith("x-forwarded-")
                        || name.equals("x-real-ip")
                        || name.equals("via"));
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
