package dev.weir.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One quantity of a server, once a second, of which it should not need more and more.
 *
 * @param unit as it is printed
 * @param divisor from what is read to the unit
 * @param allowed growth over the last two thirds, in the unit: what chunks, caches and the tide of people come to
 */
record Series(String name, String unit, double divisor, double allowed, List<Double> values) {
    Series(String name, String unit, double divisor, double allowed) {
        this(name, unit, divisor, allowed, new ArrayList<>());
    }

    void add(double read) {
        values.add(read / divisor);
    }

    /** The first third is for buffers to fill and code to be compiled. */
    private List<Double> settled() {
        return values.subList(values.size() / 3, values.size());
    }

    /** By the straight line of least squares through the last two thirds, from its beginning to its end. */
    double growth() {
        List<Double> y = settled();
        int n = y.size();
        if (n < 2) {
            return 0;
        }
        double middle = (n - 1) / 2.0;
        double mean = y.stream().mapToDouble(it -> it).sum() / n;
        double above = 0;
        double below = 0;
        for (int i = 0; i < n; i++) {
            above += (i - middle) * (y.get(i) - mean);
            below += (i - middle) * (i - middle);
        }
        return above / below * (n - 1);
    }

    boolean grows() {
        return growth() > allowed;
    }

    double least() {
        return values.stream().mapToDouble(it -> it).min().orElse(Double.NaN);
    }

    double most() {
        return values.stream().mapToDouble(it -> it).max().orElse(Double.NaN);
    }

    String line() {
        double perMinute = growth() / Math.max(1, settled().size() - 1) * 60;
        return String.format(
                Locale.ROOT,
                "%-28s %9.1f %9.1f %9.1f %12.3f %10.1f %9.1f  %s",
                unit.isEmpty() ? name : name + ", " + unit,
                values.isEmpty() ? Double.NaN : values.getFirst(),
                most(),
                values.isEmpty() ? Double.NaN : values.getLast(),
                perMinute,
                growth(),
                allowed,
                values.isEmpty() ? "UNKNOWN" : grows() ? "GROWS" : "flat");
    }
}
