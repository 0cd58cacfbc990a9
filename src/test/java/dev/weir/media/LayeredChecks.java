package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.DependencyDescriptor;
import dev.weir.rtp.Vp8Descriptor;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** Places in the journal, by frame. */
    private final Map<Long, Integer> arrivalOf = new HashMap<>();

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
                arrivalOf.merge(packet.frame().id(), there.at(), Math::min);
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

    /**
     * VP8 only: others name what they need by differences. An id stays empty for a frame that was lost, but for those of
     * which TL0PICIDX told that they are not of the one layer that is forwarded; and for one that came so late that its
     * id had been left for it, and is not forwarded.
     */
    private void pictureIdsHaveNoGaps() {
        if (stretch.encoder.mode != LayeredEncoder.Mode.VP8_T3) {
            return;
        }
        Map<Long, LayeredEncoder.Frame> came = new HashMap<>();
        arrived.values().forEach(packet -> came.put(packet.frame().id(), packet.frame()));
        List<Picture> pictures =
                sentOfFrame.values().stream().map(LayeredChecks::picture).toList();
        long[] lastOfLayer = {-1, -1, -1};
        long emptyBefore = -1;
        for (int i = 0; i < pictures.size(); i++) {
            Picture next = pictures.get(i);
            Picture last = i == 0 ? next : pictures.get(i - 1);
            int lost = 0;
            int late = 0;
            for (long frame = last.frame().id() + 1; frame < next.frame().id(); frame++) {
                lost += came.containsKey(frame) ? 0 : 1;
                late += came.containsKey(frame) ? 1 : 0;
            }
            int bases = next.tl0() - last.tl0() - (i > 0 && next.frame().temporal() == 0 ? 1 : 0) & 0xff;
            int left = i == 0 ? 0 : (next.id() - last.id() - 1) & 0x7fff;
            assertTrue(left >= bases && left <= lost + late, () -> "from " + last + " to " + next);
            if (left > lost) {
                emptyBefore = next.frame().id();
            }
            if (next.frame().key()) {
                Arrays.fill(lastOfLayer, next.frame().id());
            }
            checkUpperLayer(next, lastOfLayer, emptyBefore);
            lastOfLayer[next.frame().temporal()] = next.frame().id();
        }
    }

    /**
     * A frame of an upper layer cannot be shown where an id is empty behind the last one of its layer, unless it can be
     * joined. None such is sent once that is known, but for one that is late itself.
     */
    private void checkUpperLayer(Picture picture, long[] lastOfLayer, long emptyBefore) {
        int temporal = picture.frame().temporal();
        if (temporal == 0 || picture.sync() || emptyBefore <= lastOfLayer[temporal]) {
            return;
        }
        int known = Integer.MAX_VALUE;
        for (LayeredEncoder.Packet packet : arrived.values()) {
            LayeredEncoder.Frame frame = packet.frame();
            boolean dropped = frame.id() < emptyBefore && !sentOfFrame.containsKey(frame.id());
            if (dropped && frame.id() > lastOfLayer[temporal]) {
                known = Math.min(known, arrivalOf.get(frame.id()));
            }
        }
        boolean overtaken = arrivalOf.entrySet().stream()
                .anyMatch(other -> other.getKey() > picture.frame().id() && other.getValue() < picture.at());
        if (overtaken) {
            return;
        }
        int at = known;
        assertTrue(picture.at() < at, () -> picture + " cannot be shown, as was known at " + at);
    }

    private record Picture(LayeredEncoder.Frame frame, int id, int tl0, boolean sync, int at) {}

    private static Picture picture(List<LayeredScene.Sent> packets) {
        LayeredScene.Sent first = packets.getFirst();
        Vp8Descriptor vp8 = new Vp8Descriptor();
        assertTrue(vp8.wrap(first.view().payload(), 0, first.view().payload().readableBytes()));
        int at = packets.stream().mapToInt(LayeredScene.Sent::at).min().orElseThrow();
        return new Picture(first.packet().frame(), vp8.pictureId(), vp8.tl0(), vp8.layerSync(), at);
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
