package dev.weir.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    @Test
    void reachesExactlyAsFarAsItsSize() {
        ReplayWindow window = new ReplayWindow(128);
        window.accept(1_000);

        assertEquals(SrtpResult.OK, window.check(1_001));
        assertEquals(SrtpResult.REPLAYED, window.check(1_000));
        assertEquals(SrtpResult.OK, window.check(873));
        assertEquals(SrtpResult.TOO_OLD, window.check(872));
    }

    @Test
    void aLongJumpForgetsWhatItPassed() {
        ReplayWindow window = new ReplayWindow(128);
        window.accept(5);
        window.accept(5 + 128 * 3);

        assertEquals(SrtpResult.OK, window.check(5 + 128 * 3 - 127));
        assertEquals(SrtpResult.TOO_OLD, window.check(5));
    }

    @Test
    void agreesWithASetOfAllThatWasAccepted() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            ReplayWindow window = new ReplayWindow(1_024);
            Set<Long> accepted = new HashSet<>();
            long highest = -1;
            for (int i = 0; i < 5_000; i++) {
                long index = Math.max(0, highest + 50 - random.nextInt(random.nextInt(20) == 0 ? 3_000 : 200));
                SrtpResult expected = accepted.contains(index) ? SrtpResult.REPLAYED : SrtpResult.OK;
                expected = highest - index >= 1_024 ? SrtpResult.TOO_OLD : expected;
                assertEquals(expected, window.check(index), "seed " + seed);
                if (expected == SrtpResult.OK) {
                    window.accept(index);
                    accepted.add(index);
                    highest = Math.max(highest, index);
                }
            }
            assertEquals(highest, window.highest());
        }
    }
}
