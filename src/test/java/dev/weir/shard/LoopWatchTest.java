package dev.weir.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
    private static final long MILLI = 1_000_000;
    private static final long TICK = 5 * MILLI;

    private final LoopWatch watch = new LoopWatch(3);
    private long now;

    @Test
    void alarmsInTimeAreNoStall() {
        alarm(1_000, TICK);
        alarm(100, TICK + 49 * MILLI);

        assertEquals(0, value("weir_loop_stalls_total"));
        assertEquals(0, value("weir_loop_stalled_seconds_total"));
    }

    @Test
    void anAlarmThatComesFarTooLateIsAStall() {
        alarm(10, TICK);
        alarm(1, TICK + 50 * MILLI);
        alarm(1, TICK + 250 * MILLI);

        assertEquals(2, value("weir_loop_stalls_total"));
        assertEquals(0.3, value("weir_loop_stalled_seconds_total"), 1e-9);
    }

    @Test
    void aLoopIsAsBusyAsItsThreadOverTheLastSecond() {
        alarm(201, TICK);
        long began = System.nanoTime();
        double sum = 0;
        for (int i = 0; System.nanoTime() - began < 20 * MILLI; i++) {
            sum += Math.sqrt(i);
        }
        alarm(200, TICK);

        assertTrue(sum > 0 && value("weir_loop_busy_ratio") > 0.001, "the thread has just worked");
        assertTrue(value("weir_loop_busy_ratio") < 1, "for 20 ms, in what the watch takes for a second");
    }

    private void alarm(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            now += nanos;
            watch.onAlarm(now, now - nanos + TICK);
        }
    }

    private double value(String name) {
        List<Measure> measures = new ArrayList<>();
        watch.addTo(measures);
        for (Measure measure : measures) {
            if (measure.name().equals(name)) {
                assertEquals(Map.of("loop", "3"), measure.labels());
                return switch (measure) {
                    case Measure.Counter counter -> counter.value();
                    case Measure.Gauge gauge -> gauge.value();
                    case Measure.Histogram histogram -> histogram.sum();
                };
            }
        }
        throw new AssertionError("no " + name);
    }
}
