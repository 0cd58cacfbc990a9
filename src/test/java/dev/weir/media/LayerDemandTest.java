package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayerDemandTest {
    private static final long SECOND = 1_000_000_000L;

    private final LayerDemand demand = new LayerDemand(3);

    private List<Boolean> active() {
        return IntStream.range(0, 3).mapToObj(demand::isActive).toList();
    }

    @Test
    void allLayersAreOnToBeginWith() {
        assertFalse(demand.review(0, 3));
        assertFalse(demand.review(4 * SECOND, 3));
        assertEquals(List.of(true, true, true), active());
    }

    @Test
    void aLayerWithoutTakersIsSwitchedOffAfterFiveSeconds() {
        for (long now = 0; now <= 6 * SECOND; now += SECOND / 5) {
            demand.want(now, 0);
            demand.want(now, 1);
            demand.review(now, 3);
        }

        assertEquals(List.of(true, true, false), active());
    }

    @Test
    void itIsOnAgainAtOnceWithTheFirstWhoWantsIt() {
        demand.review(0, 3);
        assertTrue(demand.review(5 * SECOND, 3));
        assertEquals(List.of(false, false, false), active());

        demand.want(6 * SECOND, 2);

        assertTrue(demand.review(6 * SECOND, 3));
        assertEquals(List.of(false, false, true), active());
    }

    @Test
    void nothingIsSaidTwice() {
        demand.review(0, 3);
        assertTrue(demand.review(5 * SECOND, 3));
        assertFalse(demand.review(6 * SECOND, 3));
    }
}
