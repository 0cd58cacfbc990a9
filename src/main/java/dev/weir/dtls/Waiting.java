package dev.weir.dtls;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * How a handshake thread waits for the next datagram: by the wall clock in production, hand in hand with a simulated
 * clock in tests. One per connection, called on its handshake thread only.
 *
 * <p>Bouncy Castle reads the wall clock by itself. It repeats a flight when {@link #await} has returned null and
 * {@link #resendMillis} have passed by that clock; a simulation therefore makes the latter short, decides by its own
 * clock when to return null, and withholds by {@link #admits} what was repeated without its doing.
 */
public interface Waiting {
    /** Nanoseconds of this strategy's clock; never backwards. */
    long now();

    /** The wait before a flight is repeated for the first time, in milliseconds of the wall clock; it doubles then. */
    int resendMillis();

    /**
     * Takes the next datagram.
     *
     * @param inbox where the event loop puts them
     * @param waitMillis how long to wait at most, by the wall clock; 0: for ever
     * @param deadline {@link #now} at which to give up in any case; {@link Long#MAX_VALUE}: never
     * @return the datagram, or null when time was up
     */
    byte[] await(BlockingQueue<byte[]> inbox, int waitMillis, long deadline) throws InterruptedException;

    /** Whether a flight may be sent; asked once for each. {@code repeated}: it was sent before. */
    boolean admits(boolean repeated);

    /** The strategy of production: the wall clock. */
    static Waiting wallClock() {
        return new WallClock();
    }

    /** Waits as long as it is told to. */
    final class WallClock implements Waiting {
        /** Longer than most round trips; a browser repeats its own flight after 50 ms (Chromium) to 1 s. */
        private static final int RESEND_MILLIS = 200;

        private WallClock() {}

        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public int resendMillis() {
            return RESEND_MILLIS;
        }

        @Override
        public byte[] await(BlockingQueue<byte[]> inbox, int waitMillis, long deadline) throws InterruptedException {
            if (deadline == Long.MAX_VALUE && waitMillis == 0) return inbox.take();
            long waitNanos = waitMillis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(waitMillis);
            if (deadline != Long.MAX_VALUE) waitNanos = Math.min(waitNanos, deadline - now());
            return inbox.poll(waitNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean admits(boolean repeated) {
            return true;
        }
    }
}
