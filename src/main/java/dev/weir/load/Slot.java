package dev.weir.load;

import dev.weir.media.PublisherClock;
import dev.weir.media.ReceiveStream;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtcpWriter;
import io.netty.buffer.ByteBuf;

/** One stream that a client gets: what is missing of it, and what the reports say. */
final class Slot {
    private static final int VIDEO_CLOCK = 90_000;
    private static final int AUDIO_CLOCK = 48_000;

    /** A decoder that stands still asks again, but not with each packet. */
    private static final long PLI_INTERVAL_NANOS = 500_000_000;

    /** So old, what is missing will not come any more, and the picture needs a keyframe. */
    private static final long GIVEN_UP_NANOS = 1_000_000_000;

    private final int ssrc;
    private final MediaKind kind;
    private final ReceiveStream stream;
    private final SlotWindow window = new SlotWindow();
    private long lastPli = Long.MIN_VALUE;
    private long lostBefore;
    private long lookedAt;

    Slot(int ssrc, MediaKind kind) {
        this.ssrc = ssrc;
        this.kind = kind;
        int clock = kind == MediaKind.VIDEO ? VIDEO_CLOCK : AUDIO_CLOCK;
        stream = new ReceiveStream(ssrc, clock, kind == MediaKind.VIDEO, new PublisherClock());
    }

    MediaKind kind() {
        return kind;
    }

    SlotWindow window() {
        return window;
    }

    /** @return false: it was there before */
    boolean onPacket(long now, int sequence, long timestamp, int bytes, boolean retransmitted) {
        long number = stream.onPacket(now, sequence, timestamp, bytes, retransmitted);
        if (number == ReceiveStream.NONE) {
            return false;
        }
        window.onPacket(number);
        return true;
    }

    void onSenderReport(long now, long ntp, long timestamp) {
        stream.onSenderReport(now, ntp, NtpTime.toNanos(ntp), timestamp);
    }

    /** @param scratch of {@link ReceiveStream#MAX_NACKS} @return how many packets were asked for */
    int writeNacks(long now, long rttNanos, int ownSsrc, long[] scratch, ByteBuf out) {
        if (stream.nextNack() > now) {
            return 0;
        }
        int due = stream.collectNacks(now, rttNanos, scratch);
        RtcpWriter.nack(out, ownSsrc, ssrc, scratch, due);
        return due;
    }

    /** Asks for a keyframe when packets have been missing for so long that nothing will bring them. */
    boolean writePli(long now, int ownSsrc, ByteBuf out) {
        if (kind == MediaKind.AUDIO || now - lookedAt < GIVEN_UP_NANOS) {
            return false;
        }
        lookedAt = now;
        boolean worse = stream.lost() > lostBefore && stream.nextNack() == Long.MAX_VALUE;
        lostBefore = stream.lost();
        if (!worse || now - lastPli < PLI_INTERVAL_NANOS) {
            return false;
        }
        lastPli = now;
        RtcpWriter.pli(out, ownSsrc, ssrc);
        return true;
    }

    void writeReportBlock(long now, int report, ByteBuf out) {
        if (stream.started()) {
            RtcpWriter.reportBlock(
                    out,
                    report,
                    ssrc,
                    stream.takeFractionLost(),
                    stream.cumulativeLost(),
                    stream.highestSequence(),
                    stream.jitterUnits(),
                    stream.lastReportNtp(),
                    stream.delaySinceLastReport(now));
        }
    }
}
