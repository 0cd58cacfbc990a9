package dev.weir.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SoakTest {
    private static Series series(double allowed, int seconds, IntToDoubleFunction value) {
        Series series = new Series("it", "MiB", 1, allowed);
        for (int second = 0; second < seconds; second++) {
            series.add(value.applyAsDouble(second));
        }
        return series;
    }

    @Test
    void whatFillsInTheFirstThirdAndStaysDoesNotGrow() {
        Series series = series(1, 600, second -> Math.min(second, 100));
        assertEquals(0, series.growth(), 1e-9);
        assertFalse(series.grows());
    }

    @Test
    void aLeakIsSeenThroughASawtooth() {
        Series series = series(16, 600, second -> 100 + second * 0.1 + second % 7 * 5);
        assertEquals(40, series.growth(), 2);
        assertTrue(series.grows());
        assertTrue(series.line().endsWith("GROWS"), series.line());
    }

    @Test
    void theSawtoothAloneIsFlatAndSoIsWhatShrinks() {
        assertFalse(series(2, 600, second -> 100 + second % 7 * 5).grows());
        assertFalse(series(2, 600, second -> 1_000 - second).grows());
    }

    @Test
    void withoutAReadingNothingIsClaimed() {
        assertTrue(series(2, 0, _ -> 0).line().endsWith("UNKNOWN"));
    }

    @Test
    void readsTheLongestPausesFromTheLog() {
        PauseLog.Worst worst = PauseLog.worst(List.of(
                "[2.353s][info][gc,phases] GC(2) O: Pause Mark End 0.023ms",
                "[2.353s][info][safepoint] Safepoint \"ZMarkEndOld\", Time since last: 24136979 ns, Reaching safepoint:"
                        + " 3135 ns, At safepoint: 42032 ns, Leaving safepoint: 10195 ns, Total: 55362 ns, Threads: 0"
                        + " runnable, 20 total",
                "[2.358s][info][gc,phases] GC(2) O: Concurrent Process Non-Strong 5.403ms",
                "[2.363s][info][safepoint] Safepoint \"Cleanup\", Time since last: 7917909 ns, Reaching safepoint: 857289"
                        + " ns, At safepoint: 148490 ns, Leaving safepoint: 1170021 ns, Total: 2175800 ns, Threads: 2"
                        + " runnable, 20 total",
                "[2.366s][info][gc,phases] GC(2) O: Pause Relocate Start 0.020ms"));
        assertEquals(new PauseLog.Worst(2, 0.023, 2.1758, "Cleanup"), worst);
    }
}
