package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class ForwarderPropertyTest {
    /** Ten seconds each. */
    private static final int TICKS = 300;

    @Test
    void whateverGoesInASlotIsOneUnbrokenStream() {
        long[] seen = new long[3];
        forSeeds(150, seed -> {
            SlotScene scene = new SlotScene(seed);
            scene.run(TICKS);
            SentChecks.check(scene);
            seen[0] += scene.media().size();
            seen[1] += scene.stretchOf.stream().distinct().count();
            seen[2] += scene.asked;
        });
        // The scenes are worth something only if enough happens in them.
        assertTrue(seen[0] > 50_000, () -> seen[0] + " packets");
        assertTrue(seen[1] > 1_000, () -> seen[1] + " switches");
        assertTrue(seen[2] > 10_000, () -> seen[2] + " retransmissions");
    }

    private static void forSeeds(int seeds, LongConsumer property) {
        for (long seed = 0; seed < seeds; seed++) {
            try {
                property.accept(seed);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }
}
