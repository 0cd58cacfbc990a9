package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static dev.weir.bwe.Simulation.SECOND;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.function.LongUnaryOperator;

/**
 * A viewer and his server: pictures 30 times a second at a rate that follows the estimate, paced in runs over one link;
 * feedback over another, made by the recorder that Weir itself uses towards publishers.
 */
final class MediaFlow {
    private static final int PACKET_BYTES = 1_200;
    private static final int PADDING_BYTES = 290;
    private static final long FRAME_NANOS = SECOND / 30;
    private static final long MAX_QUEUE_NANOS = SECOND;
    private static final int HISTORY_SECONDS = 400;

    private final Simulation simulation;
    private final Link forward;
    private final Link back;
    private final ArrivalRecorder recorder = new ArrivalRecorder();
    private final ArrayDeque<Integer> queue = new ArrayDeque<>();
    private final long[] delivered = new long[HISTORY_SECONDS * 10];
    private final long[] estimates = new long[HISTORY_SECONDS * 10];
    private long queuedBytes;
    private long wakeVersion;
    private long feedbackVersion;
    private boolean running;

    final BandwidthEstimator estimator;
    final Pacer pacer;

    /** What the source sends, given the estimate. */
    LongUnaryOperator source = estimate -> estimate;

    double sizeNoise = 0.15;
    long extraDelayNanos;
    double driftPpm;
    double feedbackLoss;
    long sentBytes;
    long paddingBytes;

    MediaFlow(Simulation simulation, Link forward, Link back) {
        this(simulation, forward, back, BandwidthLimits.DEFAULT);
    }

    MediaFlow(Simulation simulation, Link forward, Link back, BandwidthLimits limits) {
        this.simulation = simulation;
        this.forward = forward;
        this.back = back;
        estimator = new BandwidthEstimator(limits);
        pacer = new Pacer(estimator.probe());
    }

    /** A source that chooses among fixed layers, as a forwarding server does. */
    static LongUnaryOperator layers(long... rates) {
        return estimate -> {
            long chosen = rates[0];
            for (long rate : rates) {
                chosen = rate <= estimate ? rate : chosen;
            }
            return chosen;
        };
    }

    void wanted(long bps) {
        estimator.wanted(simulation.now(), bps);
    }

    MediaFlow start(long at) {
        simulation.at(at, () -> {
            running = true;
            frame();
        });
        return this;
    }

    void pause(long from, long to) {
        simulation.at(from, () -> running = false);
        start(to);
    }

    void stop(long at) {
        simulation.at(at, () -> running = false);
    }

    private void frame() {
        if (!running) {
            return;
        }
        double noise = Math.clamp(1 + sizeNoise * simulation.random.nextGaussian(), 0.2, 3);
        long rate = source.applyAsLong(estimator.estimateBps());
        int left = (int) Math.max(100, rate / 8.0 * FRAME_NANOS / SECOND * noise);
        if (queuedBytes * 8.0 / estimator.estimateBps() * SECOND < MAX_QUEUE_NANOS) {
            // Chromium cuts a picture into packets of equal size.
            int packets = (left + PACKET_BYTES - 1) / PACKET_BYTES;
            for (int i = 0; i < packets; i++) {
                queue.add(left / packets);
                queuedBytes += left / packets;
            }
        }
        pump();
        simulation.at(simulation.now() + FRAME_NANOS, this::frame);
    }

    private void pump() {
        long now = simulation.now();
        if (estimator.nextTimeout() <= now) {
            estimator.onTimeout(now);
        }
        pacer.update(now, estimator, queuedBytes, 0);
        while (pacer.maySend(now) && hasWork(now)) {
            sendRun(now);
            pacer.update(now, estimator, queuedBytes, 0);
        }
        long wake = estimator.nextTimeout();
        if (hasWork(now + pacer.delayNanos(now))) {
            wake = Math.min(wake, now + Math.max(1, pacer.delayNanos(now)));
        }
        scheduleWake(wake);
    }

    private boolean hasWork(long now) {
        return !queue.isEmpty() || running && estimator.probe().active();
    }

    private void sendRun(long now) {
        while (pacer.budgetBytes(now) > 0 && hasWork(now)) {
            int bytes;
            if (queue.isEmpty()) {
                bytes = PADDING_BYTES;
                paddingBytes += bytes;
            } else {
                bytes = queue.poll();
                queuedBytes -= bytes;
            }
            send(now, bytes);
        }
    }

    private void send(long now, int bytes) {
        int sequence = estimator.nextSequence();
        estimator.onSent(now, sequence, bytes);
        pacer.onSent(now, bytes);
        sentBytes += bytes;
        forward.send(bytes, true, extraDelayNanos, () -> receive(sequence, bytes));
    }

    private void scheduleWake(long at) {
        long version = ++wakeVersion;
        if (at != Long.MAX_VALUE) {
            simulation.at(at, () -> {
                if (version == wakeVersion) {
                    pump();
                }
            });
        }
    }

    private void receive(int sequence, int bytes) {
        delivered[(int) (simulation.now() * 10 / SECOND)] += bytes;
        recorder.record(sequence, receiverTime());
        scheduleFeedback();
    }

    private long receiverTime() {
        return 1_234_567_890_123L + (long) (simulation.now() * (1 + driftPpm / 1e6));
    }

    private void scheduleFeedback() {
        long due = recorder.nextTimeout();
        if (due == Long.MAX_VALUE) {
            return;
        }
        long version = ++feedbackVersion;
        simulation.at(simulation.now() + due - receiverTime(), () -> {
            if (version == feedbackVersion) {
                sendFeedback();
            }
        });
    }

    private void sendFeedback() {
        ByteBuf out = Unpooled.buffer(256);
        boolean written = recorder.writeFeedback(receiverTime(), 1, 2, out);
        if (written && simulation.random.nextDouble() >= feedbackLoss) {
            back.send(out.readableBytes() + 40, false, extraDelayNanos, () -> {
                if (!estimator.onFeedback(simulation.now(), out, 0, out.readableBytes())) {
                    throw new AssertionError("feedback refused");
                }
                pump();
            });
        }
        scheduleFeedback();
    }

    /** Remembers the estimate ten times a second. */
    MediaFlow recordEstimates() {
        simulation.every(
                100 * MILLI, () -> estimates[(int) (simulation.now() * 10 / SECOND) - 1] = estimator.estimateBps());
        return this;
    }

    long estimateAt(double seconds) {
        return estimates[(int) (seconds * 10) - 1];
    }

    /** What arrived between two times in seconds, in bits per second. */
    double receivedBps(double from, double to) {
        long bytes = 0;
        for (int i = (int) (from * 10); i < (int) (to * 10); i++) {
            bytes += delivered[i];
        }
        return bytes * 8 / (to - from);
    }

    /** The first time in seconds, from a time on, at which the recorded estimate satisfies a bound, or infinity. */
    double firstEstimate(double from, double until, boolean atLeast, long bound) {
        for (int i = (int) (from * 10); i < until * 10; i++) {
            if (atLeast ? estimates[i] >= bound : estimates[i] <= bound) {
                return (i + 1) / 10.0;
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
