package dev.weir.web;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * One socket's requests: each begins when the one before is answered, so that they take effect in the order in which
 * they were sent, whatever each of them waits for.
 */
final class RequestQueue {
    private final int maxRequests;
    private final int maxBytes;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean busy;

    private record Waiting(Supplier<Future<?>> request, int bytes) {}

    RequestQueue(int maxRequests, int maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** False when too much waits already. */
    boolean offer(Supplier<Future<?>> request, int bytes) {
        if (waiting.size() >= maxRequests || waitingBytes + bytes > maxBytes) {
            return false;
        }
        waiting.add(new Waiting(request, bytes));
        waitingBytes += bytes;
        next();
        return true;
    }

    private void next() {
        while (!busy && !waiting.isEmpty()) {
            Waiting first = waiting.remove();
            waitingBytes -= first.bytes();
            busy = true;
            first.request().get().onComplete(_ -> {
                busy = false;
                next();
            });
        }
    }

    /** Forgets what waits. */
    void clear() {
        waiting.clear();
        waitingBytes = 0;
    }
}
