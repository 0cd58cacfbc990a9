package dev.weir.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class Vp9DescriptorTest {
    /** Recorded from Chromium 156.0.8078.79, L3T3_KEY: a keyframe's first packet with two spatial layers' sizes. */
    static final String KEYFRAME = "bb e1a5 10 30 0140 00b4 0280 0168 834983420013f00b";

    /** The same picture's second spatial layer, and a later picture of the highest temporal layer. */
    private static final String UPPER = "b9 e1a5 13 87020200";

    private static final String LATER = "fd e1a6 50 02 87000000";

    /** By hand from RFC 9628: not flexible, with TL0PICIDX and a group of two pictures. */
    private static final String GROUPED = "aa 12 10 34 08 02 04 14 01 82";

    private final Vp9Descriptor descriptor = new Vp9Descriptor();

    private boolean wrap(String hex) {
        ByteBuf payload = Wire.bytes("ee" + hex);
        return descriptor.wrap(payload, 1, payload.readableBytes() - 1);
    }

    @Test
    void readsAKeyframeWithSizes() {
        assertTrue(wrap(KEYFRAME));
        assertTrue(descriptor.startsKeyframe());
        assertTrue(descriptor.startsFrame());
        assertEquals(0x61a5, descriptor.pictureId());
        assertEquals(15, descriptor.pictureIdBits());
        assertTrue(descriptor.layered());
        assertTrue(descriptor.switchingUp());
        assertEquals(2, descriptor.spatialLayers());
        assertEquals(180, descriptor.height(0));
        assertEquals(360, descriptor.height(1));
        assertEquals(0, descriptor.height(2));
        assertEquals(-1, descriptor.tl0());
        assertEquals(13, descriptor.headerBytes());
    }

    @Test
    void readsTheLayersOfLaterFrames() {
        assertTrue(wrap(UPPER));
        assertEquals(1, descriptor.spatial());
        assertTrue(descriptor.interLayer());
        assertFalse(descriptor.interPicture());
        assertFalse(descriptor.startsKeyframe(), "not the lowest layer");
        assertTrue(wrap(LATER));
        assertEquals(2, descriptor.temporal());
        assertTrue(descriptor.interPicture());
        assertTrue(descriptor.flexible());
        assertTrue(descriptor.endsFrame());
        assertTrue(descriptor.notForUpperLayers());
        assertEquals(1, descriptor.diffCount());
        assertEquals(1, descriptor.diff(0));
    }

    @Test
    void readsAGroupOfPictures() {
        assertTrue(wrap(GROUPED));
        assertEquals(0x12, descriptor.pictureId());
        assertEquals(7, descriptor.pictureIdBits());
        assertEquals(0x34, descriptor.tl0());
        assertEquals(1, descriptor.spatialLayers());
        assertEquals(0, descriptor.height(0));
        assertEquals(9, descriptor.headerBytes());
    }

    @Test
    void rewritesInPlaceWithoutChangingAnyWidth() {
        ByteBuf wide = Wire.bytes(UPPER);
        descriptor.wrap(wide, 0, wide.readableBytes());
        descriptor.rewrite(wide, 0, 0x1_8001, 5);
        assertEquals(Wire.hex("b9 8001 13 87020200"), Wire.hex(wide));

        ByteBuf narrow = Wire.bytes(GROUPED);
        descriptor.wrap(narrow, 0, narrow.readableBytes());
        descriptor.rewrite(narrow, 0, 0x81, 0x101);
        assertEquals(Wire.hex("aa 01 10 01 08 02 04 14 01 82"), Wire.hex(narrow));
    }

    @Test
    void agreesWithTheQuickLookForKeyframes() {
        for (String golden : new String[] {KEYFRAME, UPPER, LATER, GROUPED}) {
            Wire.spoil(golden, packet -> {
                int bytes = packet.readableBytes();
                if (descriptor.wrap(packet, 0, bytes)) {
                    assertEquals(descriptor.startsKeyframe(), Keyframes.startsKeyframe(Codec.VP9, packet, 0, bytes));
                    descriptor.height(1);
                    assertTrue(descriptor.diffCount() == 0 || descriptor.diff(0) < 128);
                    descriptor.rewrite(packet, 0, 1, 2);
                }
            });
        }
    }
}
