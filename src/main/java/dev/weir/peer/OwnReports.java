package dev.weir.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/** What we owe the other side in RTCP: reports once a second, NACKs and feedback when they are due. */
final class OwnReports {
    /** What a compound of reports may need; one that is longer is cut into several. */
    static final int RTCP_BYTES = 1_200;

    /** How often sender and receiver reports leave (RFC 3550 section 6.2 allows far less than 5 % here). */
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final Ingress ingress;
    private final Egress egress;
    private final ByteBufAllocator buffers;
    private final int ownSsrc;
    private final Consumer<ByteBuf> send;
    private long next = Long.MAX_VALUE;

    /** @param send takes each compound, and its buffer; it may be empty */
    OwnReports(Ingress ingress, Egress egress, ByteBufAllocator buffers, int ownSsrc, Consumer<ByteBuf> send) {
        this.ingress = ingress;
        this.egress = egress;
        this.buffers = buffers;
        this.ownSsrc = ownSsrc;
        this.send = send;
    }

    /** The keys are there. */
    void begin(long now) {
        next = now + INTERVAL_NANOS;
    }

    /** When the next reports are due; of NACKs and feedback {@link Ingress} tells. */
    long nextTimeout() {
        return next;
    }

    void onTimeout(long now) {
        if (now >= ingress.nextFeedback()) {
            ByteBuf feedback = buffers.directBuffer(RTCP_BYTES);
            ingress.writeNacks(now, egress.rttNanos(), ownSsrc, feedback);
            ingress.writeFeedback(now, ownSsrc, feedback);
            send.accept(feedback);
        }
        if (now >= next) {
            next = now + INTERVAL_NANOS;
            egress.writeReports(now, RTCP_BYTES, send);
            ByteBuf received = buffers.directBuffer(RTCP_BYTES);
            ingress.writeReport(now, ownSsrc, received);
            send.accept(received);
        }
    }
}
