package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.rtp.MediaKind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerRatesTest {
    private static final long MILLISECOND = 1_000_000;

    /** A megabit a second of packets every 10 ms, with what they take of a path besides. */
    private static final int PACKET_BYTES = 1_250 - 44;

    private final LayerRates rates = new LayerRates();
    private final FrameView plain = new FrameView();

    @Test
    void withoutLayersEveryRateIsTheStreams() {
        for (long millis = 0; millis < 3_000; millis += 10) {
            rates.add(millis * MILLISECOND, plain, PACKET_BYTES);
        }

        assertEquals(1_000_000, rates.bps(2_999 * MILLISECOND, 0, 0), 10_000);
        assertEquals(1_000_000, rates.bps(2_999 * MILLISECOND, Selection.ALL, Selection.ALL), 10_000);
        assertEquals(0, rates.topTemporal());
    }

    @Test
    void aYoungStreamCountsAsIfItWentOn() {
        for (long millis = 0; millis < 200; millis += 10) {
            rates.add(millis * MILLISECOND, plain, PACKET_BYTES);
        }

        assertEquals(1_000_000, rates.bps(199 * MILLISECOND, 0, 0), 10_000);
    }

    @Test
    void whatCameMoreThanTwoSecondsAgoDoesNotCount() {
        rates.add(0, plain, 1_000_000);

        assertEquals(0, rates.bps(2_100 * MILLISECOND, 0, 0));
    }

    @Test
    void eachLayerOfAStreamIsMeasuredWithThoseItNeeds() {
        for (LayeredEncoder.Mode mode : LayeredEncoder.Mode.values()) {
            List<Track.LayerPlan> plans = List.of(new Track.LayerPlan("", 0, 500_000));
            Track track =
                    new Track(mode.name(), "publisher", MediaKind.VIDEO, 1, plans, (_, _) -> {}, new StoreBudget(0));
            Layer layer = track.layers().getFirst();
            LayeredEncoder encoder = new LayeredEncoder(layer, mode, 7, new Random(1), new PublisherClock());
            long[][] bits = new long[2][3];
            for (int picture = 0; picture < 100; picture++) {
                for (LayeredEncoder.Packet packet : encoder.picture(picture * 25 * MILLISECOND)) {
                    encoder.deliver(picture * 25 * MILLISECOND, packet);
                    if (picture >= 20) {
                        // Of two seconds, by the second.
                        bits[packet.frame().spatial()][packet.frame().temporal()] += 4L * bytes(packet);
                    }
                }
            }

            long now = 99 * 25 * MILLISECOND;
            long wholeOfLowest = Arrays.stream(bits[0]).sum();
            assertNear(bits[0][0], layer.bps(now, 0, 0), mode);
            assertNear(bits[0][0] + bits[0][1], layer.bps(now, 0, 1), mode);
            assertNear(wholeOfLowest, layer.bps(now, 0, Selection.ALL), mode);
            boolean alone = mode == LayeredEncoder.Mode.VP9_L2T3_KEY;
            long upper = Arrays.stream(bits[1]).sum();
            assertNear(alone ? upper : wholeOfLowest + upper, layer.bps(now, mode.spatialLayers - 1, 2), mode);
            assertEquals(2, layer.topTemporal(), mode.name());
        }
    }

    private static long bytes(LayeredEncoder.Packet packet) {
        return 12 + packet.payload().length + (packet.descriptor() == null ? 0 : 8) + 44;
    }

    private static void assertNear(long expected, long actual, LayeredEncoder.Mode mode) {
        assertEquals(expected, actual, 0.1 * expected, mode.name());
    }
}
