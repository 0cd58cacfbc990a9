package dev.weir.dtls;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * All that a connection's event loop and its handshake thread share: two bounded queues and a flag. The loop fills the
 * inbox and empties the outbox, the thread does the reverse, and neither ever waits for the other's queue to have room.
 */
final class Exchange {
    /** Datagrams that may wait for the handshake thread; a ClientHello and a whole flight are less than ten. */
    static final int INBOX_LIMIT = 64;

    /** Datagrams that may wait for the event loop, which takes them at its next turn. */
    static final int OUTBOX_LIMIT = 64;

    /** What may wait besides datagrams: connected, and failed or closed. */
    private static final int OTHER_EVENTS = 2;

    private static final byte[] CLOSE = {};

    private final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(INBOX_LIMIT);
    private final BlockingQueue<Event> outbox = new ArrayBlockingQueue<>(OUTBOX_LIMIT + OTHER_EVENTS);
    private final Runnable wake;
    private volatile boolean closing;
    /** The handshake thread's own. */
    private boolean held;
    /** Written by the handshake thread only. */
    private volatile long outboxOverflows;

    Exchange(Runnable wake) {
        this.wake = wake;
    }

    /** What the handshake thread has to tell. */
    sealed interface Event {
        record Send(byte[] datagram) implements Event {}

        /** Not a record: its text must not show the keys. */
        final class Connected implements Event {
            final int srtpProfile;
            final byte[] keyingMaterial;

            Connected(int srtpProfile, byte[] keyingMaterial) {
                this.srtpProfile = srtpProfile;
                this.keyingMaterial = keyingMaterial;
            }
        }

        record Failed(String reason) implements Event {}

        record Closed() implements Event {}
    }

    /** Loop side: false when the inbox is full, and the datagram dropped. */
    boolean deliver(byte[] datagram) {
        return inbox.offer(datagram);
    }

    /** Loop side: ends the handshake thread's waiting, now or as soon as it starts to. */
    void close() {
        closing = true;
        inbox.clear();
        // The loop is the only one to add, so there is room.
        inbox.add(CLOSE);
    }

    /** Loop side: the next event, or null. */
    Event poll() {
        return outbox.poll();
    }

    /** Loop side: datagrams dropped because the outbox was full. */
    long outboxOverflows() {
        return outboxOverflows;
    }

    /** Thread side: whether the loop wants an end of it. */
    boolean closing() {
        return closing;
    }

    /** Thread side: datagrams, and an empty array when the loop wants an end of it. */
    BlockingQueue<byte[]> inbox() {
        return inbox;
    }

    /** Thread side: the loop is not woken for what is posted until {@link #release}, so that one turn takes it all. */
    void hold() {
        held = true;
    }

    /** Thread side. */
    void release() {
        held = false;
        wake.run();
    }

    /** Thread side. A datagram too many is dropped, as a network would. */
    void post(Event event) {
        if (event instanceof Event.Send && outbox.size() >= OUTBOX_LIMIT) {
            outboxOverflows++;
        } else {
            outbox.add(event);
        }
        if (!held) wake.run();
    }
}
