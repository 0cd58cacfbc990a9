package dev.weir.sim;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What one thread allocates on the server's side of a simulation, which simulates in the same thread. */
final class Garbage {
    /** In what. */
    enum Work {
        MEDIA,
        CONTROL,
        END_OF_TURN,
        DEADLINES
    }

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] bytes = new long[Work.values().length];
    private final long[] times = new long[Work.values().length];
    private Work work;
    private long since;

    /** The server is called. */
    void enter(Work next) {
        work = next;
        times[next.ordinal()]++;
        since = THREADS.getCurrentThreadAllocatedBytes();
    }

    void leave() {
        bytes[work.ordinal()] += THREADS.getCurrentThreadAllocatedBytes() - since;
        work = null;
    }

    /** The server calls out, to a network that is simulated. */
    void pause() {
        if (work != null) {
            bytes[work.ordinal()] += THREADS.getCurrentThreadAllocatedBytes() - since;
        }
    }

    void resume() {
        if (work != null) {
            since = THREADS.getCurrentThreadAllocatedBytes();
        }
    }

    /** Counts from here on. */
    void clear() {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = 0;
            times[i] = 0;
        }
    }

    /** Per call, on average. */
    double bytes(Work of) {
        return (double) bytes[of.ordinal()] / Math.max(1, times[of.ordinal()]);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Work each : Work.values()) {
            text.append(each).append(": ").append(times[each.ordinal()]).append(" times, ");
            text.append(bytes[each.ordinal()]).append(" bytes; ");
        }
        return text.toString();
    }
}
