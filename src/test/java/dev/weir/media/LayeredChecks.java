package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.DependencyDescriptor;
import dev.weir.rtp.Vp8Descriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must hold of a slot's stream when layers are dropped and switched, whatever went in. */
final class LayeredChecks {
    private final LayeredScene.Stretch stretch;

    /** In the order of their numbers on the slot. */
    private final List<LayeredScene.Sent> sent;

    /** What came of this source while its stretch lasted, by its number. */
    private final Map<Long, LayeredEncoder.Packet> arrived = new TreeMap<>();

    private final Set<Long> sentNumbers = new HashSet<>();
    private final Map<Long, List<LayeredScene.Sent>> sentOfFrame = new TreeMap<>();

    private LayeredChecks(LayeredScene scene, LayeredScene.Stretch stretch) {
        this.stretch = stretch;
        this.sent = new ArrayList<>(stretch.sent);
        sent.sort(Comparator.comparingLong(one -> one.view().index()));
        long first = sent.getFirst().packet().number();
        for (LayeredScene.Arrived there : scene.arrived) {
            LayeredEncoder.Packet packet = there.packet();
            boolean here = packet.frame().from() == stretch.encoder && packet.number() >= first;
            if (here && there.at() < stretch.until) {
                arrived.put(packet.number(), packet);
            }
        }
        for (LayeredScene.Sent one : sent) {
            if (one.packet() != null) {
                sentNumbers.add(one.packet().number());
                sentOfFrame
                        .computeIfAbsent(one.packet().frame().id(), _ -> new ArrayList<>())
                        .add(one);
            }
        }
    }

    /** @return how many frames were sent */
    static int check(LayeredScene scene) {
        DependencyDescriptor receiver = new DependencyDescriptor();
        long lastIndex = -1;
        int frames = 0;
        for (LayeredScene.Stretch stretch : scene.stretches) {
            LayeredChecks checks = new LayeredChecks(scene, stretch);
            long firstIndex = checks.sent.getFirst().view().index();
            assertTrue(firstIndex > lastIndex, "a number twice, or backwards");
            lastIndex = checks.sent.getLast().view().index();
            checks.gapsAreLosses();
            checks.framesAreWhole();
            checks.needsAreMet();
            checks.picturesEndWithTheirMarker();
            checks.pictureIdsHaveNoGaps();
            checks.descriptorsAreReadable(receiver);
            frames += checks.sentOfFrame.size();
        }
        return frames;
    }

    private void gapsAreLosses() {
        LayeredScene.Sent before = null;
        int emptied = 0;
        Set<Long> indices = new HashSet<>();
        for (LayeredScene.Sent one : sent) {
            assertTrue(indices.add(one.view().index()), "a number twice");
            if (one.packet() == null) {
                emptied++;
                continue;
            }
            if (before != null) {
                long lost = 0;
                for (long number = before.packet().number() + 1;
                        number < one.packet().number();
                        number++) {
                    lost += arrived.containsKey(number) ? 0 : 1;
                }
                long gap = one.view().index() - before.view().index() - 1 - emptied;
                LayeredScene.Sent last = before;
                assertEquals(lost, gap, () -> "between " + last + " and " + one);
            }
            emptied = 0;
            before = one;
        }
    }

    /** Of a frame that is sent, all that came is sent. */
    private void framesAreWhole() {
        for (LayeredEncoder.Packet packet : arrived.values()) {
            assertTrue(
                    !sentOfFrame.containsKey(packet.frame().id()) || sentNumbers.contains(packet.number()),
                    () -> "a part of a frame was dropped: " + packet);
        }
    }

    private void needsAreMet() {
        Set<Long> came = new HashSet<>();
        arrived.values().forEach(packet -> came.add(packet.frame().id()));
        for (List<LayeredScene.Sent> frame : sentOfFrame.values()) {
            LayeredEncoder.Frame one = frame.getFirst().packet().frame();
            for (long need : one.needs()) {
                assertTrue(
                        sentOfFrame.containsKey(need) || !came.contains(need),
                        () -> stretch.encoder.mode + " " + one + " was sent, and " + need
                                + " that it needs was dropped");
            }
        }
    }

    /** Wherever the last packet of the picture came at all. */
    private void picturesEndWithTheirMarker() {
        Map<Long, List<LayeredScene.Sent>> pictures = new HashMap<>();
        sent.stream().filter(one -> one.packet() != null).forEach(one -> pictures.computeIfAbsent(
                        one.view().timestamp(), _ -> new ArrayList<>())
                .add(one));
        for (List<LayeredScene.Sent> picture : pictures.values()) {
            for (int i = 0; i < picture.size() - 1; i++) {
                LayeredScene.Sent early = picture.get(i);
                assertTrue(
                        !early.view().marker(),
                        () -> stretch.encoder.mode + " a marker within a picture: " + early + " of " + picture.size());
            }
            LayeredScene.Sent last = picture.getLast();
            LayeredEncoder.Frame frame = last.packet().frame();
            boolean whole = sentOfFrame.get(frame.id()).size() == frame.packets();
            boolean alone = frame.spatial() == stretch.encoder.mode.spatialLayers - 1
                    || arrived.values().stream()
                            .anyMatch(packet ->
                                    packet.frame().id() == frame.id() + 1 && !sentOfFrame.containsKey(frame.id() + 1));
            assertTrue(!whole || !alone || last.view().marker(), () -> "no marker on " + last);
        }
    }

    /** VP8 only: others name what they need by differences. */
    private void pictureIdsHaveNoGaps() {
        if (stretch.encoder.mode != LayeredEncoder.Mode.VP8_T3) {
            return;
        }
        Set<Long> came = new HashSet<>();
        arrived.values().forEach(packet -> came.add(packet.frame().id()));
        long before = -1;
        int beforeId = -1;
        for (Map.Entry<Long, List<LayeredScene.Sent>> entry : sentOfFrame.entrySet()) {
            Vp8Descriptor vp8 = new Vp8Descriptor();
            LayeredScene.OutgoingView view = entry.getValue().getFirst().view();
            assertTrue(vp8.wrap(view.payload(), 0, view.payload().readableBytes()));
            if (before >= 0) {
                int missing = 0;
                for (long frame = before + 1; frame < entry.getKey(); frame++) {
                    missing += came.contains(frame) ? 0 : 1;
                }
                int step = vp8.pictureId() - beforeId & 0x7fff;
                int kept = late(before, entry.getKey());
                assertTrue(step >= 1 + missing && step <= 1 + missing + kept, () -> "picture id at " + entry);
            }
            before = entry.getKey();
            beforeId = vp8.pictureId();
        }
    }

    /** How many frames between two came when the later one was sent: their ids had been kept for them. */
    private int late(long before, long after) {
        int late = 0;
        for (long frame = before + 1; frame < after; frame++) {
            late += sentOfFrame.containsKey(frame) ? 0 : 1;
        }
        return late;
    }

    private void descriptorsAreReadable(DependencyDescriptor receiver) {
        for (LayeredScene.Sent one : stretch.sent) {
            if (one.packet() == null || one.packet().descriptor() == null) {
                continue;
            }
            boolean read = receiver.read(
                    one.view().descriptor(), 0, one.view().descriptor().readableBytes());
            LayeredEncoder.Frame frame = one.packet().frame();
            assertTrue(read, () -> "cannot be read: " + one);
            assertEquals(frame.spatial(), receiver.spatial());
            assertEquals(frame.temporal(), receiver.temporal());
            assertEquals(frame.key() && one.packet().first(), receiver.structurePresent());
        }
    }
}
