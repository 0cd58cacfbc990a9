package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FarSessionTest {
    private final List<String> reasons = new ArrayList<>();
    private final FarSession events = new FarSession(null, 7, reasons::add);

    @Test
    void eventsInTheirOrderAreToldAndRepeatsAreNot() {
        assertTrue(events.take(8));
        assertFalse(events.take(8));
        assertFalse(events.take(7));
        assertTrue(events.take(9));
        assertEquals(List.of(), reasons);
    }

    @Test
    void aGapGivesTheSocketUpSoThatItsClientIsToldWhatItMissed() {
        assertTrue(events.take(8));
        assertFalse(events.take(10));
        assertEquals(List.of("events were lost on their way"), reasons);
    }

    @Test
    void whoIsLetInStartsOver() {
        events.startOver(20);
        assertTrue(events.take(21));
        assertEquals(List.of(), reasons);
    }
}
