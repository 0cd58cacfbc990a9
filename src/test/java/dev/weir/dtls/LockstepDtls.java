package dev.weir.dtls;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * DTLS in simulated time: gives connections threads that run one at a time and only within {@link #settle}, so that a
 * handshake goes the same way each time. A simulation delivers datagrams to its connections, calls {@code settle} with
 * its clock, and finds everything drained that came of them; {@link #nextTimeout} says when to call it without one.
 *
 * <p>Bouncy Castle looks at the wall clock before it repeats a flight, so a repetition costs a real millisecond. Those that it makes because real time passed, and not simulated time, are held back.
 */
public final class LockstepDtls {
    /** A flight is repeated after this much simulated time, as Chromium does; each time it doubles. */
    public static final long FIRST_RESEND_NANOS = 50_000_000L;

    private final List<Line> lines = new ArrayList<>();
    private long now;

    /**
     * For the constructor of one {@link DtlsConnection}.
     *
     * @param wake called within {@link #settle}, on its thread, when there is something to drain
     */
    public DtlsConnection.Threads threads(Runnable wake) {
        Line line = new Line(wake);
        lines.add(line);
        return line;
    }

    /** Lets every thread run until it waits for a datagram that is not there, or for a time that has not come. */
    public void settle(long now) {
        this.now = now;
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Line line : List.copyOf(lines)) moved |= line.step();
            for (Line line : List.copyOf(lines)) moved |= line.callWake();
        }
        lines.removeIf(line -> line.ended);
    }

    /** When to call {@link #settle} at the latest; {@link Long#MAX_VALUE}: no thread waits for a time. */
    public long nextTimeout() {
        long next = Long.MAX_VALUE;
        for (Line line : lines) next = Math.min(next, line.deadline());
        return next;
    }

    /** Threads that have begun and not ended. */
    public int liveThreads() {
        return (int) lines.stream()
                .filter(line -> line.thread != null && !line.ended)
                .count();
    }

    /** One connection's thread. The semaphores pass the turn to and fro, and with it the view of all fields. */
    private final class Line implements DtlsConnection.Threads, Waiting {
        private final Semaphore go = new Semaphore(0);
        private final Semaphore parked = new Semaphore(0);
        private final Runnable wake;
        private Thread thread;
        private BlockingQueue<byte[]> inbox;
        private long handshakeDeadline = Long.MAX_VALUE;
        private long resendNanos;
        private long resendAt = Long.MAX_VALUE;
        private boolean resendDue;
        private boolean woken;
        private boolean ended;

        Line(Runnable wake) {
            this.wake = wake;
        }

        @Override
        public void start(Runnable handshake) {
            thread = Thread.ofPlatform().daemon().name("lockstep-dtls").start(() -> {
                go.acquireUninterruptibly();
                try {
                    handshake.run();
                } finally {
                    ended = true;
                    parked.release();
                }
            });
        }

        @Override
        public Waiting waiting() {
            return this;
        }

        @Override
        public void wake() {
            woken = true;
        }

        boolean callWake() {
            if (!woken) return false;
            woken = false;
            wake.run();
            return true;
        }

        /** Gives the thread its turn if there is something for it to do. */
        boolean step() {
            if (thread == null || ended) return false;
            boolean fresh = inbox == null;
            if (!fresh && inbox.isEmpty() && now < deadline()) return false;
            go.release();
            parked.acquireUninterruptibly();
            return true;
        }

        long deadline() {
            // After the handshake nothing is repeated by time.
            if (ended || handshakeDeadline == Long.MAX_VALUE) return Long.MAX_VALUE;
            return Math.min(handshakeDeadline, resendAt);
        }

        @Override
        public long now() {
            return now;
        }

        /** Twice nothing is nothing: Bouncy Castle then waits for 1 ms each time, however often it has repeated. */
        @Override
        public int resendMillis() {
            return 0;
        }

        @Override
        public byte[] await(BlockingQueue<byte[]> inbox, int waitMillis, long deadline) {
            long wallEnd = System.currentTimeMillis() + waitMillis;
            this.inbox = inbox;
            handshakeDeadline = deadline;
            while (true) {
                byte[] datagram = inbox.poll();
                if (datagram != null) return datagram;
                if (now >= deadline()) break;
                parked.release();
                go.acquireUninterruptibly();
            }
            expire(wallEnd);
            return null;
        }

        private void expire(long wallEnd) {
            if (now >= resendAt) {
                resendDue = true;
                resendNanos *= 2;
                resendAt = now + resendNanos;
            }
            while (System.currentTimeMillis() < wallEnd) Thread.onSpinWait();
        }

        @Override
        public boolean admits(boolean repeated) {
            if (repeated) {
                boolean due = resendDue;
                resendDue = false;
                return due;
            }
            resendNanos = FIRST_RESEND_NANOS;
            resendAt = now + resendNanos;
            resendDue = false;
            return true;
        }
    }
}
