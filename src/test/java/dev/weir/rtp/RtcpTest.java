package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RtcpTest {
    private final ByteBuf out = Unpooled.buffer();
    private final Told told = new Told();

    /** Writes down what the parser says, one line each. */
    private static final class Told implements RtcpVisitor {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void senderReport(int ssrc, long ntp, long rtpTimestamp, long packets, long octets) {
            lines.add("sr " + ssrc + " " + Long.toHexString(ntp) + " " + rtpTimestamp + " " + packets + " " + octets);
        }

        @Override
        public void reportBlock(
                int reporterSsrc,
                int mediaSsrc,
                int fractionLost,
                int cumulativeLost,
                long highestSequence,
                long jitter,
                long lastSr,
                long delaySinceLastSr) {
            lines.add("block " + reporterSsrc + " " + mediaSsrc + " " + fractionLost + " " + cumulativeLost + " "
                    + highestSequence + " " + jitter + " " + lastSr + " " + delaySinceLastSr);
        }

        @Override
        public void nack(int senderSsrc, int mediaSsrc, int sequence) {
            lines.add("nack " + senderSsrc + " " + mediaSsrc + " " + sequence);
        }

        @Override
        public void pli(int mediaSsrc) {
            lines.add("pli " + mediaSsrc);
        }

        @Override
        public void fir(int mediaSsrc, int commandSequence) {
            lines.add("fir " + mediaSsrc + " " + commandSequence);
        }

        @Override
        public void remb(long bitrateBps) {
            lines.add("remb " + bitrateBps);
        }

        @Override
        public void transportFeedback(ByteBuf packet, int offset, int bytes) {
            lines.add("feedback " + offset + " " + bytes);
        }

        @Override
        public void bye(int ssrc) {
            lines.add("bye " + ssrc);
        }

        @Override
        public void receiverReferenceTime(int ssrc, long ntp) {
            lines.add("rrtr " + ssrc + " " + Long.toHexString(ntp));
        }
    }

    private List<String> parse(ByteBuf compound) {
        assertTrue(RtcpParser.parse(compound, told));
        return told.lines;
    }

    @Test
    void readsBackACompoundOfEverything() {
        int report = RtcpWriter.senderReport(out, 1, 0x8000_0001_4000_0000L, 0xffff_fff0L, 10, 0x1_0000_0005L);
        RtcpWriter.reportBlock(out, report, 2, 128, -3, 0xffff_0001L, 90, 0x8000_0000L, 65_536);
        RtcpWriter.reportBlock(out, report, 3, 0, 1L << 40, 7, 8, 9, 10);
        RtcpWriter.sourceDescription(out, 1, "weir".getBytes(StandardCharsets.UTF_8));
        RtcpWriter.nack(out, 1, 2, new long[] {65_535, 65_536, 65_551, 65_552}, 4);
        RtcpWriter.pli(out, 1, 4);
        RtcpWriter.fir(out, 1, 5, 200);
        RtcpWriter.remb(out, 1, 2_500_000, new int[] {2, 3, 9}, 2);
        RtcpWriter.dlrr(out, 1, 6, 7, 8);
        RtcpWriter.bye(out, -1);

        assertEquals(
                List.of(
                        "sr 1 8000000140000000 4294967280 10 5",
                        "block 1 2 128 -3 4294901761 90 2147483648 65536",
                        "block 1 3 0 8388607 7 8 9 10",
                        "nack 1 2 65535",
                        "nack 1 2 0",
                        "nack 1 2 15",
                        "nack 1 2 16",
                        "pli 4",
                        "fir 5 200",
                        "remb 2500000",
                        "bye -1"),
                parse(out));
    }

    @Test
    void writesAReceiverReportAsTheRfcDrawsIt() {
        int report = RtcpWriter.receiverReport(out, 0x01020304);
        RtcpWriter.reportBlock(out, report, 0x0a0b0c0d, 0x40, 5, 0x10002, 3, 0x11223344, 0x55);

        assertEquals(
                Wire.hex("81c90007 01020304 0a0b0c0d 40000005 00010002 00000003 11223344 00000055"), Wire.hex(out));
    }

    @Test
    void refusesTheThirtySecondBlock() {
        int report = RtcpWriter.receiverReport(out, 1);
        for (int i = 0; i < 31; i++) {
            assertTrue(RtcpWriter.reportBlock(out, report, i, 0, 0, 0, 0, 0, 0));
        }

        assertFalse(RtcpWriter.reportBlock(out, report, 31, 0, 0, 0, 0, 0, 0));
        assertEquals(31, parse(out).size());
    }

    @Test
    void packsNacksIntoFewEntries() {
        RtcpWriter.nack(out, 1, 2, new long[] {100, 101, 116, 117}, 4);

        assertEquals(Wire.hex("81cd0004 00000001 00000002 0064 8001 0075 0000"), Wire.hex(out));
    }

    @Test
    void nackOfAnySequencesIsReadBack() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            TreeSet<Long> lost = new TreeSet<>();
            for (int i = random.nextInt(60); i >= 0; i--) {
                lost.add(65_000L + random.nextInt(1_000));
            }
            out.clear();
            told.lines.clear();
            RtcpWriter.nack(out, 1, 2, lost.stream().mapToLong(Long::longValue).toArray(), lost.size());

            List<String> expected =
                    lost.stream().map(number -> "nack 1 2 " + (number & 0xFFFF)).toList();
            assertEquals(expected, parse(out), "seed " + seed);
        }
    }

    @Test
    void sourceDescriptionEndsInOneToFourZeros() {
        RtcpWriter.sourceDescription(out, 1, new byte[] {'a', 'b'});
        assertEquals(Wire.hex("81ca0003 00000001 0102 6162 00000000"), Wire.hex(out));

        out.clear();
        RtcpWriter.sourceDescription(out, 1, new byte[] {'a'});
        assertEquals(Wire.hex("81ca0002 00000001 0101 61 00"), Wire.hex(out));
    }

    @Test
    void rembKeepsEighteenBits() {
        for (long bps : new long[] {0, 1, 262_143, 262_144, 1_234_567, 10_000_000_000L, Long.MAX_VALUE}) {
            out.clear();
            told.lines.clear();
            RtcpWriter.remb(out, 1, bps, new int[0], 0);
            long back = Long.parseLong(parse(out).getFirst().substring(5));
            assertTrue(back <= bps && bps - back <= bps >>> 17, bps + " became " + back);
        }
    }

    @Test
    void rembBeyondALongIsUnbounded() {
        assertEquals(
                List.of("remb 9223372036854775807"),
                parse(Wire.bytes("8fce0005 00000001 00000000 52454d42 01 ffffff 00000002")));
    }

    @Test
    void readsAReceiverReferenceTimeAmongOtherBlocks() {
        assertEquals(
                List.of("rrtr 1 8899aabbccddeeff"),
                parse(Wire.bytes("80cf0006 00000001 07000001 00000000 04000002 8899aabb ccddeeff")));
    }

    @Test
    void leavesPaddingOutOfTransportFeedback() {
        assertEquals(
                List.of("pli 2", "feedback 12 22"),
                parse(Wire.bytes(
                        "81ce0002 00000001 00000002" + "afcd0005 00000001 00000002 0000 0001 000000 00 2001 0002")));
    }

    @Test
    void tellsWhatStandsBeforeTheMalformedPart() {
        assertFalse(RtcpParser.parse(Wire.bytes("81ce0002 00000001 00000002 81c90007 00000001"), told));

        assertEquals(List.of("pli 2"), told.lines);
    }

    @Test
    void refusesAnEmptyDatagramAndOtherVersions() {
        assertFalse(RtcpParser.parse(Unpooled.EMPTY_BUFFER, told));
        assertFalse(RtcpParser.parse(Wire.bytes("41ce0002 00000001 00000002"), told));
    }

    @Test
    void stepsOverTypesItDoesNotKnow() {
        assertEquals(List.of("pli 2"), parse(Wire.bytes("80cc0002 00000001 41424344 81ce0002 00000001 00000002")));
    }

    @Test
    void survivesGarbage() {
        readsBackACompoundOfEverything();
        RtcpWriter.receiverReport(out, 1);
        String golden = Wire.hex(out)
                + Wire.hex("80cf0004 00000001 04000002 8899aabb ccddeeff")
                + Wire.hex("8fcd0005 00000001 00000002 0000 0001 000000 00 2001 04 00");
        Wire.spoil(golden, packet -> {
            told.lines.clear();
            RtcpParser.parse(packet, told);
            assertEquals(0, packet.readerIndex());
        });
    }
}
