package dev.weir.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * What one scenario came to.
 *
 * @param load what the generator wrote; missing where it did not get so far
 * @param problem why a row has no figures, or empty
 */
record Row(Scenario scenario, boolean reference, double loadAverage, JsonNode load, String problem) {
    static final String HEAD = String.format(
            Locale.ROOT,
            "%-30s %9s %7s %9s %9s %16s %8s %6s %7s %12s %10s",
            "scenario",
            "ns/packet",
            "cores",
            "packets/s",
            "loss %",
            "delay p50/p99 ms",
            "Mbit/s",
            "/send",
            "B/pkt",
            "ms/join",
            "generator");

    String line() {
        String name = scenario.name() + (reference ? " (reference)" : "");
        if (!problem.isEmpty()) {
            return String.format(Locale.ROOT, "%-30s failed: %s", name, problem);
        }
        JsonNode server = load.path("server");
        JsonNode steady = load.path("steady");
        JsonNode generator = load.path("generator");
        String delay = steady.path("delayMs").path("count").asLong() == 0
                ? "-"
                : number(steady.path("delayMs").path("p50"), 2) + "/"
                        + number(steady.path("delayMs").path("p99"), 2);
        boolean media = steady.path("expected").asLong() > 0;
        String line = String.format(
                Locale.ROOT,
                "%-30s %9s %7s %9s %9s %16s %8s %6s %7s %12s %10s",
                name,
                media ? number(server.path("cpuNanosPerPacket"), 0) : "-",
                number(server.path("cpuCores"), 2),
                number(server.path("forwardedPerSecond"), 0),
                media ? number(steady.path("lossPercent"), 4) : "-",
                delay,
                number(steady.path("egressMbps"), 1),
                number(server.path("packetsPerSendCall"), 1),
                number(server.path("allocatedBytesPerPacket"), 0),
                number(load.path("joins").path("serverCpuPerJoinMs"), 2),
                number(generator.path("cpuCores"), 2));
        return line
                + (media ? "" : saidPerJoin())
                + (generator.path("saturated").asBoolean() ? "  GENERATOR SATURATED" : "")
                + failedJoins()
                + unserved();
    }

    /** Where there is only signaling, how much of it there is. */
    private String saidPerJoin() {
        JsonNode joins = load.path("joins");
        return joins.path("eventsPerJoin").isNumber()
                ? String.format(
                        Locale.ROOT,
                        "  a join: %s events told, %s texts written, %s characters",
                        number(joins.path("eventsPerJoin"), 1),
                        number(joins.path("textsWrittenPerJoin"), 1),
                        number(joins.path("charactersPerJoin"), 0))
                : "";
    }

    private String failedJoins() {
        int attempted = load.path("joins").path("attempted").asInt();
        int connected = load.path("joins").path("connected").asInt();
        return attempted == connected ? "" : "  " + (attempted - connected) + " of " + attempted + " did not get in";
    }

    /** Cheap packets prove nothing where half of the viewers got none. */
    private String unserved() {
        int receivers = load.path("steady").path("receivers").asInt();
        int served = load.path("steady").path("served").asInt();
        boolean media = load.path("steady").path("expected").asLong() > 0;
        return !media || served == receivers ? "" : "  " + served + " of " + receivers + " receivers got media";
    }

    private static String number(JsonNode value, int digits) {
        return value.isNumber() ? String.format(Locale.ROOT, "%." + digits + "f", value.asDouble()) : "-";
    }
}
