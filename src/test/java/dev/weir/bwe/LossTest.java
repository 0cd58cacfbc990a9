package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LossTest {
    private final Random random = new Random(7);
    private final LossLimit limit = new LossLimit();

    /** 30 s of packets every 10 ms (960 kbps) that are lost as {@code share} says of the second. */
    private void lose(java.util.function.IntToDoubleFunction share) {
        for (int i = 0; i < 3_000; i++) {
            boolean lost = random.nextDouble() < share.applyAsDouble(i / 100);
            limit.onPacket(i * 10 * MILLI, 1_200, lost, 1_000_000, 900_000);
        }
    }

    @Test
    void noLossIsNoBound() {
        lose(second -> 0);
        assertEquals(Long.MAX_VALUE, limit.bps());
    }

    @Test
    void someLossThatIsAlwaysThereIsNoBound() {
        lose(second -> 0.04);
        assertTrue(limit.bps() >= 1_000_000, "bound " + limit.bps());
    }

    @Test
    void muchLossBoundsAtWhatIsDeliveredInHalf() {
        lose(second -> 0.5);
        assertTrue(limit.bps() <= 450_000, "bound " + limit.bps());
    }

    @Test
    void whereEverythingIsLostTheBoundIsStillANumber() {
        lose(second -> 1);
        assertTrue(limit.bps() > 0 && limit.bps() <= 500_000, "bound " + limit.bps());
    }

    @Test
    void aBoundIsGivenUpOnceTheLossHasEnded() {
        lose(second -> second < 10 ? 0.5 : 0);
        assertEquals(Long.MAX_VALUE, limit.bps());
    }

    @Test
    void lossesInARowInsideRunsAreSeenAndScatteredOnesAreNot() {
        RunLosses scattered = new RunLosses();
        RunLosses tails = new RunLosses();
        for (int run = 0; run < 200; run++) {
            for (int i = 0; i < 8; i++) {
                scattered.onPacket(run, random.nextInt(10) == 0);
                tails.onPacket(run, run % 4 == 0 && i >= 5);
            }
        }
        assertFalse(scattered.clustered());
        assertTrue(tails.clustered());
    }
}
