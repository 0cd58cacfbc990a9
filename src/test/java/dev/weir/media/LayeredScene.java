package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;

/** One slot in simulated time over sources with layers: a simulcast camera of VP8 and a track for each kind of SVC. */
final class LayeredScene {
    private static final long TICK_NANOS = 33 * Scenery.MILLISECOND;

    /** A stretch of the slot's stream. @param from, until places in the journal */
    static final class Stretch {
        final LayeredEncoder encoder;
        final int from;
        int until = Integer.MAX_VALUE;
        final List<Sent> sent = new ArrayList<>();

        Stretch(LayeredEncoder encoder, int from) {
            this.encoder = encoder;
            this.from = from;
        }
    }

    /** @param packet null: only a number. @param at its place in the journal */
    record Sent(long now, OutgoingView view, LayeredEncoder.Packet packet, int at) {}

    /** What a receiver sees. */
    record OutgoingView(
            long index, boolean marker, long timestamp, int payloadType, ByteBuf payload, ByteBuf descriptor) {}

    record Arrived(int at, LayeredEncoder.Packet packet) {}

    private record InFlight(long arrival, long order, LayeredEncoder.Packet packet) {}

    final List<Stretch> stretches = new ArrayList<>();
    final List<Arrived> arrived = new ArrayList<>();
    int asked;

    private final Random random;
    private final double loss;
    private final List<Track> tracks = new ArrayList<>();
    private final Track within;
    private final Map<Layer, LayeredEncoder> encoders = new HashMap<>();
    private final Map<String, LayeredEncoder.Packet> made = new HashMap<>();
    private final PriorityQueue<InFlight> path =
            new PriorityQueue<>(Comparator.comparingLong(InFlight::arrival).thenComparingLong(InFlight::order));
    private final Forwarder forwarder;
    private OutgoingView resent;
    private boolean shown;
    private int journal;
    private long order;
    private long now;

    /** @param loss of packets, half of which come late after all */
    LayeredScene(long seed, double loss) {
        this.random = new Random(seed);
        this.loss = loss;
        Map<Codec, SendStream.PayloadTypes> types = new EnumMap<>(Codec.class);
        for (Codec codec : List.of(Codec.VP8, Codec.VP9, Codec.AV1)) {
            types.put(codec, new SendStream.PayloadTypes(100 + codec.ordinal(), 120 + codec.ordinal()));
        }
        SendStream slot = new SendStream("v0", MediaKind.VIDEO, 1, 2, types, random.nextInt(1 << 15), 7, 0xffff_0000L);
        forwarder = new Forwarder(slot, this::send, (_, _) -> {});
        StoreBudget budget = new StoreBudget(1 << 26);
        tracks.add(Scenery.camera("camera", 0xc000, this::requestKeyframe, budget));
        for (LayeredEncoder.Mode mode : LayeredEncoder.Mode.values()) {
            List<Track.LayerPlan> plans = List.of(new Track.LayerPlan("", 0, 500_000));
            tracks.add(new Track(
                    mode.name(), "publisher", MediaKind.VIDEO, mode.ordinal(), plans, this::requestKeyframe, budget));
        }
        // Layers within the lowest of several encodings, the others of which rest.
        within = Scenery.camera("within", 0xd000, this::requestKeyframe, budget);
        tracks.add(within);
        for (Track track : tracks) {
            PublisherClock clock = new PublisherClock();
            for (Layer layer : track == within ? track.layers().subList(0, 1) : track.layers()) {
                LayeredEncoder.Mode mode = track == within
                        ? LayeredEncoder.Mode.VP9_L2T3_KEY
                        : track.layers().size() > 1
                                ? LayeredEncoder.Mode.VP8_T3
                                : LayeredEncoder.Mode.valueOf(track.trackId());
                encoders.put(layer, new LayeredEncoder(layer, mode, encoders.size() + 1, random, clock));
            }
            Scenery.watchAllLayers(0, track);
        }
        forwarder.show(0, tracks.get(random.nextInt(tracks.size())));
    }

    void run(int ticks) {
        for (int i = 0; i < ticks; i++) {
            long end = now + TICK_NANOS;
            for (Track track : tracks) {
                track.layers().stream()
                        .map(encoders::get)
                        .filter(Objects::nonNull)
                        .forEach(this::encode);
            }
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

    private void encode(LayeredEncoder encoder) {
        encoder.wantsKeyframe |= random.nextInt(200) == 0;
        for (LayeredEncoder.Packet packet : encoder.picture(now)) {
            made.put(encoder.ssrc + "/" + packet.number(), packet);
            // Loss and disorder, too much for the one and the other to be met by chance alone.
            boolean late = random.nextDouble() < loss;
            long delay = random.nextInt(3_000_000) + (late ? random.nextInt(80_000_000) : 0);
            if (random.nextDouble() < loss) {
                delay += 90_000_000;
                if (random.nextBoolean()) {
                    continue;
                }
            }
            path.add(new InFlight(now + delay, order++, packet));
            if (random.nextDouble() < loss) {
                path.add(new InFlight(now + 2 * delay, order++, packet));
            }
        }
    }

    private void deliver(InFlight flying) {
        now = Math.max(now, flying.arrival());
        int at = journal++;
        if (flying.packet().frame().from().deliver(now, flying.packet())) {
            arrived.add(new Arrived(at, flying.packet()));
        }
    }

    private void changeSomething() {
        if (random.nextInt(12) == 0) {
            boolean flows = forwarder.layer() != null;
            forwarder.want(now, random.nextInt(3), random.nextInt(4), Haste.values()[random.nextInt(3)]);
            if (flows && forwarder.layer() == null) {
                shown = true;
                stretches.getLast().until = Math.min(stretches.getLast().until, journal);
            }
        }
        if (random.nextInt(80) == 0) {
            Track next = tracks.get(random.nextInt(tracks.size()));
            if (next != forwarder.track() && !stretches.isEmpty()) {
                shown = true;
                stretches.getLast().until = Math.min(stretches.getLast().until, journal);
            }
            forwarder.show(now, next);
        }
    }

    private void askAgain() {
        List<Sent> sent = stretches.isEmpty() ? List.of() : stretches.getLast().sent;
        if (sent.isEmpty()) {
            return;
        }
        Sent original = sent.get(sent.size() - 1 - random.nextInt(Math.min(40, sent.size())));
        resent = null;
        forwarder.onNack(now, (int) original.view().index() & 0xffff);
        if (resent == null) {
            return;
        }
        asked++;
        OutgoingView expected = new OutgoingView(
                resent.index(),
                original.view().marker(),
                original.view().timestamp(),
                original.view().payloadType() + 20,
                original.view().payload(),
                original.view().descriptor());
        if (!expected.equals(resent)) {
            throw new AssertionError("sent " + original + ", then " + resent);
        }
    }

    private void send(long time, OutgoingRtp packet) {
        ByteBuf payload = Unpooled.buffer();
        packet.writePayload(payload);
        OutgoingView view = new OutgoingView(
                packet.index(),
                packet.marker(),
                packet.timestamp(),
                packet.payloadType(),
                payload,
                Unpooled.copiedBuffer(packet.descriptor()));
        if (packet.originalSequence() != OutgoingRtp.NONE) {
            resent = view;
            return;
        }
        LayeredEncoder.Packet source = source(payload);
        if (source != null && beginsStretch(source)) {
            if (!stretches.isEmpty()) {
                stretches.getLast().until = Math.min(stretches.getLast().until, journal - 1);
            }
            stretches.add(new Stretch(source.frame().from(), journal - 1));
            shown = false;
        }
        stretches.getLast().sent.add(new Sent(time, view, source, journal - 1));
    }

    /** Another source, or the same one after the slot showed something else. */
    private boolean beginsStretch(LayeredEncoder.Packet packet) {
        return shown
                || stretches.isEmpty()
                || stretches.getLast().encoder != packet.frame().from();
    }

    private LayeredEncoder.Packet source(ByteBuf payload) {
        if (!payload.isReadable()) {
            return null;
        }
        int serial = payload.writerIndex() - LayeredEncoder.SERIAL_BYTES;
        return made.get(payload.getInt(serial) + "/" + payload.getLong(serial + Integer.BYTES));
    }

    private void requestKeyframe(long time, int ssrc) {
        encoders.values().forEach(encoder -> encoder.wantsKeyframe |= encoder.ssrc == ssrc);
    }
}
