package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtpWriterTest {
    private static final byte[] MID = "12".getBytes(StandardCharsets.US_ASCII);

    private final RtpWriter writer = new RtpWriter();
    private final RtpView view = new RtpView();
    private final ByteBuf out = Unpooled.buffer(1_500);

    @Test
    void writesABareHeader() {
        int bytes = writer.begin(out, 111, true, 0x1_2345, 0x1_89abcdefL, 0xfedcba98)
                .end();

        assertEquals(12, bytes);
        assertEquals(Wire.hex("80 ef 2345 89abcdef fedcba98"), Wire.hex(out));
    }

    @Test
    void writesOneByteExtensionsPaddedToAWord() {
        int bytes = writer.begin(out, 96, false, 1, 2, 3)
                .csrc(4)
                .extension(1, MID)
                .extension16(5, 0xbeef)
                .extension24(6, 0x123456)
                .extension8(7, 0x8f)
                .end();

        assertEquals(32, bytes);
        assertEquals(
                Wire.hex("91 60 0001 00000002 00000003 00000004 bede 0003 11 3132 51 beef 62 123456 70 8f"),
                Wire.hex(out));
    }

    @Test
    void widensWhatIsWrittenWhenAnIdIsTooHighForOneByte() {
        writer.begin(out, 96, false, 1, 2, 3)
                .extension(1, MID)
                .extension8(2, 0xaa)
                .extension16(15, 0xbeef)
                .extension8(3, 0xbb)
                .end();

        assertEquals(
                Wire.hex("90 60 0001 00000002 00000003 1000 0004 0102 3132 0201 aa 0f02 beef 0301 bb 0000"),
                Wire.hex(out));
    }

    @Test
    void widensForEmptyAndForLongData() {
        writer.begin(out, 96, false, 1, 2, 3)
                .extension8(1, 9)
                .extension(2, new byte[0])
                .end();
        assertEquals(Wire.hex("90 60 0001 00000002 00000003 1000 0002 0101 09 0200 000000"), Wire.hex(out));

        out.clear();
        writer.begin(out, 96, false, 1, 2, 3).extension(1, new byte[17]).end();
        assertTrue(view.wrap(out));
        assertEquals(17, view.extensionBytes(1));
        assertEquals(0x1000, out.getUnsignedShort(12));
    }

    @Test
    void writesNothingForAnExtensionThatWasNotNegotiated() {
        writer.begin(out, 96, false, 1, 2, 3)
                .extension(0, MID)
                .extension8(0, 1)
                .extension16(0, 1)
                .extension24(0, 1)
                .end();

        assertEquals(Wire.hex("80 60 0001 00000002 00000003"), Wire.hex(out));
    }

    @Test
    void padsSoThatTheViewCutsIt() {
        out.writeByte(0);
        int start = out.writerIndex();
        writer.begin(out, 96, false, 1, 2, 3).end();
        out.writeInt(0xaabbccdd);
        RtpWriter.pad(out, start, 255);
        out.readerIndex(start);

        assertTrue(view.wrap(out));
        assertEquals(4, view.payloadBytes());
        assertEquals(255, view.paddingBytes());
        assertThrows(IllegalArgumentException.class, () -> RtpWriter.pad(out, start, 256));
    }

    @Test
    void writesWhatTheViewReads() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            String message = "seed " + seed;
            int count = random.nextInt(8);
            int maxId = random.nextBoolean() ? 14 : 255;
            int maxBytes = random.nextBoolean() ? 16 : 40;
            byte[][] values = new byte[256][];
            out.clear();
            writer.begin(out, random.nextInt(128), random.nextBoolean(), seed, seed, seed);
            if (random.nextBoolean()) {
                writer.csrc(42);
            }
            while (count > 0) {
                int id = 1 + random.nextInt(maxId);
                if (values[id] == null) {
                    values[id] = new byte[random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(maxBytes)];
                    random.nextBytes(values[id]);
                    if (random.nextBoolean()) {
                        writer.extension(id, values[id]);
                    } else {
                        writer.extension(id, Unpooled.wrappedBuffer(values[id]), 0, values[id].length);
                    }
                    count--;
                }
            }
            int headerBytes = writer.end();

            assertTrue(view.wrap(out), message);
            assertEquals(headerBytes, view.headerBytes(), message);
            assertEquals(0, view.payloadBytes(), message);
            for (int id = 1; id < 256; id++) {
                assertEquals(values[id] != null, view.extensionOffset(id) >= 0, message);
                if (values[id] != null) {
                    ByteBuf found = out.slice(view.extensionOffset(id), view.extensionBytes(id));
                    assertEquals(Unpooled.wrappedBuffer(values[id]), found, message);
                }
            }
        }
    }

    @Test
    void readingAndWritingAPacketAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        ByteBuf in = Wire.bytes(RtpViewTest.ONE_BYTE);
        long sum = 0;
        long allocated = -1;
        // The last round counts, when all is compiled.
        for (int round = 0; round < 20; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 10_000; i++) {
                sum += rewrite(in);
            }
            allocated = threads.getThreadAllocatedBytes(thread) - before;
        }

        assertEquals(20L * 10_000 * 39, sum);
        assertEquals(0, allocated);
    }

    private int rewrite(ByteBuf in) {
        view.wrap(in);
        out.clear();
        int headerBytes = writer.begin(out, 96, view.marker(), view.sequence(), view.timestamp(), 7)
                .csrc(8)
                .extension(1, MID)
                .extension16(5, view.sequence())
                .extension(4, in, view.extensionOffset(3), view.extensionBytes(3))
                .extension8(20, 1)
                .end();
        out.writeBytes(in, view.payloadOffset(), view.payloadBytes());
        return headerBytes + view.payloadBytes();
    }
}
