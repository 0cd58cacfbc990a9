package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static dev.weir.bwe.Simulation.SECOND;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** One direction of a path: a drop-tail queue before a rate, then random loss, then propagation with jitter. */
final class Link {
    private record Packet(int bytes, long queuedAt, long extraNanos, boolean media, Runnable delivered) {}

    private record Sample(long at, long queueNanos) {}

    private final Simulation simulation;
    private final ArrayDeque<Packet> queue = new ArrayDeque<>();
    private final List<Sample> samples = new ArrayList<>();
    private long rateBps;
    private long queuedBytes;
    private boolean busy;
    private long lastArrival;

    long propagationNanos = 50 * MILLI;
    long queueLimitNanos = 300 * MILLI;
    double loss;
    long jitterNanos;
    boolean reorders;
    boolean down;

    long offeredPackets;
    long droppedPackets;

    Link(Simulation simulation, long rateBps) {
        this.simulation = simulation;
        this.rateBps = rateBps;
    }

    void rate(long bps) {
        rateBps = bps;
    }

    long rate() {
        return rateBps;
    }

    /** Pairs of a time in seconds and a rate in kbps. */
    Link schedule(double... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            long bps = (long) (pairs[i + 1] * 1_000);
            simulation.at((long) (pairs[i] * SECOND), () -> rate(bps));
        }
        return this;
    }

    void send(int bytes, boolean media, long extraNanos, Runnable delivered) {
        offeredPackets += media ? 1 : 0;
        if (down || (queuedBytes + bytes) * 8.0 / rateBps * SECOND > queueLimitNanos && !queue.isEmpty()) {
            droppedPackets += media ? 1 : 0;
            return;
        }
        queuedBytes += bytes;
        queue.add(new Packet(bytes, simulation.now(), extraNanos, media, delivered));
        if (!busy) {
            transmit();
        }
    }

    private void transmit() {
        Packet packet = queue.peek();
        if (packet == null) {
            busy = false;
            return;
        }
        busy = true;
        if (packet.media()) {
            samples.add(new Sample(simulation.now(), simulation.now() - packet.queuedAt()));
        }
        simulation.at(simulation.now() + packet.bytes() * 8L * SECOND / rateBps, () -> {
            queue.remove();
            queuedBytes -= packet.bytes();
            propagate(packet);
            transmit();
        });
    }

    private void propagate(Packet packet) {
        if (simulation.random.nextDouble() < loss) {
            droppedPackets += packet.media() ? 1 : 0;
            return;
        }
        long jitter = jitterNanos == 0 ? 0 : (long) (simulation.random.nextDouble() * jitterNanos);
        long arrival = simulation.now() + propagationNanos + packet.extraNanos() + jitter;
        if (!reorders && packet.extraNanos() == 0) {
            arrival = Math.max(arrival, lastArrival);
            lastArrival = arrival;
        }
        simulation.at(arrival, packet.delivered());
    }

    /** The 95th percentile of the time that media packets waited, in milliseconds. */
    double p95QueueMillis(long from, long to) {
        long[] sorted = samples.stream()
                .filter(sample -> sample.at() >= from && sample.at() < to)
                .mapToLong(Sample::queueNanos)
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.95)] / (double) MILLI;
    }

    double lossShare() {
        return offeredPackets == 0 ? 0 : (double) droppedPackets / offeredPackets;
    }
}
