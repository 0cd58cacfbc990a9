package dev.weir.media;

import dev.weir.rtp.SequenceUnwrapper;
import dev.weir.rtp.TimestampUnwrapper;
import java.util.Arrays;

/**
 * One SSRC coming in: its numbers unwrapped, what is missing, the figures of receiver reports (RFC 3550 section 6.4.1,
 * appendix A), and its line to server time.
 */
public final class ReceiveStream {
    /** The answer for a packet that came before, or too late to tell. */
    public static final long NONE = -1;

    /** The most that {@link #collectNacks} writes. */
    public static final int MAX_NACKS = MissingPackets.MAX;

    private static final int WINDOW = 2048;
    private static final int MASK = WINDOW - 1;

    private final int ssrc;
    private final int clockRate;
    private final boolean nacks;
    private final SourceLine line;
    private final SequenceUnwrapper sequences = new SequenceUnwrapper();
    private final TimestampUnwrapper timestamps = new TimestampUnwrapper();
    private final MissingPackets missing = new MissingPackets();
    private final long[] seen = new long[WINDOW / Long.SIZE];

    private long first = NONE;
    private long highest = NONE;
    private long highestTimestamp;
    private long lastTimestamp;
    private long lastArrival;
    private long packets;
    private long recoveredPackets;
    private long bytes;
    private long expectedAtReport;
    private long packetsAtReport;
    private double jitter;
    private long lastTransit;
    private long lastReportNtp;
    private long lastReportArrival;
    private boolean beyondRepair;

    /**
     * @param nacks whether lost packets are asked for again
     * @param clock the publisher's, shared by all his streams
     */
    public ReceiveStream(int ssrc, int clockRate, boolean nacks, PublisherClock clock) {
        this.ssrc = ssrc;
        this.clockRate = clockRate;
        this.nacks = nacks;
        this.line = new SourceLine(clock, clockRate);
    }

    public int ssrc() {
        return ssrc;
    }

    /**
     * Takes in an authenticated packet.
     *
     * @param sequence 16 bits
     * @param timestamp 32 bits
     * @param recovered true for one that came by retransmission, which says nothing of the path
     * @return the unwrapped number, or {@link #NONE} for a duplicate or one too old
     */
    public long onPacket(long now, int sequence, long timestamp, int packetBytes, boolean recovered) {
        long number = sequences.unwrap(sequence);
        if (first == NONE) {
            first = number;
            highest = number - 1;
        }
        if (number > highest) {
            advance(now, number);
        } else if (number < first || highest - number >= WINDOW || isSeen(number)) {
            return NONE;
        } else {
            missing.remove(number);
        }
        markSeen(number);
        packets++;
        bytes += packetBytes;
        lastTimestamp = timestamps.unwrap(timestamp);
        highestTimestamp = Math.max(highestTimestamp, lastTimestamp);
        lastArrival = now;
        if (recovered) {
            recoveredPackets++;
        } else {
            line.onPacket(now, lastTimestamp);
            measureJitter(now);
        }
        return number;
    }

    /** The unwrapped timestamp of the packet taken in last. */
    public long lastTimestamp() {
        return lastTimestamp;
    }

    /** When a packet last came. */
    long lastArrival() {
        return lastArrival;
    }

    public boolean started() {
        return first != NONE;
    }

    long serverNanos(long timestamp) {
        return line.serverNanos(timestamp);
    }

    /**
     * A sender report of this SSRC.
     *
     * @param ntp its 64-bit NTP time
     * @param ntpNanos the same in nanoseconds, on the publisher's clock
     * @param timestamp 32 bits
     */
    public void onSenderReport(long now, long ntp, long ntpNanos, long timestamp) {
        lastReportNtp = ntp >>> 16 & 0xffff_ffffL;
        lastReportArrival = now;
        if (started()) {
            // Near the stream's own timestamps, without moving their unwrapper: a report may be ahead of the media.
            long near = highestTimestamp + (int) (timestamp - highestTimestamp);
            line.onSenderReport(ntpNanos, near);
        }
    }

    public long packets() {
        return packets;
    }

    public long bytes() {
        return bytes;
    }

    public long jitterUnits() {
        return (long) jitter;
    }

    public double jitterSeconds() {
        return jitter / clockRate;
    }

    /** Unwrapped, so also the extended highest sequence number of a report block. */
    public long highestSequence() {
        return highest;
    }

    /** 24 bits signed, as in a report block: on this SSRC, whatever came by retransmission (RFC 4588 section 6.2). */
    public int cumulativeLost() {
        long lost = expected() - direct();
        return (int) Math.max(-0x80_0000, Math.min(0x7f_ffff, lost));
    }

    /** Packets expected and not there, since the start, retransmission or not. */
    public long lost() {
        return Math.max(0, expected() - packets);
    }

    /** The fraction lost since the last call, in 1/256. */
    public int takeFractionLost() {
        long expected = expected() - expectedAtReport;
        long received = direct() - packetsAtReport;
        expectedAtReport += expected;
        packetsAtReport += received;
        long lost = expected - received;
        return expected == 0 || lost <= 0 ? 0 : (int) Math.min(255, (lost << 8) / expected);
    }

    /** The middle 32 bits of the last sender report's NTP time, 0 if there was none. */
    public long lastReportNtp() {
        return lastReportNtp;
    }

    /** In 1/65536 seconds. */
    public long delaySinceLastReport(long now) {
        return lastReportNtp == 0 ? 0 : TimeBase.toUnits(now - lastReportArrival, 65_536);
    }

    public long nextNack() {
        return missing.nextTimeout();
    }

    /** The numbers to ask for now, ascending, into an array of {@link #MAX_NACKS}. @return how many */
    public int collectNacks(long now, long rttNanos, long[] into) {
        return missing.collect(now, rttNanos, into);
    }

    /** Whether more was lost since the last call than retransmission can mend. */
    boolean takeBeyondRepair() {
        boolean taken = beyondRepair;
        beyondRepair = false;
        return taken;
    }

    /** Packets that came on this SSRC itself. */
    private long direct() {
        return packets - recoveredPackets;
    }

    private long expected() {
        return started() ? highest - first + 1 : 0;
    }

    private void advance(long now, long number) {
        if (number - highest >= WINDOW) {
            Arrays.fill(seen, 0);
        } else {
            for (long skipped = highest + 1; skipped <= number; skipped++) {
                seen[(int) (skipped & MASK) >> 6] &= ~(1L << skipped);
            }
        }
        if (nacks && number > highest + 1) {
            beyondRepair |= !missing.add(now, highest + 1, number);
        }
        highest = number;
    }

    private boolean isSeen(long number) {
        return (seen[(int) (number & MASK) >> 6] & 1L << number) != 0;
    }

    private void markSeen(long number) {
        seen[(int) (number & MASK) >> 6] |= 1L << number;
    }

    private void measureJitter(long now) {
        long transit = TimeBase.toUnits(now, clockRate) - lastTimestamp;
        if (packets > 1) {
            jitter += (Math.abs(transit - lastTransit) - jitter) / 16;
        }
        lastTransit = transit;
    }
}
