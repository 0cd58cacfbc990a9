package dev.weir.branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.Event;
import dev.weir.signal.ToSocket;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private static final long SECOND = 1_000_000_000L;

    private final EventLog log = new EventLog();

    @Test
    void numbersRiseByOneFromOne() {
        assertEquals(0, log.seq());
        assertEquals(1, add(0));
        assertEquals(2, add(0));
        assertEquals(2, log.seq());
    }

    @Test
    void repeatsWhatWasMissedInOrder() {
        LongStream.range(0, 5).forEach(this::add);

        assertTrue(log.reachesBackTo(2));
        assertEquals(List.of(3L, 4L, 5L), after(2));
        assertEquals(List.of(), after(5));
    }

    @Test
    void aClientThatSawEverythingMissedNothing() {
        assertTrue(log.reachesBackTo(0));
        add(0);
        assertTrue(log.reachesBackTo(1));
    }

    @Test
    void aNumberThatWasNeverGivenIsRefused() {
        add(0);

        assertFalse(log.reachesBackTo(2));
        assertFalse(log.reachesBackTo(-1));
    }

    @Test
    void keepsAThousandEvents() {
        LongStream.range(0, 1_001).forEach(_ -> add(0));

        assertFalse(log.reachesBackTo(0));
        assertTrue(log.reachesBackTo(1));
        assertEquals(1_000, after(1).size());
    }

    @Test
    void keepsThirtySeconds() {
        add(0);
        add(20 * SECOND);
        add(31 * SECOND);

        assertFalse(log.reachesBackTo(0), "the first is 31 s old");
        assertTrue(log.reachesBackTo(1));
    }

    private long add(long now) {
        return log.add(now, new Event.SpeakerChange("", null, 0)).seq();
    }

    private List<Long> after(long seen) {
        return log.after(seen).stream().map(ToSocket.Deliver::seq).toList();
    }
}
