package dev.weir.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Times in nanoseconds, and what stands in a table of them. */
final class Samples {
    private final List<Long> nanos = new ArrayList<>();

    void add(long sample) {
        nanos.add(sample);
    }

    int count() {
        return nanos.size();
    }

    void clear() {
        nanos.clear();
    }

    double percentWithin(long bound) {
        return nanos.isEmpty()
                ? 100
                : 100.0 * nanos.stream().filter(sample -> sample <= bound).count() / nanos.size();
    }

    double ms(double percentile) {
        if (nanos.isEmpty()) {
            return 0;
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        int index = (int) Math.ceil(percentile / 100 * sorted.size()) - 1;
        return sorted.get(Math.clamp(index, 0, sorted.size() - 1)) / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %.0f, p95 %.0f, p99 %.0f, worst %.0f ms (%d)",
                ms(50),
                ms(95),
                ms(99),
                ms(100),
                count());
    }
}
