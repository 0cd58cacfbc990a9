package dev.weir.load;

import java.util.OptionalDouble;

/** One reading of a server's {@code /metrics} (Prometheus text). */
public record ServerMetrics(String text) {
    static final ServerMetrics NONE = new ServerMetrics("");

    /** The sum of all series of a name whose labels contain this text; empty where there is none. */
    public OptionalDouble sum(String name, String labels) {
        double sum = 0;
        boolean found = false;
        for (String line : text.split("\n")) {
            boolean named = line.startsWith(name)
                    && line.length() > name.length()
                    && (line.charAt(name.length()) == '{' || line.charAt(name.length()) == ' ');
            if (named && line.contains(labels)) {
                found = true;
                sum += value(line);
            }
        }
        return found ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }

    /** By how much it rose from an earlier reading to this one. */
    OptionalDouble since(ServerMetrics before, String name, String labels) {
        OptionalDouble then = before.sum(name, labels);
        OptionalDouble now = sum(name, labels);
        return then.isPresent() && now.isPresent()
                ? OptionalDouble.of(now.getAsDouble() - then.getAsDouble())
                : OptionalDouble.empty();
    }

    private static double value(String line) {
        try {
            return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        } catch (NumberFormatException notOne) {
            return 0;
        }
    }
}
