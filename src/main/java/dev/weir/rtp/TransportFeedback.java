package dev.weir.rtp;

import io.netty.buffer.ByteBuf;

/**
 * Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1). An
 * instance writes, with scratch space of its own; parsing needs none.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |  feedback header of RTCP: type 205, format 15, two SSRCs      |
 * |        base sequence          |       packet status count     |
 * |       reference time, 64 ms units, signed     | feedback count|
 * |      status chunk             |      status chunk ...         |
 * |      deltas of the received, 250 us units, 1 or 2 bytes ...   |
 * </pre>
 *
 * <p>A chunk is either a run (0, 2-bit status, 13-bit length) or a vector (1, then 0 and 14 one-bit statuses, or 1 and
 * 7 two-bit ones).
 */
public final class TransportFeedback {
    /** In the array of arrivals: this packet did not come. */
    public static final long NOT_RECEIVED = Long.MIN_VALUE;

    /** The most packets that one message is made to tell of, which bounds its size: 2.3 kB at the worst. */
    public static final int MAX_PACKETS = 1_024;

    private static final int BASE_SEQUENCE = 12;
    private static final int PACKET_COUNT = 14;
    private static final int REFERENCE_TIME = 16;
    private static final int FEEDBACK_COUNT = 19;
    private static final int CHUNKS = 20;

    private static final int TICK_MICROS = 250;
    private static final int TICKS_PER_REFERENCE = 256;

    private static final int ABSENT = 0;
    private static final int SMALL = 1;
    private static final int LARGE = 2;

    private static final int VECTOR_BIT = 0x8000;
    private static final int TWO_BIT_VECTOR_BIT = 0x4000;
    private static final int MAX_RUN = 0x1FFF;
    private static final int ONE_BIT_STATUSES = 14;
    private static final int TWO_BIT_STATUSES = 7;

    private final byte[] statuses = new byte[MAX_PACKETS];

    /**
     * Appends a feedback packet for the numbers from {@code baseSequence} on. The first of the {@code count} arrivals
     * belongs to the base; they are in microseconds of the receiver's clock, or {@link #NOT_RECEIVED}, and lose what is
     * below 250 us.
     *
     * @return how many of them it tells of: fewer than {@code count} above {@link #MAX_PACKETS}, or where two arrivals
     *     lie further apart than a delta can say (8.19 s); the rest belongs into a next packet. Writes nothing for a
     *     count of 0.
     */
    public int write(
            ByteBuf out,
            int senderSsrc,
            int mediaSsrc,
            int feedbackCount,
            int baseSequence,
            long[] arrivalMicros,
            int count) {
        long reference = referenceTime(arrivalMicros, count);
        int told = classify(arrivalMicros, Math.min(count, MAX_PACKETS), reference * TICKS_PER_REFERENCE);
        if (told == 0) {
            return 0;
        }
        int start = RtcpWriter.feedback(
                out, Rtcp.FORMAT_TRANSPORT_CC, Rtcp.TRANSPORT_SPECIFIC_FEEDBACK, senderSsrc, mediaSsrc);
        out.writeShort(baseSequence);
        out.writeShort(told);
        out.writeMedium((int) reference);
        out.writeByte(feedbackCount);
        writeChunks(out, told);
        writeDeltas(out, arrivalMicros, told, reference * TICKS_PER_REFERENCE);
        int over = out.writerIndex() - start & 3;
        RtpWriter.pad(out, start, over == 0 ? 0 : 4 - over);
        RtcpWriter.end(out, start);
        return told;
    }

    private static long ticks(long micros) {
        return Math.floorDiv(micros, TICK_MICROS);
    }

    private static long referenceTime(long[] arrivalMicros, int count) {
        for (int i = 0; i < count; i++) {
            if (arrivalMicros[i] != NOT_RECEIVED) {
                return Math.floorDiv(ticks(arrivalMicros[i]), TICKS_PER_REFERENCE);
            }
        }
        return 0;
    }

    /** Gives each arrival its status; stops at the first whose delta does not fit. */
    private int classify(long[] arrivalMicros, int count, long referenceTicks) {
        long previous = referenceTicks;
        for (int i = 0; i < count; i++) {
            if (arrivalMicros[i] == NOT_RECEIVED) {
                statuses[i] = ABSENT;
                continue;
            }
            long delta = ticks(arrivalMicros[i]) - previous;
            if (delta != (short) delta) {
                return i;
            }
            statuses[i] = (byte) (delta >= 0 && delta <= 0xFF ? SMALL : LARGE);
            previous += delta;
        }
        return count;
    }

    /** Takes for each chunk the form that tells of the most packets. */
    private void writeChunks(ByteBuf out, int count) {
        int at = 0;
        while (at < count) {
            int run = run(at, count);
            int oneBit = oneBitReach(at, count);
            int twoBit = Math.min(TWO_BIT_STATUSES, count - at);
            if (run >= Math.max(oneBit, twoBit)) {
                out.writeShort(statuses[at] << 13 | run);
                at += run;
            } else if (oneBit >= twoBit) {
                out.writeShort(VECTOR_BIT | vector(at, oneBit, ONE_BIT_STATUSES, 1));
                at += oneBit;
            } else {
                out.writeShort(VECTOR_BIT | TWO_BIT_VECTOR_BIT | vector(at, twoBit, TWO_BIT_STATUSES, 2));
                at += twoBit;
            }
        }
    }

    private int run(int from, int count) {
        int end = Math.min(count, from + MAX_RUN);
        int at = from + 1;
        while (at < end && statuses[at] == statuses[from]) {
            at++;
        }
        return at - from;
    }

    /** How many packets a one-bit vector would tell of, or 0 if a large delta stands among its fourteen. */
    private int oneBitReach(int from, int count) {
        int end = Math.min(count, from + ONE_BIT_STATUSES);
        for (int at = from; at < end; at++) {
            if (statuses[at] == LARGE) {
                return 0;
            }
        }
        return end - from;
    }

    private int vector(int from, int length, int slots, int bits) {
        int vector = 0;
        for (int i = 0; i < length; i++) {
            vector |= statuses[from + i] << (slots - 1 - i) * bits;
        }
        return vector;
    }

    private void writeDeltas(ByteBuf out, long[] arrivalMicros, int count, long referenceTicks) {
        long previous = referenceTicks;
        for (int i = 0; i < count; i++) {
            if (statuses[i] == ABSENT) {
                continue;
            }
            long now = ticks(arrivalMicros[i]);
            if (statuses[i] == SMALL) {
                out.writeByte((int) (now - previous));
            } else {
                out.writeShort((int) (now - previous));
            }
            previous = now;
        }
    }

    /**
     * Reads a feedback packet that {@link RtcpVisitor#transportFeedback} was told of. False means malformed, and then
     * the visitor was told nothing. Bytes behind the last delta are not looked at.
     */
    public static boolean parse(ByteBuf packet, int offset, int bytes, TransportFeedbackVisitor visitor) {
        if (bytes < CHUNKS) {
            return false;
        }
        int count = packet.getUnsignedShort(offset + PACKET_COUNT);
        int end = offset + bytes;
        int deltas = deltasOffset(packet, offset + CHUNKS, end, count);
        if (count == 0 || deltas < 0) {
            return false;
        }
        int base = packet.getUnsignedShort(offset + BASE_SEQUENCE);
        int reference = packet.getMedium(offset + REFERENCE_TIME);
        visitor.feedback(
                packet.getInt(offset + Rtcp.MEDIA_SSRC),
                packet.getUnsignedByte(offset + FEEDBACK_COUNT),
                base,
                count,
                reference);
        deliver(packet, offset + CHUNKS, deltas, base, count, reference, visitor);
        return true;
    }

    /** Where the deltas begin, or -1 if chunks or deltas run over the end or a status is the reserved one. */
    private static int deltasOffset(ByteBuf packet, int chunks, int end, int count) {
        int at = chunks;
        int deltaBytes = 0;
        int told = 0;
        while (told < count) {
            if (end - at < Short.BYTES) {
                return -1;
            }
            int chunk = packet.getUnsignedShort(at);
            at += Short.BYTES;
            int length = Math.min(length(chunk), count - told);
            if ((chunk & VECTOR_BIT) == 0) {
                // A run has one status; its length, up to 8,191, is not walked.
                int status = status(chunk, 0);
                if (status > LARGE) {
                    return -1;
                }
                deltaBytes += status * length;
            } else {
                for (int i = 0; i < length; i++) {
                    int status = status(chunk, i);
                    if (status > LARGE) {
                        return -1;
                    }
                    deltaBytes += status;
                }
            }
            told += length;
        }
        return deltaBytes <= end - at ? at : -1;
    }

    private static void deliver(
            ByteBuf packet,
            int chunks,
            int deltas,
            int base,
            int count,
            int reference,
            TransportFeedbackVisitor visitor) {
        int chunkAt = chunks;
        int deltaAt = deltas;
        long ticks = (long) reference * TICKS_PER_REFERENCE;
        int told = 0;
        while (told < count) {
            int chunk = packet.getUnsignedShort(chunkAt);
            chunkAt += Short.BYTES;
            int length = Math.min(length(chunk), count - told);
            for (int i = 0; i < length; i++) {
                int status = status(chunk, i);
                if (status != ABSENT) {
                    ticks += status == SMALL ? packet.getUnsignedByte(deltaAt) : packet.getShort(deltaAt);
                    deltaAt += status;
                }
                boolean received = status != ABSENT;
                visitor.packet(base + told + i & 0xFFFF, received, received ? ticks * TICK_MICROS : 0);
            }
            told += length;
        }
    }

    private static int length(int chunk) {
        if ((chunk & VECTOR_BIT) == 0) {
            return chunk & MAX_RUN;
        }
        return (chunk & TWO_BIT_VECTOR_BIT) == 0 ? ONE_BIT_STATUSES : TWO_BIT_STATUSES;
    }

    /** The status of a chunk's i-th packet; the number of bytes of its delta is the same number. */
    private static int status(int chunk, int i) {
        if ((chunk & VECTOR_BIT) == 0) {
            return chunk >>> 13 & 3;
        }
        return (chunk & TWO_BIT_VECTOR_BIT) == 0
                ? chunk >>> ONE_BIT_STATUSES - 1 - i & 1
                : chunk >>> (TWO_BIT_STATUSES - 1 - i) * 2 & 3;
    }
}
