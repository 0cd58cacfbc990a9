package dev.weir.load;

import java.net.URI;

/** What the clients of HTTP here ask of an address. */
final class Urls {
    private Urls() {}

    static boolean isSecure(URI uri) {
        return "https".equals(uri.getScheme());
    }

    static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return isSecure(uri) ? 443 : 80;
    }

    /** A failure as one line. */
    static String sentence(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
