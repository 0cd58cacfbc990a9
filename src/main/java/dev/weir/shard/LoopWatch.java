package dev.weir.shard;

import dev.weir.signal.Measure;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How busy one event loop is, and how often it stood still: told by its own alarms, so that a stall is known when it is
 * over. Of a loop that hangs, Vert.x's own thread checker writes the stack while it does. On the loop.
 */
final class LoopWatch {
    /** An alarm that comes so much too late was held up: more than a frame of sound, which everyone on the loop hears. */
    static final long STALL_NANOS = 50_000_000;

    private static final long REVIEW_NANOS = 1_000_000_000L;

    /** Warnings are no more frequent than this. */
    private static final long SILENCE_NANOS = 10_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int loop;
    private long lastReview;
    private long cpuAtReview = -1;
    private double busy;
    private long stalls;
    private long stalledNanos;
    private long nextWarning;

    LoopWatch(int loop) {
        this.loop = loop;
    }

    /** The loop was to be woken at {@code due}, and is now. */
    void onAlarm(long now, long due) {
        long late = now - due;
        if (late >= STALL_NANOS) {
            stalls++;
            stalledNanos += late;
            if (now >= nextWarning) {
                nextWarning = now + SILENCE_NANOS;
                LOG.warn("event loop {} stood still for {} ms; {} times so far", loop, late / 1_000_000, stalls);
            }
        }
        if (now - lastReview >= REVIEW_NANOS) {
            review(now);
        }
    }

    private void review(long now) {
        long cpu = THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
        busy = cpuAtReview < 0 ? 0 : Math.min(1, (double) (cpu - cpuAtReview) / (now - lastReview));
        cpuAtReview = cpu;
        lastReview = now;
    }

    void addTo(List<Measure> measures) {
        Map<String, String> labels = Map.of("loop", Integer.toString(loop));
        measures.add(new Measure.Gauge("weir_loop_busy_ratio", labels, busy));
        measures.add(new Measure.Counter("weir_loop_stalls_total", labels, stalls));
        measures.add(new Measure.Counter("weir_loop_stalled_seconds_total", labels, stalledNanos / 1e9));
    }
}
