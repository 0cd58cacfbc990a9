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
            gate.want();
            if (gate.pass(millis * MILLISECOND)) {
                passed.add(millis);
            }
        }

        assertEquals(List.of(0L, 1_000L, 2_000L, 3_000L, 4_000L, 5_000L, 6_000L, 7_000L, 8_000L, 9_000L), passed);
    }

    @Test
    void passesAtOnceAfterASecondOfQuiet() {
        gate.want();
        gate.pass(0);
        gate.onKeyframe();

        gate.want();

        assertEquals(1_000 * MILLISECOND, gate.nextTimeout());
        assertTrue(gate.pass(1_000 * MILLISECOND));
    }

    @Test
    void aRequestIsRepeatedUntilTheKeyframeIsThere() {
        gate.want();

        assertTrue(gate.pass(0));
        assertFalse(gate.pass(999 * MILLISECOND));
        assertTrue(gate.pass(1_000 * MILLISECOND));
        gate.onKeyframe();
        assertFalse(gate.pass(2_000 * MILLISECOND));
        assertEquals(Long.MAX_VALUE, gate.nextTimeout());
    }

    @Test
    void manyViewersOfATrackCostThePublisherOneRequestForEachLayer() {
        Scenery.Publisher publisher = new Scenery.Publisher();
        Track camera = Scenery.camera("camera", 1, publisher, new StoreBudget(0));
        PublisherClock clock = new PublisherClock();
        camera.layers()
                .forEach(layer -> new FakeEncoder(layer, Codec.VP8, 70 + layer.index(), 0, clock).deliverFrame(0, 1));

        for (long millis = 0; millis < 1_000; millis += 20) {
            camera.wantKeyframe();
            camera.onTimeout(millis * MILLISECOND);
        }

        assertEquals(
                List.of(70, 71, 72),
                publisher.asked.stream().map(Scenery.Publisher.Asked::ssrc).toList());
    }
}
