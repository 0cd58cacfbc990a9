package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Codec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwarderTest {
    private final SentRecorder recorder = new SentRecorder();
    private final Track camera = Scenery.camera("camera");
    private final PublisherClock clock = new PublisherClock();
    private final FakeEncoder low = new FakeEncoder(camera.layers().get(0), Codec.VP8, 1, 100, clock);
    private final Forwarder forwarder = Scenery.forwarder(Scenery.videoSlot(5_000), recorder);

    @Test
    void theRestOfAKeyframeThatOvertookItsFirstPacketFollowsIt() {
        forwarder.show(0, camera);
        low.wantsKeyframe = false;
        low.deliverFrame(0, 1);
        low.wantsKeyframe = true;
        List<FakeEncoder.Packet> keyframe = low.frame(0, 4);

        low.deliver(10 * MILLISECOND, keyframe.get(1));
        low.deliver(10 * MILLISECOND, keyframe.get(3));
        low.deliver(90 * MILLISECOND, keyframe.get(0), true);
        low.deliver(91 * MILLISECOND, keyframe.get(2), true);

        assertEquals(List.of(101L, 102L, 104L, 103L), numbers());
        assertEquals(List.of(5_000L, 5_001L, 5_003L, 5_002L), indices());
    }

    @Test
    void aPacketFromBeforeAChangeOfCodecIsSentAgainAsItWas() {
        forwarder.show(0, camera);
        low.deliverFrame(10 * MILLISECOND, 1);
        low.change(Codec.H264);
        low.deliverFrame(40 * MILLISECOND, 1);

        forwarder.onNack(60 * MILLISECOND, 5_000);

        assertEquals(List.of(Scenery.VP8_TYPE, Scenery.H264_TYPE, Scenery.VP8_RTX_TYPE), payloadTypes());
        assertEquals(recorder.sent.getFirst().payload(), recorder.last().payload());
    }

    @Test
    void pictureIdsGoOnAfterOtherCodecs() {
        forwarder.show(0, camera);
        low.deliverFrame(10 * MILLISECOND, 1);
        low.change(Codec.H264);
        low.deliverFrame(40 * MILLISECOND, 1);
        low.deliverFrame(70 * MILLISECOND, 1);
        low.change(Codec.VP8);
        low.deliverFrame(100 * MILLISECOND, 1);

        assertEquals(100, recorder.sent.getFirst().vp8().pictureId());
        assertEquals(101, recorder.last().vp8().pictureId());
    }

    @Test
    void aCodecThatTheViewerCannotTakeLeavesNoGap() {
        forwarder.show(0, camera);
        low.deliverFrame(10 * MILLISECOND, 1);
        low.change(Codec.AV1);
        low.deliverFrame(40 * MILLISECOND, 3);
        low.change(Codec.VP8);
        low.deliverFrame(70 * MILLISECOND, 2);

        assertEquals(List.of(100L, 104L, 105L), numbers());
        assertEquals(List.of(5_000L, 5_001L, 5_002L), indices());
        assertEquals(3, recorder.undecodable);
    }

    @Test
    void aCodecThatTheViewerCannotTakeCostsThePublisherNoKeyframes() {
        Scenery.Publisher publisher = new Scenery.Publisher();
        Track asked = Scenery.camera("asked", 1, publisher, new StoreBudget(1 << 20));
        FakeEncoder encoder = new FakeEncoder(asked.layers().get(0), Codec.AV1, 11, 0, clock);
        encoder.deliverFrame(0, 1);
        forwarder.show(10 * MILLISECOND, asked);

        for (int i = 1; i <= 100; i++) {
            encoder.deliverFrame(i * 33 * MILLISECOND, 1);
            forwarder.onTimeout(i * 33 * MILLISECOND);
            asked.onTimeout(i * 33 * MILLISECOND);
        }
        assertEquals(List.of(), publisher.asked);

        encoder.change(Codec.VP8);
        encoder.wantsKeyframe = false;
        encoder.deliverFrame(4_000 * MILLISECOND, 1);
        forwarder.onTimeout(4_000 * MILLISECOND);
        asked.onTimeout(4_000 * MILLISECOND);
        assertEquals(List.of(new Scenery.Publisher.Asked(4_000 * MILLISECOND, 11)), publisher.asked);
    }

    @Test
    void theOldLayerFlowsUntilTheNewOnesKeyframe() {
        FakeEncoder high = new FakeEncoder(camera.layers().get(2), Codec.VP8, 3, 900, clock);
        forwarder.want(0, 0, Selection.ALL, Haste.NONE);
        forwarder.show(0, camera);
        low.deliverFrame(0, 1);
        high.deliverFrame(0, 1);
        forwarder.onTimeout(200 * MILLISECOND);

        forwarder.want(210 * MILLISECOND, 2, Selection.ALL, Haste.NONE);
        high.deliverFrame(220 * MILLISECOND, 1);
        low.deliverFrame(220 * MILLISECOND, 1);
        high.wantsKeyframe = true;
        high.deliverFrame(250 * MILLISECOND, 2);
        low.deliverFrame(250 * MILLISECOND, 1);

        assertEquals(List.of(100L, 101L, 902L, 903L), numbers());
        assertEquals(List.of(5_000L, 5_001L, 5_002L, 5_003L), indices());
    }

    @Test
    void aLayerThatIsLeftAtOnceStopsAndIsNotSentAgain() {
        FakeEncoder high = new FakeEncoder(camera.layers().get(2), Codec.VP8, 3, 900, clock);
        forwarder.show(0, camera);
        high.deliverFrame(0, 2);
        forwarder.onNack(25 * MILLISECOND, 5_001);
        assertEquals(1, recorder.resent().size());
        low.wantsKeyframe = false;
        low.deliverFrame(30 * MILLISECOND, 1);

        forwarder.want(30 * MILLISECOND, 0, Selection.ALL, Haste.AT_ONCE);
        high.deliverFrame(40 * MILLISECOND, 2);
        forwarder.onNack(50 * MILLISECOND, 5_001);
        low.wantsKeyframe = true;
        low.deliverFrame(60 * MILLISECOND, 1);
        forwarder.onNack(90 * MILLISECOND, 5_002);

        assertTrue(forwarder.abandoned(5_001));
        assertFalse(forwarder.abandoned(5_002));
        assertEquals(List.of(900L, 901L, 101L), numbers());
        assertEquals(2, recorder.resent().size());
    }

    @Test
    void aSwitchAsksThePublisherForAKeyframe() {
        Scenery.Publisher publisher = new Scenery.Publisher();
        Track asked = Scenery.camera("asked", 1, publisher, new StoreBudget(1 << 20));
        new FakeEncoder(asked.layers().get(0), Codec.VP8, 11, 0, clock).deliverFrame(0, 1);

        forwarder.show(10 * MILLISECOND, asked);
        asked.onTimeout(10 * MILLISECOND);

        assertEquals(List.of(new Scenery.Publisher.Asked(10 * MILLISECOND, 11)), publisher.asked);
    }

    @Test
    void aViewersPictureLossGoesThroughTheGate() {
        Scenery.Publisher publisher = new Scenery.Publisher();
        Track asked = Scenery.camera("asked", 1, publisher, new StoreBudget(1 << 20));
        forwarder.show(0, asked);
        new FakeEncoder(asked.layers().get(0), Codec.VP8, 11, 0, clock).deliverFrame(0, 1);

        for (int i = 0; i < 50; i++) {
            forwarder.onPictureLoss(i * 20 * MILLISECOND);
            asked.onTimeout(i * 20 * MILLISECOND);
        }

        assertEquals(1, publisher.asked.size());
    }

    @Test
    void aSlotThatIsEmptiedFallsSilentAtOnce() {
        forwarder.show(0, camera);
        low.deliverFrame(0, 1);

        forwarder.show(10 * MILLISECOND, null);
        low.deliverFrame(33 * MILLISECOND, 1);
        forwarder.onNack(40 * MILLISECOND, 5_000);

        assertEquals(1, recorder.sent.size());
    }

    @Test
    void aClosedTrackEmptiesItsSlots() {
        List<String> told = new ArrayList<>();
        Forwarder watched = new Forwarder(
                Scenery.videoSlot(0),
                recorder,
                (_, slot) -> told.add((slot.track() == null ? "-" : slot.track().trackId()) + " "
                        + (slot.shownLayer() == null ? "-" : slot.shownLayer())));
        watched.show(0, camera);
        low.deliverFrame(0, 1);

        camera.close(10 * MILLISECOND);

        assertNull(watched.track());
        assertEquals(List.of("camera -", "camera q", "- -"), told);
        low.deliverFrame(33 * MILLISECOND, 1);
        assertEquals(1, recorder.sent.size());
    }

    @Test
    void aRetransmissionIsNotRepeatedWithinTwentyMilliseconds() {
        forwarder.show(0, camera);
        low.deliverFrame(0, 1);

        forwarder.onNack(5 * MILLISECOND, 5_000);
        forwarder.onNack(24 * MILLISECOND, 5_000);
        assertEquals(1, recorder.resent().size());
        forwarder.onNack(25 * MILLISECOND, 5_000);

        assertEquals(2, recorder.resent().size());
        assertEquals(2, forwarder.resentPackets());
    }

    @Test
    void whatTheLayerBeforeASwitchBroughtCanStillBeSentAgain() {
        FakeEncoder high = new FakeEncoder(camera.layers().get(2), Codec.VP8, 3, 900, clock);
        forwarder.want(0, 0, Selection.ALL, Haste.NONE);
        forwarder.show(0, camera);
        low.deliverFrame(0, 1);
        high.deliverFrame(0, 1);
        forwarder.onTimeout(200 * MILLISECOND);
        forwarder.want(210 * MILLISECOND, 2, Selection.ALL, Haste.NONE);
        low.deliverFrame(220 * MILLISECOND, 1);
        high.wantsKeyframe = true;
        high.deliverFrame(250 * MILLISECOND, 2);

        forwarder.onNack(260 * MILLISECOND, 5_001);

        assertEquals(5_001, recorder.resent().getLast().originalSequence());
        camera.reviewDemand(1_221 * MILLISECOND);
        forwarder.onNack(1_221 * MILLISECOND, 5_001);
        assertEquals(1, recorder.resent().size(), "a second later it is gone");
    }

    @Test
    void whoComesSoonAfterAKeyframeBeginsWithIt() {
        Scenery.forwarder(Scenery.videoSlot(9), new SentRecorder()).show(0, camera);
        low.deliverFrame(0, 2);
        low.deliverFrame(33 * MILLISECOND, 1);

        forwarder.show(500 * MILLISECOND, camera);
        low.deliverFrame(510 * MILLISECOND, 1);

        assertEquals(List.of(100L, 101L, 102L, 103L), numbers());
        assertEquals(List.of(5_000L, 5_001L, 5_002L, 5_003L), indices());
    }

    @Test
    void whoComesLaterOrHasShownSomethingElseWaitsForTheNextKeyframe() {
        Scenery.forwarder(Scenery.videoSlot(9), new SentRecorder()).show(0, camera);
        low.deliverFrame(0, 1);
        forwarder.show(501 * MILLISECOND, camera);
        assertEquals(List.of(), numbers());

        low.wantsKeyframe = true;
        low.deliverFrame(510 * MILLISECOND, 1);
        low.deliverFrame(543 * MILLISECOND, 1);
        forwarder.show(550 * MILLISECOND, null);
        forwarder.show(560 * MILLISECOND, camera);

        assertEquals(2, recorder.sent.size(), "time would run backwards");
    }

    @Test
    void aPausedSlotSendsNothingAndGoesOnWithAKeyframe() {
        List<Boolean> told = new ArrayList<>();
        Forwarder watched = new Forwarder(Scenery.videoSlot(0), recorder, (_, slot) -> told.add(slot.paused()));
        watched.show(0, camera);
        low.deliverFrame(0, 1);

        watched.pause(10 * MILLISECOND);
        low.deliverFrame(33 * MILLISECOND, 1);
        watched.want(2_000 * MILLISECOND, 0, Selection.ALL, Haste.NONE);
        low.deliverFrame(2_010 * MILLISECOND, 1);
        low.wantsKeyframe = true;
        low.deliverFrame(2_043 * MILLISECOND, 1);

        assertEquals(2, recorder.sent.size());
        assertEquals(List.of(false, false, true, false), told);
    }

    @Test
    void whatWasNeverSentOrIsTooOldIsNotSentAgain() {
        forwarder.show(0, camera);
        low.deliverFrame(0, 1);

        forwarder.onNack(5 * MILLISECOND, 4_999);
        forwarder.onNack(5 * MILLISECOND, 5_001);
        forwarder.onNack(1_001 * MILLISECOND, 5_000);

        assertEquals(List.of(), recorder.resent());
    }

    @Test
    void aLongOutageOfThePublisherIsTakenUpWithoutALongGap() {
        forwarder.show(0, camera);
        low.deliverFrame(0, 1);
        low.frame(0, 600);

        low.deliverFrame(5_000 * MILLISECOND, 2);

        assertEquals(List.of(5_000L, 5_001L, 5_002L), indices());
    }

    @Test
    void aProbeTakesNoNumberUnlessItWasPromised() {
        forwarder.show(0, camera);
        low.deliverFrame(0, 1);
        FakeEncoder.Packet late = low.padding(0);
        FakeEncoder.Packet first = low.frame(0, 1).getFirst();
        low.deliver(10 * MILLISECOND, first);
        low.deliver(11 * MILLISECOND, low.padding(0));
        low.deliver(12 * MILLISECOND, low.frame(0, 1).getFirst());

        low.deliver(13 * MILLISECOND, late);

        assertEquals(List.of(5_000L, 5_002L, 5_003L, 5_001L), indices());
        assertEquals("", recorder.last().payload());
    }

    @Test
    void theFirstPacketOfAVoiceInASlotHasTheMarker() {
        Track voice = Scenery.microphone("microphone", "speaker");
        FakeEncoder microphone = new FakeEncoder(voice.layers().getFirst(), Codec.OPUS, 4, 0, clock);
        Forwarder slot = Scenery.forwarder(Scenery.audioSlot("a0"), recorder);
        slot.show(0, voice);

        microphone.frame(0, 2).forEach(packet -> microphone.deliver(0, packet));
        slot.show(0, null);
        slot.show(100 * MILLISECOND, voice);
        microphone.frame(100 * MILLISECOND, 2).forEach(packet -> microphone.deliver(100 * MILLISECOND, packet));

        assertEquals(List.of(100L, 101L, 102L, 103L), indices());
        assertTrue(recorder.sent.get(0).marker());
        assertTrue(recorder.sent.get(2).marker());
    }

    private List<Integer> payloadTypes() {
        return recorder.sent.stream().map(SentRecorder.Sent::payloadType).toList();
    }

    private List<Long> numbers() {
        return recorder.media().stream().map(SentRecorder.Sent::number).toList();
    }

    private List<Long> indices() {
        return recorder.media().stream().map(SentRecorder.Sent::index).toList();
    }
}
