package dev.weir.branch;

import dev.weir.signal.Event;
import dev.weir.signal.ToSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The numbered events of one session, the last 30 s of them kept for a socket that comes back. */
final class EventLog {
    static final long KEEP_NANOS = 30_000_000_000L;

    /** Beyond this a socket that comes back gets a snapshot instead. */
    static final int MAX_EVENTS = 1_000;

    private record Entry(long time, ToSocket.Deliver message) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long seq;

    ToSocket.Deliver add(long now, Event event) {
        ToSocket.Deliver message = new ToSocket.Deliver(++seq, event);
        entries.addLast(new Entry(now, message));
        while (entries.size() > MAX_EVENTS || now - entries.getFirst().time() > KEEP_NANOS) {
            entries.removeFirst();
        }
        return message;
    }

    /** The number of an event that is not kept, nor is anything before it: who missed it has to begin with a snapshot. */
    long startOver() {
        entries.clear();
        return ++seq;
    }

    /** The number of the last event. */
    long seq() {
        return seq;
    }

    /** Whether everything after this number is still here. */
    boolean reachesBackTo(long seen) {
        return seen >= 0 && seen <= seq && seq - seen <= entries.size();
    }

    List<ToSocket.Deliver> after(long seen) {
        return entries.stream()
                .map(Entry::message)
                .filter(message -> message.seq() > seen)
                .toList();
    }
}
