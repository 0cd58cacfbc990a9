package dev.weir.load;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;

/** A worse network than there is: drops a share of one direction's datagrams, and holds the others back, in order. */
final class Impairment {
    private static final long NANOS_PER_MS = 1_000_000;

    private final double loss;
    private final long delayNanos;
    private final long jitterNanos;
    private final RandomGenerator random;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long lastRelease;

    private record Held(long at, ByteBuf datagram) {}

    Impairment(double loss, int delayMs, int jitterMs, RandomGenerator random) {
        this.loss = loss;
        this.delayNanos = delayMs * NANOS_PER_MS;
        this.jitterNanos = jitterMs * NANOS_PER_MS;
        this.random = random;
    }

    boolean loses() {
        return loss > 0 && random.nextDouble() < loss;
    }

    boolean holdsBack() {
        return delayNanos > 0 || jitterNanos > 0;
    }

    /** Takes the buffer. None overtakes another. */
    void hold(long now, ByteBuf datagram) {
        long jitter = jitterNanos == 0 ? 0 : random.nextLong(jitterNanos + 1);
        lastRelease = Math.max(lastRelease, now + delayNanos + jitter);
        held.add(new Held(lastRelease, datagram));
    }

    long nextTimeout() {
        Held first = held.peek();
        return first == null ? Long.MAX_VALUE : first.at();
    }

    /** The next datagram whose time has come, to be released by the caller; null: none. */
    ByteBuf release(long now) {
        return nextTimeout() <= now ? held.remove().datagram() : null;
    }

    void clear() {
        held.forEach(it -> it.datagram().release());
        held.clear();
    }
}
