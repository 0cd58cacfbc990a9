package dev.weir;

import java.net.BindException;
import java.net.UnknownHostException;

/** The machine does not let the server start; the message is the one line that the operator reads. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;

    public StartFailure(String sentence) {
        super(sentence, null, false, false);
    }

    /**
     * Says why a socket could not be bound.
     *
     * @param settings the settings to change, such as {@code --port}
     */
    public static StartFailure bind(Throwable cause, String host, int port, String settings) {
        String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        String reason = String.valueOf(cause.getMessage());
        if (reason.contains("already in use")) {
            return new StartFailure(
                    "cannot listen on " + address + ": the port is in use; choose another: " + settings);
        }
        if (reason.contains("ssign requested address")) {
            return new StartFailure("cannot listen on " + address + ": this machine has no such address: " + settings);
        }
        if (reason.contains("ermission denied")) {
            return new StartFailure("cannot listen on " + address + ": the system does not permit it: " + settings);
        }
        if (cause instanceof UnknownHostException) {
            return new StartFailure("cannot listen on " + address + ": the name does not resolve: " + settings);
        }
        String kind = cause instanceof BindException ? "" : cause.getClass().getSimpleName() + ": ";
        return new StartFailure("cannot listen on " + address + ": " + kind
                + reason.lines().findFirst().orElse("") + ": " + settings);
    }
}
