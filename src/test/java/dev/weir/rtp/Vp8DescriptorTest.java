package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class Vp8DescriptorTest {
    /** By hand from RFC 7741: 15-bit id 0x1234, TL0PICIDX 0x56, TID 0, Y 0, KEYIDX 3; keyframe of 640 x 360. */
    static final String KEYFRAME = "90 f0 9234 56 03  10 02 00 9d012a 8002 6801 00";

    private final Vp8Descriptor descriptor = new Vp8Descriptor();

    private boolean wrap(ByteBuf payload) {
        return descriptor.wrap(payload, 0, payload.readableBytes());
    }

    @Test
    void readsEveryFieldOfAKeyframe() {
        ByteBuf packet = Wire.bytes("eeee" + KEYFRAME);

        assertTrue(descriptor.wrap(packet, 2, packet.readableBytes() - 2));

        assertEquals(6, descriptor.headerBytes());
        assertTrue(descriptor.startsPartition());
        assertTrue(descriptor.startsFrame());
        assertFalse(descriptor.nonReference());
        assertEquals(0x1234, descriptor.pictureId());
        assertEquals(15, descriptor.pictureIdBits());
        assertEquals(4, descriptor.pictureIdOffset());
        assertEquals(0x56, descriptor.tl0());
        assertEquals(6, descriptor.tl0Offset());
        assertEquals(0, descriptor.temporalLayer());
        assertFalse(descriptor.layerSync());
        assertEquals(3, descriptor.keyIndex());
        assertTrue(descriptor.startsKeyframe());
        assertEquals(640, descriptor.width());
        assertEquals(360, descriptor.height());
    }

    @Test
    void readsTheShortForms() {
        assertTrue(wrap(Wire.bytes("a1 a0 45 a0 01")));

        assertEquals(4, descriptor.headerBytes());
        assertFalse(descriptor.startsFrame());
        assertEquals(1, descriptor.partition());
        assertTrue(descriptor.nonReference());
        assertEquals(0x45, descriptor.pictureId());
        assertEquals(7, descriptor.pictureIdBits());
        assertEquals(-1, descriptor.tl0());
        assertEquals(-1, descriptor.tl0Offset());
        assertEquals(2, descriptor.temporalLayer());
        assertTrue(descriptor.layerSync());
        assertEquals(-1, descriptor.keyIndex());
        assertFalse(descriptor.startsKeyframe());
        assertEquals(-1, descriptor.width());
    }

    @Test
    void aBareDescriptorHasNothingElse() {
        assertTrue(wrap(Wire.bytes("10 01")));

        assertEquals(1, descriptor.headerBytes());
        assertEquals(-1, descriptor.pictureId());
        assertEquals(0, descriptor.pictureIdBits());
        assertEquals(-1, descriptor.temporalLayer());
        assertFalse(descriptor.startsKeyframe(), "an inter frame");
    }

    @Test
    void rewritesInPlaceWithoutChangingAnyWidth() {
        ByteBuf wide = Wire.bytes(KEYFRAME);
        wrap(wide);
        descriptor.rewrite(wide, 0, 0x1_8001, 0x1ff);
        assertEquals(Wire.hex("90 f0 8001 ff 03  10 02 00 9d012a 8002 6801 00"), Wire.hex(wide));

        ByteBuf narrow = Wire.bytes("a1 a0 45 a0 01");
        wrap(narrow);
        descriptor.rewrite(narrow, 0, 0x81, 9);
        assertEquals(Wire.hex("a1 a0 01 a0 01"), Wire.hex(narrow));
    }

    @Test
    void rewritesACopyElsewhereAndLeavesTheOriginal() {
        ByteBuf original = Wire.bytes(KEYFRAME);
        ByteBuf copy = Wire.bytes("eeeeee" + KEYFRAME);
        wrap(original);

        descriptor.rewrite(copy, 3, 2, 1);

        assertEquals(Wire.hex(KEYFRAME), Wire.hex(original));
        assertEquals(Wire.hex("eeeeee 90 f0 8002 01 03  10 02 00 9d012a 8002 6801 00"), Wire.hex(copy));
    }

    @Test
    void refusesADescriptorThatIsCutOff() {
        for (String cut : new String[] {"", "90", "90 f0", "90 f0 92", "90 f0 9234", "90 f0 9234 56"}) {
            assertFalse(wrap(Wire.bytes(cut)), cut);
        }
    }

    @Test
    void survivesGarbage() {
        Wire.spoil(KEYFRAME, packet -> {
            if (wrap(packet)) {
                descriptor.startsKeyframe();
                descriptor.width();
                descriptor.height();
                descriptor.pictureId();
                descriptor.temporalLayer();
                descriptor.keyIndex();
                descriptor.rewrite(packet, 0, 1, 1);
            }
        });
    }
}
