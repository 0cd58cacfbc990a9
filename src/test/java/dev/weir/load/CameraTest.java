package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CameraTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MILLI = 1_000_000L;
    private static final int RUN = 7;

    private final Sent sent = new Sent();
    private final List<SendStream> streams = new ArrayList<>();
    private long now;

    private Camera camera(int temporalLayers) {
        LayerShape.ALL.forEach(layer -> streams.add(new SendStream(
                Sent.identity(layer.rid(), 100 * layer.height()),
                new Vp8Payload(layer.width(), layer.height(), RUN),
                0,
                sent)));
        Camera camera = new Camera(LayerShape.ALL, streams, temporalLayers, new SplittableRandom(1));
        camera.start(0, new SplittableRandom(1));
        return camera;
    }

    private void run(Camera camera, long until) {
        for (; now < until; now += MILLI) {
            camera.onTimeout(now);
        }
    }

    private long frames(String rid) {
        return sent.packets.stream()
                .filter(packet -> packet.rid().equals(rid) && packet.marker())
                .count();
    }

    @Test
    void everyLayerHasItsOwnFrameRateAndTheSameTimestamps() {
        run(camera(1), 10 * SECOND);
        assertEquals(300, frames("f"), 1);
        assertEquals(250, frames("h"), 2);
        assertEquals(150, frames("q"), 2);
        List<Long> ofF = sent.packets.stream()
                .filter(packet -> packet.rid().equals("f"))
                .map(Sent.Packet::timestamp)
                .toList();
        sent.packets.forEach(packet -> assertTrue(ofF.contains(packet.timestamp())));
    }

    @Test
    void aFrameStartsOnceAndEndsWithTheMarker() {
        run(camera(1), SECOND);
        Sent.Packet before = null;
        for (Sent.Packet packet :
                sent.packets.stream().filter(it -> it.rid().equals("f")).toList()) {
            boolean starts = before == null || before.timestamp() != packet.timestamp();
            assertEquals(starts, packet.descriptor().startsFrame());
            assertEquals(starts && before != null, before != null && before.marker());
            before = packet;
        }
    }

    @Test
    void answersARequestWithAKeyframeOnAllLayersButNotEachOne() {
        Camera camera = camera(1);
        run(camera, SECOND);
        assertEquals(1, camera.keyframes());
        sent.packets.clear();
        for (int i = 0; i < 10; i++) {
            camera.wantKeyframe();
            run(camera, now + 20 * MILLI);
        }
        run(camera, now + 50 * MILLI);
        assertEquals(2, camera.keyframes());
        List<String> rids = sent.packets.stream()
                .filter(packet -> packet.descriptor().startsKeyframe())
                .map(Sent.Packet::rid)
                .toList();
        assertEquals(List.of("q", "h", "f"), rids);
        sent.packets.stream()
                .filter(packet ->
                        packet.descriptor().startsKeyframe() && packet.rid().equals("h"))
                .forEach(packet -> assertEquals(640, packet.descriptor().width()));
    }

    @Test
    void aLayerThatIsNotWantedIsNotSentAndComesBackWithAKeyframe() {
        Camera camera = camera(1);
        run(camera, SECOND);
        camera.activate("f", false);
        sent.packets.clear();
        run(camera, 2 * SECOND);
        assertEquals(0, frames("f"));
        assertTrue(frames("h") > 20);
        camera.activate("f", true);
        run(camera, 3 * SECOND);
        Sent.Packet first = sent.packets.stream()
                .filter(packet -> packet.rid().equals("f"))
                .findFirst()
                .orElseThrow();
        assertTrue(first.descriptor().startsKeyframe());
    }

    @Test
    void ofTwoTemporalLayersTheUpperIsEverySecondFrameAndNoReference() {
        run(camera(2), SECOND);
        List<Integer> layers = sent.packets.stream()
                .filter(packet -> packet.rid().equals("f") && packet.marker())
                .map(packet -> packet.descriptor().temporalLayer())
                .toList();
        assertEquals(List.of(0, 1, 0, 1, 0, 1), layers.subList(0, 6));
    }

    @Test
    void repeatsAPacketAsItWasBehindItsNumber() {
        run(camera(1), SECOND);
        Sent.Packet lost = sent.packets.stream()
                .filter(packet -> packet.rid().equals("f"))
                .skip(30)
                .findFirst()
                .orElseThrow();
        sent.packets.clear();
        assertTrue(streams.getLast().resend(now, lost.sequence()));
        Sent.Packet again = sent.packets.getFirst();
        assertEquals(OfferText.VP8_RTX, again.payloadType());
        assertEquals(lost.ssrc() + 1, again.ssrc());
        assertEquals("f", again.rid());
        assertEquals(lost.timestamp(), again.timestamp());
        assertEquals(lost.sequence(), (again.payload()[0] & 0xff) << 8 | again.payload()[1] & 0xff);
        assertArrayEquals(lost.payload(), Arrays.copyOfRange(again.payload(), 2, again.payload().length));
        assertFalse(streams.getLast().resend(now, lost.sequence() - 5_000 & 0xffff));
    }

    @Test
    void aPayloadEndsWithWhenItWasSent() {
        run(camera(1), SECOND);
        byte[] payload = sent.packets.getLast().payload();
        long stamp = Stamp.read(Unpooled.wrappedBuffer(payload), 0, payload.length, RUN);
        assertTrue(stamp > 900 * MILLI && stamp < SECOND, () -> "sent at " + stamp);
        assertEquals(Stamp.NONE, Stamp.read(Unpooled.wrappedBuffer(payload), 0, payload.length, RUN + 1));
        assertEquals(Stamp.NONE, Stamp.read(Unpooled.wrappedBuffer(payload), 0, 3, RUN));
    }

    @Test
    void leavesFramesOutWhenTheGeneratorStoodStill() {
        Camera camera = camera(1);
        run(camera, SECOND);
        sent.packets.clear();
        now = 3 * SECOND;
        camera.onTimeout(now);
        assertTrue(camera.skipped() > 50, () -> camera.skipped() + " skipped");
        assertTrue(frames("f") <= 7, () -> frames("f") + " in one burst");
    }
}
