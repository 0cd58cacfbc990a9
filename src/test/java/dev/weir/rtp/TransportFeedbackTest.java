package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TransportFeedbackTest {
    private static final long LOST = TransportFeedback.NOT_RECEIVED;

    private final TransportFeedback feedback = new TransportFeedback();
    private final ByteBuf out = Unpooled.buffer();
    private final Told told = new Told();

    private static final class Told implements TransportFeedbackVisitor {
        private int base;
        private int count;
        private int reference;
        private int feedbackCount;
        private int packets;
        private final long[] arrivals = new long[65_536];

        @Override
        public void feedback(int mediaSsrc, int feedbackCount, int baseSequence, int packetCount, int referenceTime) {
            base = baseSequence;
            count = packetCount;
            reference = referenceTime;
            this.feedbackCount = feedbackCount;
            packets = 0;
        }

        @Override
        public void packet(int sequence, boolean received, long arrivalMicros) {
            assertEquals(base + packets & 0xFFFF, sequence);
            arrivals[packets++] = received ? arrivalMicros : LOST;
        }

        private long[] all() {
            assertEquals(count, packets);
            return Arrays.copyOf(arrivals, packets);
        }
    }

    private boolean parse() {
        return TransportFeedback.parse(out, out.readerIndex(), out.readableBytes(), told);
    }

    @Test
    void writesARunAsTheDraftDrawsIt() {
        // Reference 2 (128 ms), then 129, 130, 131 and 132 ms: deltas of 4 ticks each.
        long[] arrivals = {129_000, 130_000, 131_000, 132_000};

        assertEquals(4, feedback.write(out, 1, 2, 7, 0xfffe, arrivals, 4));

        assertEquals(Wire.hex("afcd0006 00000001 00000002 fffe 0004 000002 07 2004 04040404 0002"), Wire.hex(out));
        assertTrue(RtcpParser.parse(out, new RtcpVisitor() {
            @Override
            public void transportFeedback(ByteBuf packet, int offset, int bytes) {
                assertTrue(TransportFeedback.parse(packet, offset, bytes, told));
            }
        }));
        assertEquals(7, told.feedbackCount);
        assertEquals(2, told.reference);
        assertEquals(Arrays.toString(arrivals), Arrays.toString(told.all()));
    }

    @Test
    void takesAOneBitVectorForMixedSmallDeltas() {
        long[] arrivals = {0, LOST, 250, LOST, LOST, 500};

        feedback.write(out, 1, 2, 0, 0, arrivals, 6);

        // 1 0 101001 and eight unused.
        assertEquals(0b1010_1001_0000_0000, out.getUnsignedShort(20));
        assertTrue(parse());
        assertEquals(Arrays.toString(arrivals), Arrays.toString(told.all()));
    }

    @Test
    void takesATwoBitVectorWhereADeltaIsLargeOrNegative() {
        long[] arrivals = {0, LOST, 64_000, 63_750};

        feedback.write(out, 1, 2, 0, 0, arrivals, 4);

        // 1 1 01 00 10 10 and three unused.
        assertEquals(0b1101_0010_1000_0000, out.getUnsignedShort(20));
        assertTrue(parse());
        assertEquals(Arrays.toString(arrivals), Arrays.toString(told.all()));
    }

    @Test
    void stopsWhereADeltaCannotReach() {
        long[] arrivals = {0, 8_191_750, 8_191_750 + 8_192_000, 0};

        assertEquals(2, feedback.write(out, 1, 2, 0, 0, arrivals, 4));

        assertTrue(parse());
        assertEquals("[0, 8191750]", Arrays.toString(told.all()));
    }

    @Test
    void writesNothingForNothing() {
        assertEquals(0, feedback.write(out, 1, 2, 0, 0, new long[0], 0));
        assertEquals(0, out.readableBytes());
    }

    @Test
    void readsBackAnyArrivalsToTheTick() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            int count = 1 + random.nextInt(random.nextBoolean() ? 30 : 1_100);
            int lossPercent = random.nextInt(3) * random.nextInt(50);
            int maxGapMicros = 1 + random.nextInt(random.nextBoolean() ? 2_000 : 200_000);
            long[] arrivals = new long[count];
            long at = random.nextInt(1_000_000_000);
            for (int i = 0; i < count; i++) {
                at += random.nextInt(maxGapMicros) - random.nextInt(10) / 9 * random.nextInt(maxGapMicros);
                arrivals[i] = random.nextInt(100) < lossPercent ? LOST : Math.max(0, at);
            }
            int base = random.nextInt(65_536);
            out.clear();

            int written = feedback.write(out, 1, 2, seed & 0xFF, base, arrivals, count);

            String message = "seed " + seed;
            assertEquals(Math.min(count, TransportFeedback.MAX_PACKETS), written, message);
            assertEquals(0, out.readableBytes() & 3, message);
            assertEquals(out.readableBytes(), (out.getUnsignedShort(2) + 1) * 4, message);
            assertTrue(parse(), message);
            assertEquals(base, told.base, message);
            long[] read = told.all();
            for (int i = 0; i < written; i++) {
                long expected = arrivals[i] == LOST ? LOST : arrivals[i] / 250 * 250;
                assertEquals(expected, read[i], message + " packet " + i);
            }
        }
    }

    @Test
    void readsANegativeReferenceTime() {
        out.writeBytes(Wire.array("8fcd0005 00000001 00000002 0000 0001 ffffff 00 2001 01 00"));

        assertTrue(parse());
        assertEquals(-1, told.reference);
        assertEquals(-64_000 + 250, told.all()[0]);
    }

    @Test
    void refusesWhatIsMalformed() {
        String head = "8fcd0005 00000001 00000002 0000";
        assertFalse(parse(head + "0001 000000 00"), "no chunk");
        assertFalse(parse(head + "0000 000000 00 2001 0000"), "no packets");
        assertFalse(parse(head + "0003 000000 00 2003 0000"), "deltas overrun");
        assertFalse(parse(head + "0001 000000 00 6001 0000"), "run of the reserved status");
        assertFalse(parse(head + "0001 000000 00 f000 0000"), "vector of the reserved status");
        assertFalse(parse(head + "0001 000000 00 0000 0000"), "empty runs only");
    }

    private boolean parse(String hex) {
        ByteBuf packet = Wire.bytes(hex);
        return TransportFeedback.parse(packet, 0, packet.readableBytes(), told);
    }

    @Test
    void survivesGarbage() {
        String golden = "afcd0009 00000001 00000002 fffe 0016 000002 07 2004 a900 d280"
                + "04040404 010203 01 0100 fff0 000000 03";
        Wire.spoil(golden, packet -> {
            told.packets = 0;
            told.count = 0;
            boolean whole = TransportFeedback.parse(packet, 0, packet.readableBytes(), told);
            assertEquals(whole ? told.count : 0, told.packets);
        });
    }
}
