package dev.weir.shard;

import dev.weir.dtls.Waiting;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Where the handshakes of all shards queue: only so many compute at once, the others in the order in which they came.
 * One that waits for its peer has given its turn back, so a slow peer holds nobody up. Any thread.
 *
 * <p>Each has a virtual thread. Java says how many carriers there are, by a property that counts for the whole process
 * and is read when the first virtual thread starts, but not on which cores they run; so there are as many carriers as
 * turns, and a join storm leaves the other cores to the media loops.
 */
public final class HandshakeTurns {
    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    /** One core in so many, but one at least: at 0.2 to 0.5 ms each, that is thousands of joins a second. */
    private static final int CORES_PER_TURN = 4;

    private static final int MANY = 64;

    private final Semaphore turns;

    /** @param atOnce how many compute at once, from 1 on */
    public HandshakeTurns(int atOnce) {
        turns = new Semaphore(atOnce, true);
    }

    /** With as many turns as suit this machine, and as many carriers unless the command line says otherwise. */
    public static HandshakeTurns ofMachine() {
        int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_TURN);
        if (System.getProperty(CARRIERS) == null) {
            System.setProperty(CARRIERS, Integer.toString(atOnce));
        }
        return new HandshakeTurns(atOnce);
    }

    /** Whether so many wait that whoever comes now only adds to it: at half a millisecond each, 32 ms behind. */
    boolean isBehind() {
        return queued() > MANY;
    }

    /** How many wait for their turn. */
    public int queued() {
        return turns.getQueueLength();
    }

    /** Runs this on a thread of its own, from its first turn on. */
    void start(Runnable handshake) {
        Thread.ofVirtual().name("weir-dtls").start(() -> {
            turns.acquireUninterruptibly();
            try {
                handshake.run();
            } finally {
                turns.release();
            }
        });
    }

    /** For a handshake that was started here: it waits by the wall clock, and without a turn. */
    Waiting waiting() {
        return new WithoutTurn(Waiting.wallClock());
    }

    private final class WithoutTurn implements Waiting {
        private final Waiting clock;

        WithoutTurn(Waiting clock) {
            this.clock = clock;
        }

        @Override
        public long now() {
            return clock.now();
        }

        @Override
        public int resendMillis() {
            return clock.resendMillis();
        }

        @Override
        public byte[] await(BlockingQueue<byte[]> inbox, int waitMillis, long deadline) throws InterruptedException {
            byte[] ready = inbox.poll();
            if (ready != null) {
                return ready;
            }
            turns.release();
            try {
                return clock.await(inbox, waitMillis, deadline);
            } finally {
                turns.acquireUninterruptibly();
            }
        }

        @Override
        public boolean admits(boolean repeated) {
            return clock.admits(repeated);
        }
    }
}
