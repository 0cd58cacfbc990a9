package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class RedTest {
    /** Made by hand from RFC 2198: Opus (111) of 1,920 and 960 ticks ago in 3 and 2 bytes, and 4 bytes of now. */
    private static final String TWO_BLOCKS = "ef 1e 00 03  ef 0f 00 02  6f  a1a2a3 b1b2 c1c2c3c4";

    private final Red red = new Red();

    @Test
    void findsThePrimaryBehindItsRedundancy() {
        ByteBuf payload = Wire.bytes(TWO_BLOCKS);

        assertTrue(wrap(payload));

        assertEquals("c1c2c3c4", Wire.hex(payload.slice(red.primaryOffset(), red.primaryBytes())));
        assertEquals(1_920, red.reach());
        assertTrue(red.isAllOf(111));
        assertFalse(red.isAllOf(109));
    }

    @Test
    void takesAPrimaryAlone() {
        ByteBuf payload = Wire.bytes("6f c1c2");

        assertTrue(wrap(payload));

        assertEquals("c1c2", Wire.hex(payload.slice(red.primaryOffset(), red.primaryBytes())));
        assertEquals(0, red.reach());
    }

    @Test
    void seesBlocksOfDifferentFormats() {
        assertTrue(wrap(Wire.bytes("e3 0f 00 02  6f  b1b2 c1")));

        assertFalse(red.isAllOf(111));
        assertFalse(red.isAllOf(99));
    }

    @Test
    void refusesWhatIsCutShort() {
        assertFalse(wrap(Wire.bytes("")));
        assertFalse(wrap(Wire.bytes("ef 1e 00")));
        assertFalse(wrap(Wire.bytes("ef 1e 00 03")));
        assertFalse(wrap(Wire.bytes("ef 1e 00 03 6f a1a2")));
    }

    @Test
    void staysWithinAnyPayload() {
        Wire.spoil(TWO_BLOCKS, payload -> {
            if (wrap(payload)) {
                assertTrue(red.primaryOffset() >= payload.readerIndex());
                assertEquals(payload.writerIndex(), red.primaryOffset() + red.primaryBytes());
            }
        });
    }

    private boolean wrap(ByteBuf payload) {
        return red.wrap(payload, payload.readerIndex(), payload.readableBytes());
    }
}
