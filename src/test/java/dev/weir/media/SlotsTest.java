package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weir.rtp.Codec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(2);
    private final List<Forwarder> voices = new ArrayList<>();
    private final List<Forwarder> videos = new ArrayList<>();
    private final SentRecorder recorder = new SentRecorder();
    private final List<Track> cameras =
            List.of(Scenery.camera("0"), Scenery.camera("1"), Scenery.camera("2"), Scenery.camera("3"));
    private final List<Track> microphones =
            List.of(Scenery.microphone("0", "0"), Scenery.microphone("1", "1"), Scenery.microphone("2", "2"));

    SlotsTest() {
        for (int i = 0; i < 3; i++) {
            voices.add(Scenery.forwarder(Scenery.audioSlot("a" + i), recorder));
            videos.add(Scenery.forwarder(Scenery.videoSlot(i), recorder));
        }
        voices.forEach(slots::add);
        videos.forEach(slots::add);
    }

    @Test
    void aTrackThatStaysWantedStaysInItsSlot() {
        show(0, 1, 2);
        assertEquals(tracks(0, 1, 2), shown());

        show(2, 0, 3);

        assertEquals(tracks(0, 3, 2), shown());
    }

    @Test
    void whatIsBeyondTheSlotsGetsNone() {
        show(3, 2, 1, 0);

        assertEquals(tracks(3, 2, 1), shown());
    }

    @Test
    void noMorePicturesThanTheDeviceDecodes() {
        slots.limit(new DecodeLimits(Integer.MAX_VALUE, 2, false));

        show(3, 2, 1, 0);

        assertEquals(Arrays.asList(cameras.get(3), cameras.get(2), null), shown());
    }

    @Test
    void whatIsNotWantedAnyMoreLeavesItsSlotEmpty() {
        show(0, 1, 2);

        show(1);

        assertEquals(Arrays.asList(null, cameras.get(1), null), shown());
    }

    @Test
    void aTrackWishedForTwiceGetsOneSlot() {
        show(0, 0, 1);

        assertEquals(Arrays.asList(cameras.get(0), cameras.get(1), null), shown());
    }

    @Test
    void voicesKeepTheirSlotsToo() {
        slots.hear(0, microphones);
        assertEquals(List.of(microphones.get(0), microphones.get(1)), heard(), "two voice slots");

        slots.hear(0, List.of(microphones.get(2), microphones.get(1)));

        assertEquals(List.of(microphones.get(2), microphones.get(1)), heard());
    }

    @Test
    void theLastAudioSlotIsForScreenSound() {
        slots.hearScreen(0, microphones.get(2));

        assertSame(microphones.get(2), voices.get(2).track());
        slots.hear(0, List.of());
        assertSame(microphones.get(2), voices.get(2).track());
        slots.hearScreen(0, null);
        assertNull(voices.get(2).track());
    }

    @Test
    void withoutASlotForItScreenSoundIsNotHeard() {
        Slots few = new Slots(2);
        few.add(voices.get(0));

        few.hearScreen(0, microphones.get(2));

        assertNull(voices.get(0).track());
    }

    @Test
    void theLayerIsTheSmallestOfThreeQuartersOfTheTilesHeight() {
        Track camera = cameras.getFirst();

        assertEquals(0, camera.layerFor(180, Integer.MAX_VALUE));
        assertEquals(0, camera.layerFor(240, Integer.MAX_VALUE));
        assertEquals(1, camera.layerFor(241, Integer.MAX_VALUE));
        assertEquals(1, camera.layerFor(480, Integer.MAX_VALUE));
        assertEquals(2, camera.layerFor(481, Integer.MAX_VALUE));
        assertEquals(2, camera.layerFor(2_160, Integer.MAX_VALUE), "there is no larger one");
        assertEquals(1, camera.layerFor(2_160, 719), "the device decodes no larger one");
        assertEquals(0, camera.layerFor(2_160, 100), "the lowest in any case");
    }

    @Test
    void anEncodersOwnHeightBeatsTheRooms() {
        Track camera = cameras.getFirst();
        new FakeEncoder(camera.layers().get(1), Codec.VP8, 5, 0, new PublisherClock()).deliverFrame(0, 1);

        assertEquals(720, camera.layers().get(1).height(), "as its keyframe says");
        assertEquals(1, camera.layerFor(720, Integer.MAX_VALUE));
    }

    @Test
    void ofTheLiveLayersTheBestThatIsWantedIsChosen() {
        Track camera = cameras.getFirst();
        assertNull(camera.choose(0, 2), "none is live");
        PublisherClock clock = new PublisherClock();
        FakeEncoder half = new FakeEncoder(camera.layers().get(1), Codec.VP8, 5, 0, clock);
        FakeEncoder full = new FakeEncoder(camera.layers().get(2), Codec.VP8, 6, 0, clock);
        half.deliverFrame(0, 1);
        full.deliverFrame(0, 1);

        assertSame(full.layer, camera.choose(0, 2));
        assertSame(half.layer, camera.choose(0, 1));
        assertSame(half.layer, camera.choose(0, 0), "all are larger: the lowest");
        half.deliverFrame(1_000_000_000, 1);
        assertSame(half.layer, camera.choose(1_500_000_000, 2), "the other is silent for 1.5 s");
    }

    private void show(int... indices) {
        slots.showVideos(
                0,
                Arrays.stream(indices)
                        .mapToObj(index -> new Slots.Wish(cameras.get(index), 180, Allocator.Importance.VISIBLE))
                        .toList());
    }

    private List<Track> tracks(int... indices) {
        return Arrays.stream(indices).mapToObj(cameras::get).toList();
    }

    private List<Track> shown() {
        return new ArrayList<>(videos.stream().map(Forwarder::track).toList());
    }

    private List<Track> heard() {
        return voices.subList(0, 2).stream().map(Forwarder::track).toList();
    }
}
