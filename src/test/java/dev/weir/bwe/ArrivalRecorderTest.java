package dev.weir.bwe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.TransportFeedback;
import dev.weir.rtp.TransportFeedbackVisitor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalRecorderTest {
    private static final long MILLI = 1_000_000;

    private final ArrivalRecorder recorder = new ArrivalRecorder();
    private final ByteBuf out = Unpooled.buffer();

    private String feedback(long now) {
        out.clear();
        assertTrue(recorder.writeFeedback(now, 1, 2, out));
        StringBuilder told = new StringBuilder();
        assertTrue(TransportFeedback.parse(
                out, 0, out.readableBytes(), (sequence, received, micros) -> told.append(sequence)
                        .append(received ? "@" + micros / 1_000 + " " : " lost ")));
        return told.toString().trim();
    }

    @Test
    void tellsOfArrivalsAndGapsFromOneMessageToTheNext() {
        recorder.record(65_534, 10 * MILLI);
        recorder.record(65_535, 11 * MILLI);
        recorder.record(1, 13 * MILLI);
        assertEquals("65534@10 65535@11 0 lost 1@13", feedback(110 * MILLI));

        recorder.record(3, 120 * MILLI);
        assertEquals("2 lost 3@120", feedback(220 * MILLI));
        assertFalse(recorder.writeFeedback(320 * MILLI, 1, 2, out));
    }

    @Test
    void countsItsMessages() {
        for (int i = 0; i < 300; i++) {
            recorder.record(i, i * MILLI);
            feedback(i * MILLI);
            assertEquals(i & 0xFF, out.getUnsignedByte(19));
        }
    }

    @Test
    void aLatePacketMovesTheNextStartBackToIt() {
        recorder.record(0, 0);
        recorder.record(2, 2 * MILLI);
        recorder.record(3, 3 * MILLI);
        assertEquals("0@0 1 lost 2@2 3@3", feedback(100 * MILLI));

        recorder.record(1, 101 * MILLI);
        recorder.record(4, 102 * MILLI);
        assertEquals("1@101 2@2 3@3 4@102", feedback(201 * MILLI));
    }

    @Test
    void isDueAHundredMillisecondsAfterTheFirstAndFiftyWhenBusy() {
        assertEquals(Long.MAX_VALUE, recorder.nextTimeout());
        for (int i = 0; i < 100; i++) {
            recorder.record(i, 7 * MILLI);
        }
        assertEquals(107 * MILLI, recorder.nextTimeout());

        recorder.record(100, 8 * MILLI);
        assertEquals(57 * MILLI, recorder.nextTimeout());

        feedback(57 * MILLI);
        assertEquals(Long.MAX_VALUE, recorder.nextTimeout());
    }

    @Test
    void countsADuplicateOnce() {
        recorder.record(5, 1 * MILLI);
        recorder.record(5, 2 * MILLI);

        assertEquals("5@1", feedback(100 * MILLI));
    }

    @Test
    void splitsWhatOneMessageCannotHold() {
        for (int i = 0; i < 900; i++) {
            recorder.record(i, i * MILLI / 100);
        }

        long now = 60 * MILLI;
        int messages = 0;
        out.clear();
        while (recorder.nextTimeout() <= now && recorder.writeFeedback(now, 1, 2, out)) {
            messages++;
        }
        assertEquals(3, messages);
        assertEquals(Long.MAX_VALUE, recorder.nextTimeout());
    }

    @Test
    void aSendersJumpIsNotToldOfAsThousandsOfLosses() {
        recorder.record(0, 0);
        feedback(100 * MILLI);
        recorder.record(30_000, 101 * MILLI);

        String told = feedback(201 * MILLI);

        assertTrue(told.startsWith("29800 lost"), told);
        assertTrue(told.endsWith("30000@101"), told);
        assertFalse(recorder.writeFeedback(301 * MILLI, 1, 2, out));
    }

    @Test
    void aPacketFarBehindIsGivenUp() {
        recorder.record(1_000, 0);
        feedback(100 * MILLI);
        recorder.record(700, 101 * MILLI);

        assertEquals(Long.MAX_VALUE, recorder.nextTimeout());
    }

    @Test
    void tellsOfEveryArrivalUnderLossReorderAndDuplication() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            ArrivalRecorder any = new ArrivalRecorder();
            Map<Integer, Long> arrived = new HashMap<>();
            Map<Integer, Long> told = new HashMap<>();
            TransportFeedbackVisitor visitor = (sequence, received, micros) -> {
                if (received) {
                    told.put(sequence, micros);
                }
            };
            long now = 0;
            for (int i = 0; i < 40_000; i++) {
                now += random.nextInt(1_000_000);
                int sequence = Math.max(0, i - random.nextInt(random.nextInt(10) == 0 ? 100 : 1)) + 40_000 & 0xFFFF;
                if (random.nextInt(20) != 0) {
                    any.record(sequence, now);
                    arrived.putIfAbsent(sequence, now / 250_000 * 250);
                }
                if (any.nextTimeout() <= now || i == 39_999) {
                    out.clear();
                    assertTrue(any.writeFeedback(now, 1, 2, out));
                    assertTrue(out.readableBytes() < 1_100);
                    assertTrue(TransportFeedback.parse(out, 0, out.readableBytes(), visitor), "seed " + seed);
                }
            }
            assertEquals(arrived, told, "seed " + seed);
        }
    }
}
