package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * One slot in simulated time: several publishers behind paths that lose, repeat and reorder packets, encoders that come,
 * go and start over, a viewer who changes his mind and asks for packets again. Keeps a journal of all that went in.
 */
final class SlotScene {
    private static final long TICK_NANOS = 33 * Scenery.MILLISECOND;
    private static final double LOSS = 0.04;
    private static final double REPEAT = 0.03;
    private static final double LATE = 0.05;

    /** A stretch of the slot's stream, as the watcher was told of it. @param from place in the journal */
    record Stretch(FakeEncoder encoder, Codec codec, int csrc, int from) {}

    /** What reached a layer, in the order of the journal. */
    record Arrived(int at, FakeEncoder.Packet packet) {}

    private record InFlight(long arrival, long order, FakeEncoder.Packet packet, boolean recovered) {}

    private final Random random;
    private final List<Track> tracks = new ArrayList<>();
    private final Map<Layer, FakeEncoder> encoders = new HashMap<>();
    private final Map<Layer, PublisherClock> clocks = new HashMap<>();
    private final Map<Layer, Integer> pausedTicks = new HashMap<>();
    private final PriorityQueue<InFlight> path =
            new PriorityQueue<>(Comparator.comparingLong(InFlight::arrival).thenComparingLong(InFlight::order));
    private final Map<Long, Long> lastAsked = new HashMap<>();
    private final SentRecorder recorder = new SentRecorder();
    private final Forwarder forwarder;

    final List<Arrived> arrived = new ArrayList<>();
    final List<Stretch> stretches = new ArrayList<>();

    /** Of each packet in {@link SentRecorder#media()}, its stretch. */
    final List<Stretch> stretchOf = new ArrayList<>();

    /** How many retransmissions were compared with their originals. */
    int asked;

    private int journal;
    private long order;
    private long now;
    private int nextSsrc = 1;

    SlotScene(long seed) {
        random = new Random(seed);
        forwarder = new Forwarder(Scenery.videoSlot(random.nextInt(1 << 15)), this::send, this::onSlot);
        StoreBudget budget = new StoreBudget(1 << 26);
        for (int i = 0; i < 2; i++) {
            add(Scenery.camera("camera " + i, 0xc000 + i, this::requestKeyframe, budget), Codec.VP8);
        }
        Track single = new Track(
                "screen",
                "sharer",
                MediaKind.VIDEO,
                0xc002,
                List.of(new Track.LayerPlan("", 0, 500_000)),
                this::requestKeyframe,
                budget);
        add(single, Codec.H264);
        forwarder.show(now, tracks.getFirst());
    }

    List<SentRecorder.Sent> media() {
        return recorder.media();
    }

    List<SentRecorder.Sent> resent() {
        return recorder.resent();
    }

    void run(int ticks) {
        for (int i = 0; i < ticks; i++) {
            long end = now + TICK_NANOS;
            encoders.values().stream()
                    .sorted(Comparator.comparingInt(encoder -> encoder.ssrc))
                    .toList()
                    .forEach(this::encode);
            while (!path.isEmpty() && path.peek().arrival() <= end) {
                deliver(path.poll());
            }
            now = end;
            forwarder.onTimeout(now);
            tracks.forEach(track -> track.onTimeout(now));
            changeSomething();
            askAgain();
        }
    }

    private void add(Track track, Codec codec) {
        tracks.add(track);
        PublisherClock clock = new PublisherClock();
        for (Layer layer : track.layers()) {
            clocks.put(layer, clock);
            start(layer, codec);
        }
        Scenery.watchAllLayers(now, track);
    }

    private void start(Layer layer, Codec codec) {
        // Near the wrap of everything that wraps.
        int start = 0xffff - random.nextInt(300);
        encoders.put(layer, new FakeEncoder(layer, codec, nextSsrc++, start, clocks.get(layer)));
    }

    private void encode(FakeEncoder encoder) {
        int pause = pausedTicks.merge(encoder.layer, -1, Integer::sum);
        if (pause > 0) {
            return;
        }
        encoder.wantsKeyframe |= random.nextInt(300) == 0;
        encoder.frame(now, 1 + random.nextInt(5)).forEach(this::send);
        if (random.nextInt(10) == 0) {
            send(encoder.padding(now));
        }
        if (random.nextInt(30) == 0) {
            long ntpNanos = 1_000 * Scenery.MILLISECOND + now;
            clocks.get(encoder.layer).onSenderReport(now + random.nextInt(20_000_000), ntpNanos);
            encoder.stream.onSenderReport(now, 1, ntpNanos, encoder.timestampAt(now) & 0xffff_ffffL);
        }
    }

    private void send(FakeEncoder.Packet packet) {
        long delay = random.nextInt(3_000_000) + (random.nextDouble() < LATE ? random.nextInt(60_000_000) : 0);
        if (random.nextDouble() >= LOSS) {
            path.add(new InFlight(now + delay, order++, packet, false));
        } else if (random.nextBoolean()) {
            path.add(new InFlight(now + delay + 80_000_000, order++, packet, true));
        }
        if (random.nextDouble() < REPEAT) {
            path.add(new InFlight(now + 2 * delay, order++, packet, false));
        }
    }

    private void deliver(InFlight flying) {
        now = Math.max(now, flying.arrival());
        FakeEncoder encoder = flying.packet().from();
        if (encoders.get(encoder.layer) != encoder) {
            return;
        }
        int at = journal++;
        if (encoder.deliver(now, flying.packet(), flying.recovered())) {
            arrived.add(new Arrived(at, flying.packet()));
        }
    }

    private void changeSomething() {
        if (random.nextInt(25) == 0) {
            boolean flows = forwarder.layer() != null;
            forwarder.want(now, random.nextInt(3), Selection.ALL, Haste.values()[random.nextInt(3)]);
            if (flows && forwarder.layer() == null) {
                // Left at once: the slot rests until a keyframe, and its watcher is told of that one.
                onSlot(now, forwarder);
            }
        }
        if (random.nextInt(60) == 0) {
            forwarder.show(now, random.nextInt(6) == 0 ? null : tracks.get(random.nextInt(tracks.size())));
        }
        if (random.nextInt(100) == 0) {
            forwarder.pause(now);
        }
        List<Layer> layers =
                tracks.stream().flatMap(track -> track.layers().stream()).toList();
        Layer layer = layers.get(random.nextInt(layers.size()));
        if (random.nextInt(60) == 0) {
            start(layer, encoders.get(layer).codec);
        }
        if (random.nextInt(60) == 0) {
            pausedTicks.put(layer, random.nextInt(100));
        }
        if (random.nextInt(100) == 0) {
            encoders.get(layer).change(random.nextBoolean() ? Codec.VP8 : Codec.H264);
        }
    }

    /**
     * Asks for one of the last packets, and compares what comes with what was sent first. The store holds a second from
     * the arrival, of which half may have passed where a slot began with a keyframe from the store.
     */
    private void askAgain() {
        List<SentRecorder.Sent> media = media();
        if (media.isEmpty()) {
            return;
        }
        int which = media.size() - 1 - random.nextInt(Math.min(60, media.size()));
        SentRecorder.Sent original = media.get(which);
        FakeEncoder encoder = stretchOf.get(which).encoder();
        boolean stored = now - original.now() < 450 * Scenery.MILLISECOND && encoders.get(encoder.layer) == encoder;
        boolean fresh = now - lastAsked.getOrDefault(original.index(), -TICK_NANOS) < 20 * Scenery.MILLISECOND;
        boolean abandoned = forwarder.abandoned((int) original.index() & 0xffff);
        if (!stored || fresh || abandoned || forwarder.track() == null) {
            return;
        }
        lastAsked.put(original.index(), now);
        int before = recorder.sent.size();
        forwarder.onNack(now, (int) original.index() & 0xffff);
        SentChecks.checkResent(
                original,
                recorder.sent.subList(before, recorder.sent.size()),
                stretchOf.get(which).codec());
        asked++;
    }

    private void send(long now, OutgoingRtp packet) {
        recorder.sendRtp(now, packet);
        if (!recorder.last().resent()) {
            stretchOf.add(stretches.getLast());
        }
    }

    private void onSlot(long now, Forwarder slot) {
        Track track = slot.track();
        Layer layer = slot.layer();
        stretches.add(
                layer == null
                        ? new Stretch(null, null, 0, journal)
                        : new Stretch(encoders.get(layer), layer.codec(), track.csrc(), journal - 1));
    }

    private void requestKeyframe(long now, int ssrc) {
        encoders.values().stream()
                .filter(encoder -> encoder.ssrc == ssrc)
                .forEach(encoder -> encoder.wantsKeyframe = true);
    }
}
