package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Vp8Descriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What must hold of every slot's stream, whatever went in. */
final class SentChecks {
    private final SlotScene scene;
    private final List<SentRecorder.Sent> media;

    /** The stretches that carried something, in their order. */
    private final List<Sending> sendings = new ArrayList<>();

    /** @param until place in the journal where the next stretch began */
    private record Sending(SlotScene.Stretch stretch, int until, List<SentRecorder.Sent> packets) {}

    private SentChecks(SlotScene scene) {
        this.scene = scene;
        this.media = scene.media();
        List<SlotScene.Stretch> stretches = scene.stretches;
        for (int i = 0; i < stretches.size(); i++) {
            SlotScene.Stretch stretch = stretches.get(i);
            int until = i + 1 < stretches.size() ? stretches.get(i + 1).from() : Integer.MAX_VALUE;
            List<SentRecorder.Sent> packets = new ArrayList<>();
            for (int sent = 0; sent < media.size(); sent++) {
                if (scene.stretchOf.get(sent) == stretch) {
                    packets.add(media.get(sent));
                }
            }
            packets.sort(Comparator.comparingLong(SentRecorder.Sent::index));
            if (!packets.isEmpty()) {
                sendings.add(new Sending(stretch, until, packets));
            }
        }
    }

    static void check(SlotScene scene) {
        SentChecks checks = new SentChecks(scene);
        checks.noNumberTwiceAndNoTimeBackwards();
        checks.sourcesAreNamed();
        checks.stretchesBeginWithKeyframes();
        checks.allThatArrivedIsSent();
        checks.gapsAreRealLosses();
        checks.pictureIdsGoOn();
        checks.retransmissionsAreNumbered();
    }

    /** A retransmission repeats its original in all but SSRC, number and payload type. */
    static void checkResent(SentRecorder.Sent original, List<SentRecorder.Sent> came, Codec codec) {
        assertEquals(1, came.size(), () -> "asked for " + original);
        SentRecorder.Sent again = came.getFirst();
        SentRecorder.Sent expected = new SentRecorder.Sent(
                again.now(),
                Scenery.SLOT_RTX_SSRC,
                again.index(),
                codec == Codec.VP8 ? Scenery.VP8_RTX_TYPE : Scenery.H264_RTX_TYPE,
                original.marker(),
                original.timestamp(),
                original.csrc(),
                original.payload(),
                original.descriptor(),
                (int) original.index() & 0xffff);
        assertEquals(expected, again);
    }

    private void noNumberTwiceAndNoTimeBackwards() {
        List<SentRecorder.Sent> inOrder = media.stream()
                .sorted(Comparator.comparingLong(SentRecorder.Sent::index))
                .toList();
        for (int i = 1; i < inOrder.size(); i++) {
            SentRecorder.Sent before = inOrder.get(i - 1);
            SentRecorder.Sent after = inOrder.get(i);
            assertTrue(before.index() < after.index(), () -> "number twice: " + before + ", " + after);
            int step = (int) (after.timestamp() - before.timestamp());
            assertTrue(step >= 0, () -> "time runs backwards: " + before + ", " + after);
        }
    }

    private void sourcesAreNamed() {
        for (Sending sending : sendings) {
            for (SentRecorder.Sent packet : sending.packets()) {
                assertEquals(Scenery.SLOT_SSRC, packet.ssrc());
                assertEquals(sending.stretch().csrc(), packet.csrc());
                boolean vp8 = sending.stretch().codec() == Codec.VP8;
                assertEquals(vp8 ? Scenery.VP8_TYPE : Scenery.H264_TYPE, packet.payloadType());
                if (!packet.empty()) {
                    assertEquals(sending.stretch().encoder().ssrc, packet.encoder());
                }
            }
        }
    }

    private void stretchesBeginWithKeyframes() {
        for (Sending sending : sendings) {
            long first = sending.packets().getFirst().number();
            boolean keyframe = arrivedFor(sending)
                    .map(SlotScene.Arrived::packet)
                    .anyMatch(packet -> packet.number() == first && packet.keyframe());
            assertTrue(keyframe, () -> "begins without a keyframe: " + sending.stretch());
        }
    }

    /** From its keyframe to the switch: so the old layer flows until the new one's keyframe. */
    private void allThatArrivedIsSent() {
        for (Sending sending : sendings) {
            Set<Long> sent = new HashSet<>();
            sending.packets().stream().filter(packet -> !packet.empty()).forEach(packet -> sent.add(packet.number()));
            long first = sending.packets().getFirst().number();
            arrivedFor(sending)
                    .filter(there -> there.at() >= sending.stretch().from() && there.at() < sending.until())
                    .map(SlotScene.Arrived::packet)
                    .filter(packet -> packet.number() >= first && !packet.empty())
                    .forEach(packet -> assertTrue(
                            sent.contains(packet.number()),
                            () -> packet.number() + " arrived in " + sending.stretch() + " and was not sent"));
        }
    }

    private void gapsAreRealLosses() {
        for (int i = 0; i < sendings.size(); i++) {
            Sending sending = sendings.get(i);
            TreeMap<Long, Long> indices = new TreeMap<>();
            Set<Long> used = new HashSet<>();
            for (SentRecorder.Sent packet : sending.packets()) {
                used.add(packet.index());
                if (!packet.empty()) {
                    indices.put(packet.number(), packet.index());
                }
            }
            Set<Long> arrived = new HashSet<>();
            arrivedFor(sending)
                    .filter(there -> there.at() < sending.until())
                    .forEach(there -> arrived.add(there.packet().number()));
            if (i + 1 < sendings.size()) {
                long next = sendings.get(i + 1).packets().getFirst().index();
                indices.put(Collections.max(arrived) + 1, next);
            }
            Map.Entry<Long, Long> before = null;
            for (Map.Entry<Long, Long> entry : indices.entrySet()) {
                if (before != null) {
                    long lost = count(before.getKey(), entry.getKey(), arrived);
                    long gaps = count(before.getValue(), entry.getValue(), used);
                    assertEquals(lost, gaps, () -> "before " + entry + " of " + sending.stretch());
                }
                before = entry;
            }
        }
    }

    private Stream<SlotScene.Arrived> arrivedFor(Sending sending) {
        return scene.arrived.stream()
                .filter(there -> there.packet().from() == sending.stretch().encoder()
                        && there.packet().codec() == sending.stretch().codec());
    }

    /** How many numbers between the two are not in the set. */
    private static long count(long from, long to, Set<Long> set) {
        long missing = 0;
        for (long number = from + 1; number < to; number++) {
            missing += set.contains(number) ? 0 : 1;
        }
        return missing;
    }

    private void pictureIdsGoOn() {
        int lastPictureId = -1;
        int lastTl0 = -1;
        for (Sending sending : sendings) {
            if (sending.stretch().codec() != Codec.VP8) {
                continue;
            }
            Vp8Descriptor first = sending.packets().getFirst().vp8();
            if (lastPictureId >= 0) {
                assertEquals(lastPictureId + 1 & 0x7fff, first.pictureId(), () -> "at " + sending.stretch());
                assertEquals(lastTl0 + 1 & 0xff, first.tl0(), () -> "at " + sending.stretch());
            }
            long firstFrame = sending.packets().getFirst().timestamp();
            for (SentRecorder.Sent packet : sending.packets()) {
                if (!packet.empty()) {
                    // The encoder makes a picture each 33 ms or pauses; ids follow the pictures and not the packets.
                    int ahead = packet.vp8().pictureId() - first.pictureId() & 0x7fff;
                    assertEquals(packet.vp8().tl0() - first.tl0() & 0xff, ahead & 0xff);
                    assertTrue(packet.timestamp() == firstFrame || ahead > 0);
                    lastPictureId = packet.vp8().pictureId();
                    lastTl0 = packet.vp8().tl0();
                }
            }
        }
    }

    private void retransmissionsAreNumbered() {
        long next = 7;
        for (SentRecorder.Sent packet : scene.resent()) {
            assertEquals(next++, packet.index());
        }
    }
}
