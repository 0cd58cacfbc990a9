package dev.weir.web;

import dev.weir.signal.Measure;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Readings of shards, added up by name and labels. */
final class MeasureSums {
    private static final String COUNTER_SUFFIX = "_total";
    private static final String HELP = "Summed over the media event loops";

    private final Map<String, Map<Labels, Measure>> families = new TreeMap<>();

    void add(Measure measure) {
        Labels labels = Labels.EMPTY;
        for (Map.Entry<String, String> label : measure.labels().entrySet()) {
            labels = labels.add(label.getKey(), label.getValue());
        }
        families.computeIfAbsent(measure.name(), _ -> new TreeMap<>()).merge(labels, measure, MeasureSums::sum);
    }

    private static Measure sum(Measure one, Measure other) {
        return switch (one) {
            case Measure.Counter counter ->
                new Measure.Counter(
                        counter.name(), counter.labels(), counter.value() + ((Measure.Counter) other).value());
            case Measure.Gauge gauge ->
                new Measure.Gauge(gauge.name(), gauge.labels(), gauge.value() + ((Measure.Gauge) other).value());
            case Measure.Histogram histogram -> sum(histogram, (Measure.Histogram) other);
        };
    }

    private static Measure.Histogram sum(Measure.Histogram one, Measure.Histogram other) {
        List<Long> counts = new ArrayList<>();
        for (int bucket = 0; bucket < one.counts().size(); bucket++) {
            counts.add(one.counts().get(bucket) + other.counts().get(bucket));
        }
        return new Measure.Histogram(one.name(), one.labels(), one.upperBounds(), counts, one.sum() + other.sum());
    }

    List<MetricSnapshot> snapshots() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        families.forEach((name, readings) -> snapshots.add(snapshot(name, readings)));
        return snapshots;
    }

    /** All readings of a name are of one kind, since one piece of code names them. */
    private static MetricSnapshot snapshot(String name, Map<Labels, Measure> readings) {
        return switch (readings.values().iterator().next()) {
            case Measure.Counter _ -> {
                String base = name.endsWith(COUNTER_SUFFIX)
                        ? name.substring(0, name.length() - COUNTER_SUFFIX.length())
                        : name;
                CounterSnapshot.Builder family =
                        CounterSnapshot.builder().name(base).help(HELP);
                readings.forEach((labels, measure) -> family.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value(((Measure.Counter) measure).value())
                        .build()));
                yield family.build();
            }
            case Measure.Gauge _ -> {
                GaugeSnapshot.Builder family =
                        GaugeSnapshot.builder().name(name).help(HELP);
                readings.forEach((labels, measure) -> family.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(((Measure.Gauge) measure).value())
                        .build()));
                yield family.build();
            }
            case Measure.Histogram _ -> {
                HistogramSnapshot.Builder family =
                        HistogramSnapshot.builder().name(name).help(HELP);
                readings.forEach((labels, measure) -> family.dataPoint(histogram(labels, (Measure.Histogram) measure)));
                yield family.build();
            }
        };
    }

    private static HistogramDataPointSnapshot histogram(Labels labels, Measure.Histogram histogram) {
        List<Double> bounds = new ArrayList<>(histogram.upperBounds());
        bounds.add(Double.POSITIVE_INFINITY);
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, histogram.counts()))
                .sum(histogram.sum())
                .build();
    }
}
