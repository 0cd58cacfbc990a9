package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Codec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyframeGateTest {
    private final KeyframeGate gate = new KeyframeGate();

    @Test
    void fiftyRequestsASecondPassOnceASecond() {
        List<Long> passed = new ArrayList<>();
        for (long millis = 0; millis < 10_000; millis += 20) {
            gate.want(millis * MILLISECOND, true);
            if (gate.pass(millis * MILLISECOND)) {
                passed.add(millis);
            }
        }

        assertEquals(List.of(0L, 1_000L, 2_000L, 3_000L, 4_000L, 5_000L, 6_000L, 7_000L, 8_000L, 9_000L), passed);
    }

    @Test
    void passesAtOnceAfterASecondOfQuiet() {
        gate.want(0, false);
        gate.pass(0);
        gate.onKeyframe();

        gate.want(0, false);

        assertEquals(1_000 * MILLISECOND, gate.nextTimeout());
        assertTrue(gate.pass(1_000 * MILLISECOND));
    }

    @Test
    void aRequestIsRepeatedUntilTheKeyframeIsThere() {
        gate.want(0, false);

        assertTrue(gate.pass(0));
        assertFalse(gate.pass(999 * MILLISECOND));
        assertTrue(gate.pass(1_000 * MILLISECOND));
        gate.onKeyframe();
        assertFalse(gate.pass(2_000 * MILLISECOND));
        assertEquals(Long.MAX_VALUE, gate.nextTimeout());
    }

    @Test
    void keyframesTakeAtMostTheirShareOfTheBitsWhileNobodyIsWithoutAPicture() {
        long now = 0;
        int keyframes = 0;
        long keyframeBytes = 0;
        long bytes = 0;
        for (; now < 60_000; now += 20) {
            gate.want(now * MILLISECOND, false);
            boolean keyframe = gate.pass(now * MILLISECOND);
            int size = keyframe ? 60_000 : 2_000;
            gate.onBytes(now * MILLISECOND, size, keyframe);
            bytes += size;
            if (keyframe) {
                gate.onKeyframe();
                keyframes++;
                keyframeBytes += size;
            }
        }

        double share = (double) keyframeBytes / bytes;
        assertTrue(keyframes > 10, keyframes + " keyframes");
        assertTrue(share < KeyframeGate.MAX_SHARE + 0.04, "a share of " + share);
    }

    @Test
    void aViewerWithoutAPictureWaitsForTheShareNoLongerThanTwoSeconds() {
        for (long millis = 0; millis <= 10_000; millis += 20) {
            gate.onBytes(millis * MILLISECOND, 2_000, millis % 100 == 0);
        }

        gate.want(10_000 * MILLISECOND, false);
        assertFalse(gate.pass(12_000 * MILLISECOND), "he has a picture");
        gate.want(12_000 * MILLISECOND, true);
        assertFalse(gate.pass(13_400 * MILLISECOND));
        assertTrue(gate.pass(13_500 * MILLISECOND));
    }

    @Test
    void manyViewersOfATrackCostThePublisherOneRequestForEachLayer() {
        Scenery.Publisher publisher = new Scenery.Publisher();
        Track camera = Scenery.camera("camera", 1, publisher, new StoreBudget(0));
        PublisherClock clock = new PublisherClock();
        camera.layers()
                .forEach(layer -> new FakeEncoder(layer, Codec.VP8, 70 + layer.index(), 0, clock).deliverFrame(0, 1));

        for (long millis = 0; millis < 1_000; millis += 20) {
            camera.wantKeyframe(millis * MILLISECOND, true);
            camera.onTimeout(millis * MILLISECOND);
        }

        assertEquals(
                List.of(70, 71, 72),
                publisher.asked.stream().map(Scenery.Publisher.Asked::ssrc).toList());
    }
}
