package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.RtpView;
import dev.weir.rtp.RtpWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A camera of three encodings whose publisher changes between VP9, with layers within the lowest of them, and VP8, with
 * one layer in each.
 */
class LayersWithinTest {
    private static final int VP8_TYPE = 101;
    private static final long PICTURE_NANOS = 33 * Scenery.MILLISECOND;

    private final Track track = Scenery.camera("camera");
    private final List<Codec> sent = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private final Set<String> shown = new LinkedHashSet<>();
    private final Forwarder slot = new Forwarder(
            new SendStream(
                    "v0",
                    MediaKind.VIDEO,
                    Scenery.SLOT_SSRC,
                    Scenery.SLOT_RTX_SSRC,
                    Map.of(
                            Codec.VP8, new SendStream.PayloadTypes(VP8_TYPE, 102),
                            Codec.VP9, new SendStream.PayloadTypes(103, 104)),
                    1_000,
                    7,
                    0xffff_0000L),
            this::onSent,
            (_, forwarder) -> shown.add(forwarder.shownLayer()));
    private final Random random = new Random(5);
    private final PublisherClock clock = new PublisherClock();
    private final List<Vp8> simulcast = new ArrayList<>();
    private final LayeredEncoder svc =
            new LayeredEncoder(track.layers().getFirst(), LayeredEncoder.Mode.VP9_L2T3_KEY, 1, random, clock);
    private long now;

    LayersWithinTest() {
        for (int i = 1; i < 3; i++) {
            simulcast.add(new Vp8(track.layers().get(i), new ReceiveStream(i + 1, 90_000, true, clock)));
        }
        simulcast.addFirst(new Vp8(track.layers().getFirst(), svc.stream));
    }

    @Test
    void followsFromLayersWithinOneStreamToThoseInSeveralAndBack() {
        slot.show(now, track);
        slot.want(now, 2, Selection.ALL, Haste.NONE);
        sendVp9(30);
        assertTrue(track.layersWithin());
        assertEquals(2, track.layerCount());
        assertEquals("1", slot.shownLayer());
        assertTrue(track.reviewDemand(now), "the layers have other names");

        sendVp8(30);
        assertFalse(track.layersWithin());
        assertEquals(3, track.layerCount());
        assertEquals("f", slot.shownLayer());
        assertTrue(track.reviewDemand(now), "and their own again");
        assertFalse(track.reviewDemand(now));
        assertEquals(Codec.VP8, sent.getLast());

        sendVp9(30);
        assertEquals("1", slot.shownLayer());
        assertEquals(Codec.VP9, sent.getLast());
        assertTrue(shown.containsAll(List.of("1", "f")), shown::toString);
        for (int i = 1; i < times.size(); i++) {
            long gap = times.get(i) - times.get(i - 1);
            assertTrue(gap <= 2 * PICTURE_NANOS, () -> "nothing for " + gap / Scenery.MILLISECOND + " ms");
        }
    }

    @Test
    void takesOnlyTheLayersThatTheViewerHasAUseFor() {
        slot.show(now, track);
        slot.want(now, 0, Selection.ALL, Haste.NONE);
        sendVp9(30);
        assertEquals("0", slot.shownLayer());
        int before = sent.size();
        slot.want(now, 1, Selection.ALL, Haste.NONE);
        sendVp9(30);
        assertEquals("1", slot.shownLayer());
        assertTrue(sent.size() - before > before, "two layers are more than one");
    }

    private void sendVp9(int pictures) {
        svc.wantsKeyframe = true;
        for (int i = 0; i < pictures; i++) {
            svc.picture(now).forEach(packet -> svc.deliver(now, packet));
            pass();
        }
    }

    private void sendVp8(int pictures) {
        // As a browser does it, all layers begin with a keyframe; and one is made when it is asked for.
        for (int i = 0; i < pictures; i++) {
            boolean keyframe = i % 10 == 0;
            simulcast.forEach(each -> each.send(keyframe));
            pass();
        }
    }

    private void pass() {
        now += PICTURE_NANOS;
        slot.onTimeout(now);
        track.onTimeout(now);
    }

    private void onSent(long at, OutgoingRtp packet) {
        sent.add(packet.payloadType() == VP8_TYPE ? Codec.VP8 : Codec.VP9);
        times.add(at);
    }

    /** One layer of the simulcast. */
    private final class Vp8 {
        private final Layer layer;
        private final ReceiveStream stream;
        private final RtpView view = new RtpView();
        private int picture = 100;

        Vp8(Layer layer, ReceiveStream stream) {
            this.layer = layer;
            this.stream = stream;
            if (layer.index() > 0) {
                layer.bind(stream, FakeEncoder.IDS);
            }
        }

        void send(boolean keyframe) {
            ByteBuf buffer = Unpooled.buffer();
            RtpWriter writer = new RtpWriter();
            // The lowest goes on where its other codec was.
            long sequence = layer.index() == 0 ? svc.number++ : 500 + picture;
            writer.begin(buffer, 96, true, sequence, svc.firstTimestamp + now * 9 / 100_000, stream.ssrc());
            writer.end();
            buffer.writeByte(0x90)
                    .writeByte(0xe0)
                    .writeShort(0x8000 | ++picture)
                    .writeByte(picture)
                    .writeByte(0);
            buffer.writeByte(keyframe ? 0 : 1).writeZero(9);
            view.wrap(buffer);
            long unwrapped = stream.onPacket(now, view.sequence(), view.timestamp(), buffer.readableBytes(), false);
            assertTrue(unwrapped != ReceiveStream.NONE);
            layer.onPacket(now, Codec.VP8, view, unwrapped, stream.lastTimestamp());
        }
    }
}
