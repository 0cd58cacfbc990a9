package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.media.Allocator.Importance;
import dev.weir.rtp.Codec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final long TICK = 33 * MILLISECOND;

    private final Slots slots = new Slots(0);
    private final List<Track> cameras = List.of(Scenery.camera("0"), Scenery.camera("1"));
    private final List<FakeEncoder> encoders = new ArrayList<>();
    private final List<Forwarder> forwarders = new ArrayList<>();
    private long now;

    /** Two cameras of three layers, each of 240, 480 and 970 kbit/s or thereabouts. */
    AllocationTest() {
        PublisherClock clock = new PublisherClock();
        for (Track camera : cameras) {
            forwarders.add(Scenery.forwarder(Scenery.videoSlot(forwarders.size()), new SentRecorder()));
            for (Layer layer : camera.layers()) {
                FakeEncoder encoder = new FakeEncoder(layer, Codec.VP8, 9, 0, clock);
                encoder.height = 180 << layer.index();
                encoders.add(encoder);
            }
        }
        forwarders.forEach(slots::add);
    }

    private void show(Importance first, int tileHeight) {
        slots.showVideos(
                now,
                List.of(
                        new Slots.Wish(cameras.get(0), tileHeight, first),
                        new Slots.Wish(cameras.get(1), tileHeight, Importance.VISIBLE)));
    }

    /** Lets the cameras send for a while, the slots being allocated every 200 ms. @return what was wanted last */
    private long run(long millis, long budgetBps, boolean reduces) {
        long wanted = 0;
        for (long until = now + millis * MILLISECOND; now < until; now += TICK) {
            for (FakeEncoder encoder : encoders) {
                encoder.wantsKeyframe = true;
                encoder.deliverFrame(now, 1 << encoder.layer.index());
            }
            if (now / TICK % 6 == 0) {
                wanted = slots.allocate(now, budgetBps, reduces);
                slots.onTimeout(now);
            }
        }
        return wanted;
    }

    private String shown() {
        return forwarders.stream()
                .map(slot -> slot.paused() ? "paused" : String.valueOf(slot.shownLayer()))
                .toList()
                .toString();
    }

    @Test
    void layersFollowTheBudgetAndTheTiles() {
        show(Importance.SPEAKER, 720);
        long whole = run(3_000, Long.MAX_VALUE, true);
        assertEquals("[f, f]", shown());

        run(2_000, whole * 11 / 16, true);
        assertEquals("[f, q]", shown());

        show(Importance.SPEAKER, 180);
        run(2_000, whole, true);
        assertEquals("[q, q]", shown());
    }

    @Test
    void aPictureThatDoesNotFitIsPausedAfterASecondAndComesBack() {
        show(Importance.SPEAKER, 720);
        long whole = run(3_000, Long.MAX_VALUE, true);
        long lowest = whole / 8;

        run(800, lowest * 3 / 2, true);
        assertEquals("[q, q]", shown(), "an estimate often comes back");
        run(800, lowest * 3 / 2, true);
        assertEquals("[q, paused]", shown());
        run(2_000, lowest / 2, true);
        assertEquals("[paused, paused]", shown());
        run(2_000, whole * 2, true);
        assertEquals("[f, f]", shown());
    }

    @Test
    void aPictureThatTakesMoreThanTwiceWhatThereIsStopsAtOnce() {
        show(Importance.SPEAKER, 720);
        long whole = run(3_000, Long.MAX_VALUE, true);

        run(400, whole / 20, true);

        assertEquals("[paused, paused]", shown());
    }

    @Test
    void withoutAdaptionAPictureIsPausedRatherThanReduced() {
        show(Importance.SPEAKER, 720);
        long whole = run(3_000, Long.MAX_VALUE, false);

        run(2_000, whole * 11 / 16, false);

        assertEquals("[f, paused]", shown());
    }

    @Test
    void aBrowserShortOfProcessorTimeGetsLess() {
        slots.limit(new DecodeLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, true));
        show(Importance.SPEAKER, 720);
        run(2_000, Long.MAX_VALUE, true);
        assertEquals("[h, q]", shown());

        show(Importance.SCREEN, 720);
        run(2_000, Long.MAX_VALUE, true);
        assertEquals("[f, q]", shown());
    }
}
