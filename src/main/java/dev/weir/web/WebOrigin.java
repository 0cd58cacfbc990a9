package dev.weir.web;

import java.util.Locale;
import java.util.Optional;

/** A web origin (RFC 6454): scheme, host and port, the port always there. */
record WebOrigin(String scheme, String host, int port) {

    static Optional<WebOrigin> parse(String text) {
        int end = text.indexOf("://");
        if (end < 0) {
            return Optional.empty();
        }
        String scheme = text.substring(0, end).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.empty();
        }
        return Authority.parse(text.substring(end + 3)).map(authority -> of(scheme, authority));
    }

    static WebOrigin of(String scheme, Authority authority) {
        return new WebOrigin(scheme, authority.host(), authority.port().orElse(defaultPort(scheme)));
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    /** As a browser writes it. */
    @Override
    public String toString() {
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return scheme + "://" + bracketed + (port == defaultPort(scheme) ? "" : ":" + port);
    }
}
