package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.rtp.Codec;
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
