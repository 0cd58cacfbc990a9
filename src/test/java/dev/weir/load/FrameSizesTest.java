package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSizesTest {
    private static LayerShape shape(String rid) {
        return LayerShape.named(rid).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"q", "h", "f"})
    void keepsTheLayersBitrateAlsoWithAKeyframeEachTenSeconds(String rid) {
        LayerShape shape = shape(rid);
        FrameSizes sizes = new FrameSizes(shape);
        long bytes = 0;
        int seconds = 60;
        for (int frame = 0; frame < seconds * shape.framesPerSecond(); frame++) {
            sizes.next(frame % (10 * shape.framesPerSecond()) == 0);
            bytes += (long) sizes.packets() * sizes.packetBytes();
        }
        assertEquals(shape.bitrateBps(), bytes * 8.0 / seconds, shape.bitrateBps() * 0.03);
    }

    @Test
    void aFrameOfTheLargestLayerIsFiveOrSixEqualPackets() {
        FrameSizes sizes = new FrameSizes(shape("f"));
        int five = 0;
        for (int frame = 0; frame < 300; frame++) {
            sizes.next(false);
            assertTrue(sizes.packets() == 5 || sizes.packets() == 6, () -> sizes.packets() + " packets");
            assertTrue(sizes.packetBytes() > 1_050 && sizes.packetBytes() <= FrameSizes.MAX_PACKET_BYTES);
            five += sizes.packets() == 5 ? 1 : 0;
        }
        assertTrue(five > 150, five + " of 300 have five packets");
    }

    @Test
    void aKeyframeIsFourFramesLarge() {
        FrameSizes sizes = new FrameSizes(shape("f"));
        sizes.next(true);
        assertEquals(21, sizes.packets());
        assertEquals(4 * 6_250, sizes.packets() * sizes.packetBytes(), 30);
    }
}
