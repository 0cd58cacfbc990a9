package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SentPacketsTest {
    private final SentPackets sent = new SentPackets();

    @Test
    void remembersTwoSecondsAcrossTheWrap() {
        for (int i = 0; i < 70_000; i++) {
            sent.add(i * MILLI, i & 0xFFFF, i % 1_000, i % 7);
        }
        for (int i = 68_100; i < 70_000; i++) {
            long number = sent.number(i & 0xFFFF);
            assertEquals(i, number);
            assertEquals(SentPackets.IN_FLIGHT, sent.state(number));
            assertEquals(i * MILLI, sent.sentAt(number));
            assertEquals(i % 1_000, sent.bytes(number));
            assertEquals(i % 7, sent.cluster(number));
        }
    }

    @Test
    void whatWasSkippedOrIsTooOldIsUnknown() {
        for (int i = 0; i < 1_000; i++) {
            sent.add(i * 100 * MILLI, i, 100, 0);
        }
        sent.add(100_100 * MILLI, 1_010, 100, 0);

        assertEquals(SentPackets.UNKNOWN, sent.state(sent.number(1_005)));
        assertEquals(SentPackets.UNKNOWN, sent.state(sent.number(10)));
        assertEquals(SentPackets.UNKNOWN, sent.state(sent.number(2_000)));
        assertEquals(SentPackets.IN_FLIGHT, sent.state(sent.number(999)));
    }
}
