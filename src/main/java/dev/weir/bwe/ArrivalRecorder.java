package dev.weir.bwe;

import dev.weir.rtp.SequenceUnwrapper;
import dev.weir.rtp.TransportFeedback;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Remembers when the packets of one publisher came, by transport-wide number, and tells him with transport-wide
 * feedback. One per peer connection; belongs to its thread.
 *
 * <p>A message goes on where the last one ended, so that every number is told of once, the missing ones as lost. A
 * packet that then comes late moves the next message's start back to it, and all from there on is told again, as
 * libwebrtc does: its sender takes the better news. Numbers too far behind are given up.
 */
public final class ArrivalRecorder {
    /** The most packets in one message, which keeps it below an MTU: 800 bytes of deltas, 115 of chunks. */
    public static final int MAX_PACKETS_PER_FEEDBACK = 400;

    private static final long INTERVAL_NANOS = 100_000_000;
    private static final long BUSY_INTERVAL_NANOS = 50_000_000;
    private static final int BUSY_PACKETS = 100;

    /** Numbers remembered: 20,000 packets/s at the busy interval. A power of two. */
    private static final int CAPACITY = 1_024;

    /** How far behind the next message's start a late packet still moves it back. */
    private static final int MAX_LATE_PACKETS = 256;

    /** Told of as lost before the first arrival of a message; a longer gap is a sender's jump. */
    private static final int MAX_LEADING_LOSSES = 200;

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NONE = TransportFeedback.NOT_RECEIVED;

    private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
    private final TransportFeedback feedback = new TransportFeedback();
    private final long[] message = new long[MAX_PACKETS_PER_FEEDBACK];

    /**
     * By number modulo capacity, in microseconds; made with the first packet, since most participants publish nothing.
     */
    private long[] arrivals;

    private long highest;
    private long nextBase;
    private int waiting;
    private long waitingSince;
    private int feedbackCount;

    /** A packet with the transport-wide number {@code sequence} (0..65535) came. */
    public void record(int sequence, long now) {
        long number = unwrapper.unwrap(sequence);
        if (arrivals == null) {
            arrivals = new long[CAPACITY];
            Arrays.fill(arrivals, NONE);
            highest = number - 1;
            nextBase = number;
        }
        if (number > highest) {
            advance(number);
        } else if (number <= highest - CAPACITY
                || number < nextBase - MAX_LATE_PACKETS
                || arrivals[slot(number)] != NONE) {
            return;
        }
        arrivals[slot(number)] = now / NANOS_PER_MICRO;
        nextBase = Math.min(nextBase, number);
        if (waiting++ == 0) {
            waitingSince = now;
        }
    }

    private void advance(long number) {
        for (long skipped = Math.max(highest + 1, number - CAPACITY + 1); skipped <= number; skipped++) {
            arrivals[slot(skipped)] = NONE;
        }
        highest = number;
        nextBase = Math.max(nextBase, number - CAPACITY + 1);
    }

    private static int slot(long number) {
        return (int) number & CAPACITY - 1;
    }

    /** When the next feedback is due, or {@code Long.MAX_VALUE} if no packet waits to be told of. */
    public long nextTimeout() {
        if (waiting == 0) {
            return Long.MAX_VALUE;
        }
        return waitingSince + (waiting > BUSY_PACKETS ? BUSY_INTERVAL_NANOS : INTERVAL_NANOS);
    }

    /**
     * Appends one feedback packet, due or not, for what came since the last. False, with nothing written, if nothing
     * did. What one message cannot hold waits for another: call again while {@link #nextTimeout} is not after {@code
     * now}.
     */
    public boolean writeFeedback(long now, int senderSsrc, int mediaSsrc, ByteBuf out) {
        if (waiting == 0) {
            return false;
        }
        long first = firstArrival(nextBase);
        long base = Math.max(nextBase, first - MAX_LEADING_LOSSES);
        int count = (int) Math.min(MAX_PACKETS_PER_FEEDBACK, highest - base + 1);
        for (int i = 0; i < count; i++) {
            message[i] = arrivals[slot(base + i)];
        }
        nextBase = base + feedback.write(out, senderSsrc, mediaSsrc, feedbackCount, (int) base, message, count);
        feedbackCount = feedbackCount + 1 & 0xFF;
        countWaiting(now);
        return true;
    }

    private long firstArrival(long from) {
        long number = from;
        while (number < highest && arrivals[slot(number)] == NONE) {
            number++;
        }
        return number;
    }

    /** What the message could not hold has waited with the rest, and is due at once. */
    private void countWaiting(long now) {
        waiting = 0;
        for (long number = nextBase; number <= highest; number++) {
            waiting += arrivals[slot(number)] == NONE ? 0 : 1;
        }
        waitingSince = now - INTERVAL_NANOS;
    }
}
