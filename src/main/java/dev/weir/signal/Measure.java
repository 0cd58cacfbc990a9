package dev.weir.signal;

import java.util.List;
import java.util.Map;

/** One reading of a shard's counters, under its Prometheus name (PROTOCOL section 7). Readings of shards add up. */
public sealed interface Measure {
    String name();

    Map<String, String> labels();

    /** Only ever grows. */
    record Counter(String name, Map<String, String> labels, double value) implements Measure {
        public Counter {
            labels = Map.copyOf(labels);
        }
    }

    record Gauge(String name, Map<String, String> labels, double value) implements Measure {
        public Gauge {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * @param upperBounds ascending, without the infinite one
     * @param counts of observations in each bucket (not cumulative), one more than bounds: the last is the infinite one
     */
    record Histogram(String name, Map<String, String> labels, List<Double> upperBounds, List<Long> counts, double sum)
            implements Measure {
        public Histogram {
            labels = Map.copyOf(labels);
            upperBounds = List.copyOf(upperBounds);
            counts = List.copyOf(counts);
        }
    }
}
