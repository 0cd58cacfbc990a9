package dev.weir.web;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * What is to be told to a webhook, and when. Each room is a line of its own: its next message goes out when the one
 * before has arrived or was given up, so that a receiver sees them in order, and a room whose message is refused holds
 * back no other. Owned by one loop; it is handed time and randomness.
 */
final class WebhookQueue {
    /** Rooms that are on their way at a time: enough for a receiver that is far away, few enough for one that is small. */
    static final int MOST_UNDER_WAY = 8;

    static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
    static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;

    /** @param since when it came in */
    record Entry(WebhookMessage message, long since) {}

    private static final class Line {
        final String room;
        final Queue<Entry> entries = new ArrayDeque<>();
        int failures;
        long dueAt;
        long turn;

        Line(String room) {
            this.room = room;
        }
    }

    /** @param entries that wait at most; what comes beyond that is refused; @param giveUpNanos how long one is retried */
    record Limits(int entries, long giveUpNanos) {}

    private final Limits limits;
    private final RandomGenerator random;
    private final Map<String, Line> lines = new HashMap<>();
    /** Those that are not under way, the one that is due first in front. */
    private final PriorityQueue<Line> ready = new PriorityQueue<>(
            Comparator.<Line>comparingLong(line -> line.dueAt).thenComparingLong(line -> line.turn));

    private int size;
    private int underWay;
    private long turns;

    WebhookQueue(Limits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    int size() {
        return size;
    }

    /** False: the queue is full, and the message was not taken. */
    boolean add(long now, WebhookMessage message) {
        if (size >= limits.entries()) {
            return false;
        }
        size++;
        Line line = lines.get(message.room());
        if (line == null) {
            line = new Line(message.room());
            lines.put(message.room(), line);
            line.entries.add(new Entry(message, now));
            await(line, now);
        } else {
            line.entries.add(new Entry(message, now));
        }
        return true;
    }

    /** The next to send; {@link #delivered} or {@link #failed} has to follow. */
    Optional<Entry> next(long now) {
        if (underWay >= MOST_UNDER_WAY || ready.isEmpty() || ready.peek().dueAt > now) {
            return Optional.empty();
        }
        underWay++;
        return Optional.of(ready.poll().entries.element());
    }

    void delivered(long now, Entry entry) {
        Line line = lines.get(entry.message().room());
        line.failures = 0;
        finish(line);
        goOn(line, now);
    }

    /** False: it was given up. What stands behind it waits as long all the same, since it goes to the same receiver. */
    boolean failed(long now, Entry entry) {
        Line line = lines.get(entry.message().room());
        boolean retried = now - entry.since() < limits.giveUpNanos();
        if (retried) {
            underWay--;
        } else {
            finish(line);
        }
        goOn(line, now + pause(line.failures++));
        return retried;
    }

    long nextTimeout() {
        return underWay >= MOST_UNDER_WAY || ready.isEmpty() ? Long.MAX_VALUE : ready.peek().dueAt;
    }

    private void finish(Line line) {
        underWay--;
        size--;
        line.entries.remove();
    }

    private void goOn(Line line, long at) {
        if (line.entries.isEmpty()) {
            lines.remove(line.room);
        } else {
            await(line, at);
        }
    }

    private void await(Line line, long at) {
        line.dueAt = at;
        line.turn = turns++;
        ready.add(line);
    }

    /** Twice as long each time, and by chance, so that all rooms do not come back in one instant. */
    private long pause(int failures) {
        long longest = Math.min(FIRST_PAUSE_NANOS << Math.min(failures, 6), LONGEST_PAUSE_NANOS);
        return longest / 2 + random.nextLong(longest / 2 + 1);
    }
}
