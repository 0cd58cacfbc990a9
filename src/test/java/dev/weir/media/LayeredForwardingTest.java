package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LayeredForwardingTest {
    private static final int TICKS = 400;

    @Test
    void everyFrameThatIsSentCanBeDecoded() {
        check(60, 0);
    }

    @Test
    void everyFrameThatIsSentCanBeDecodedButForLosses() {
        check(120, 0.05);
    }

    private static void check(int seeds, double loss) {
        int frames = 0;
        int asked = 0;
        int stretches = 0;
        for (int seed = 0; seed < seeds; seed++) {
            LayeredScene scene = new LayeredScene(seed, loss);
            try {
                scene.run(TICKS);
                frames += LayeredChecks.check(scene);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
            asked += scene.asked;
            stretches += scene.stretches.size();
        }
        // The scenes are worth something only if enough happens in them.
        String seen = frames + " frames, " + stretches + " stretches, " + asked + " asked for again";
        assertTrue(frames > 100 * seeds && asked > 50 * seeds && stretches > 3 * seeds, seen);
    }
}
