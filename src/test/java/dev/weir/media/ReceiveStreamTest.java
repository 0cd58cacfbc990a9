package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReceiveStreamTest {
    private static final int BYTES = 100;

    private final ReceiveStream video = new ReceiveStream(1, 90_000, true, new PublisherClock());
    private final ReceiveStream audio = new ReceiveStream(2, 48_000, false, new PublisherClock());

    @Test
    void figuresOfAReportAreThoseOfRfc3550AppendixA3() {
        for (int sequence : new int[] {65_533, 65_534, 0, 1, 2, 4, 6}) {
            video.onPacket(0, sequence, 0, BYTES, false);
        }

        assertEquals(65_536 + 6, video.highestSequence(), "one cycle, and 6");
        assertEquals(3, video.cumulativeLost(), "of ten: 65535, 3 and 5");
        assertEquals(3 * 256 / 10, video.takeFractionLost());
        assertEquals(0, video.takeFractionLost(), "nothing was expected since");
    }

    @Test
    void theFractionIsOfOneIntervalOnly() {
        video.onPacket(0, 0, 0, BYTES, false);
        video.onPacket(0, 3, 0, BYTES, false);
        assertEquals(128, video.takeFractionLost());

        video.onPacket(0, 1, 0, BYTES, false);
        video.onPacket(0, 2, 0, BYTES, false);
        video.onPacket(0, 4, 0, BYTES, false);

        assertEquals(0, video.takeFractionLost(), "three came, one was expected: no negative loss");
        assertEquals(0, video.cumulativeLost());
    }

    @Test
    void aPacketCountsOnce() {
        assertEquals(10, video.onPacket(0, 10, 0, BYTES, false));
        assertEquals(12, video.onPacket(0, 12, 0, BYTES, false));

        assertEquals(ReceiveStream.NONE, video.onPacket(0, 12, 0, BYTES, false));
        assertEquals(11, video.onPacket(0, 11, 0, BYTES, false));
        assertEquals(ReceiveStream.NONE, video.onPacket(0, 11, 0, BYTES, false));
        assertEquals(ReceiveStream.NONE, video.onPacket(0, 9, 0, BYTES, false), "before the first");
        assertEquals(3, video.packets());
        assertEquals(3 * BYTES, video.bytes());
    }

    @Test
    void aPacketIsTooLateAfterTwoThousand() {
        video.onPacket(0, 0, 0, BYTES, false);
        video.onPacket(0, 2_048, 0, BYTES, false);

        assertEquals(1, video.onPacket(0, 1, 0, BYTES, false));
        video.onPacket(0, 2_050, 0, BYTES, false);
        assertEquals(ReceiveStream.NONE, video.onPacket(0, 2, 0, BYTES, false));
        assertEquals(3, video.onPacket(0, 3, 0, BYTES, false));
    }

    @Test
    void aRetransmissionMendsTheStreamAndNotTheReport() {
        video.onPacket(0, 0, 0, BYTES, false);
        video.onPacket(0, 3, 0, BYTES, false);

        video.onPacket(0, 1, 0, BYTES, true);

        assertEquals(2, video.cumulativeLost(), "on the original stream, RFC 4588 section 6.2");
        assertEquals(128, video.takeFractionLost());
        assertEquals(1, video.lost(), "what is missing in the end");
    }

    @Test
    void aRetransmissionSaysNothingOfTheJitter() {
        video.onPacket(0, 0, 0, BYTES, false);
        video.onPacket(20 * MILLISECOND, 2, 1_800, BYTES, false);
        video.onPacket(500 * MILLISECOND, 1, 900, BYTES, true);

        assertEquals(0, video.jitterUnits());
    }

    @Test
    void jitterIsThatOfRfc3550AppendixA8() {
        audio.onPacket(0, 0, 0, BYTES, false);
        audio.onPacket(20 * MILLISECOND, 1, 960, BYTES, false);
        assertEquals(0, audio.jitterUnits(), "evenly spaced");

        audio.onPacket(50 * MILLISECOND, 2, 1_920, BYTES, false);
        assertEquals(30, audio.jitterUnits(), "10 ms late: 480 / 16");

        audio.onPacket(60 * MILLISECOND, 3, 2_880, BYTES, false);
        assertEquals(58, audio.jitterUnits(), "30 + (480 - 30) / 16");
        assertEquals(58 / 48_000.0, audio.jitterSeconds(), 1e-5);
    }

    @Test
    void aReportTellsWhenTheLastSenderReportCame() {
        assertEquals(0, video.lastReportNtp());
        assertEquals(0, video.delaySinceLastReport(1_000 * MILLISECOND));

        video.onSenderReport(1_000 * MILLISECOND, 0x1122_3344_5566_7788L, 0, 0);

        assertEquals(0x3344_5566L, video.lastReportNtp());
        assertEquals(65_536 / 4, video.delaySinceLastReport(1_250 * MILLISECOND));
    }

    @Test
    void aMissingPacketIsAskedForAfterAWaitAndThenEachRoundTrip() {
        video.onPacket(0, 10, 0, BYTES, false);
        video.onPacket(100 * MILLISECOND, 13, 0, BYTES, false);

        assertEquals(108 * MILLISECOND, video.nextNack());
        assertArrayEquals(new long[] {}, asked(107, 40));
        assertArrayEquals(new long[] {11, 12}, asked(108, 40));
        assertEquals((108 + 50) * MILLISECOND, video.nextNack(), "a round trip and a quarter");
        video.onPacket(120 * MILLISECOND, 11, 0, BYTES, true);
        assertArrayEquals(new long[] {12}, asked(158, 4));
        assertEquals((158 + 20) * MILLISECOND, video.nextNack(), "at least 20 ms");
    }

    @Test
    void aPacketOutOfOrderIsNotAskedFor() {
        video.onPacket(0, 10, 0, BYTES, false);
        video.onPacket(0, 12, 0, BYTES, false);
        video.onPacket(5 * MILLISECOND, 11, 0, BYTES, false);

        assertEquals(Long.MAX_VALUE, video.nextNack());
    }

    @Test
    void asksEightTimesAndGivesUp() {
        video.onPacket(0, 10, 0, BYTES, false);
        video.onPacket(0, 12, 0, BYTES, false);
        int times = 0;
        while (video.nextNack() != Long.MAX_VALUE) {
            times += video.collectNacks(video.nextNack(), 0, new long[ReceiveStream.MAX_NACKS]);
        }

        assertEquals(8, times);
    }

    @Test
    void asksForAtMostTwoHundredFiftySixAtOnce() {
        video.onPacket(0, 0, 0, BYTES, false);
        video.onPacket(0, 257, 0, BYTES, false);

        assertEquals(256, asked(8, 0).length);
        assertFalse(video.takeBeyondRepair());
    }

    @Test
    void moreThanThatOnlyAKeyframeCanMend() {
        video.onPacket(0, 0, 0, BYTES, false);
        video.onPacket(0, 200, 0, BYTES, false);
        video.onPacket(0, 300, 0, BYTES, false);

        assertEquals(Long.MAX_VALUE, video.nextNack());
        assertTrue(video.takeBeyondRepair());
        assertFalse(video.takeBeyondRepair(), "said once");
    }

    @Test
    void lostAudioIsNotAskedFor() {
        audio.onPacket(0, 10, 0, BYTES, false);
        audio.onPacket(0, 12, 0, BYTES, false);

        assertEquals(Long.MAX_VALUE, audio.nextNack());
    }

    private long[] asked(long nowMillis, long rttMillis) {
        long[] into = new long[ReceiveStream.MAX_NACKS];
        int count = video.collectNacks(nowMillis * MILLISECOND, rttMillis * MILLISECOND, into);
        return Arrays.copyOf(into, count);
    }
}
