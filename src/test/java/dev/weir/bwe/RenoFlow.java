package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static dev.weir.bwe.Simulation.SECOND;

import java.util.TreeMap;

/** TCP as far as it matters to its neighbours: slow start, additive increase, half a window per loss event, time-outs. */
final class RenoFlow {
    private static final int SEGMENT_BYTES = 1_500;
    private static final int REORDER = 3;
    private static final long TIMEOUT_NANOS = SECOND;

    private final Simulation simulation;
    private final Link forward;
    private final long backNanos;
    private final TreeMap<Long, Long> outstanding = new TreeMap<>();
    private long remaining;
    private long next;
    private long recoverUntil = -1;
    private double window = 4;
    private double threshold = 1_000;
    private long timer;
    private boolean stopped;

    long deliveredBytes;
    Runnable onDone = () -> {};

    RenoFlow(Simulation simulation, Link forward, long bytes) {
        this.simulation = simulation;
        this.forward = forward;
        this.backNanos = forward.propagationNanos;
        this.remaining = bytes;
    }

    RenoFlow start(long at) {
        simulation.at(at, this::fill);
        return this;
    }

    RenoFlow stop(long at) {
        simulation.at(at, () -> stopped = true);
        return this;
    }

    private void fill() {
        while (!stopped && remaining > 0 && outstanding.size() < (int) window) {
            long number = next++;
            outstanding.put(number, simulation.now());
            remaining -= SEGMENT_BYTES;
            forward.send(SEGMENT_BYTES, false, 0, () -> {
                deliveredBytes += SEGMENT_BYTES;
                simulation.at(simulation.now() + backNanos, () -> onAcknowledged(number));
            });
        }
        long version = ++timer;
        simulation.at(simulation.now() + TIMEOUT_NANOS, () -> {
            if (version == timer && !outstanding.isEmpty() && !stopped) {
                onTimeout();
            }
        });
    }

    private void onAcknowledged(long number) {
        if (outstanding.remove(number) == null) {
            return;
        }
        window += window < threshold ? 1 : 1 / window;
        while (!outstanding.isEmpty() && outstanding.firstKey() < number - REORDER) {
            onLost(outstanding.firstKey());
        }
        if (remaining <= 0 && outstanding.isEmpty()) {
            onDone.run();
        } else {
            fill();
        }
    }

    private void onLost(long number) {
        outstanding.remove(number);
        remaining += SEGMENT_BYTES;
        if (number > recoverUntil) {
            recoverUntil = next - 1;
            threshold = Math.max(2, window / 2);
            window = threshold;
        }
    }

    private void onTimeout() {
        remaining += (long) outstanding.size() * SEGMENT_BYTES;
        outstanding.clear();
        threshold = Math.max(2, window / 2);
        window = 1;
        recoverUntil = next - 1;
        fill();
    }

    static long restNanos(Simulation simulation, double meanSeconds) {
        return (long) (-Math.log(1 - simulation.random.nextDouble()) * meanSeconds * SECOND) + MILLI;
    }
}
