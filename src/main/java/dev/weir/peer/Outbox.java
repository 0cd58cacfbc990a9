package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.bwe.Pacer;
import dev.weir.media.OutgoingRtp;
import dev.weir.rtp.ExtensionIds;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;

/**
 * Decides what may leave for one viewer now: voices at once, pictures at the pace that his path carries, what is sent
 * again before what is new, and a probe's padding when nothing else waits. Where nothing waits and the pace allows it, a
 * packet leaves as it comes and is never queued.
 */
final class Outbox {
    /**
     * Pictures that may wait: the pacer empties any queue within about a second, so this is some 10 Mbps more than the
     * path was thought to carry. What comes when it is full is dropped, and asked for again if it still matters.
     */
    static final int MAX_PICTURES = 1_024;

    /** Retransmissions that may wait. */
    static final int MAX_REPAIRS = 128;

    /** RFC 3550 section 5.1. */
    private static final int SSRC_OFFSET = 8;

    /** The pace is looked at this often while something waits: the estimate may have risen. */
    private static final long LOOK_NANOS = 10_000_000;

    private final BandwidthEstimator estimator;
    private final Pacer pacer;
    private final Departure departure;
    private final WaitingPackets repairs = new WaitingPackets(MAX_REPAIRS);
    private final WaitingPackets pictures = new WaitingPackets(MAX_PICTURES);
    private long nextDrain = Long.MAX_VALUE;

    /** Packets that had to wait, ever, and how long those waited that have left. */
    long waitedPackets;

    long waitedNanos;

    Outbox(BandwidthEstimator estimator, Departure departure) {
        this.estimator = estimator;
        this.pacer = new Pacer(estimator.probe());
        this.departure = departure;
    }

    /** Sends a voice, which waits for nothing but the end of the turn. Takes the buffer. */
    void sendVoice(long now, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        int bytes = Departure.pathBytes(packet);
        departure.sendVoice(now, packet, index, ids, protector);
        pacer.onSent(now, bytes);
    }

    /** Whether a packet of about this size may leave as it comes, by {@link #write}. */
    boolean letsThrough(long now, int bytes) {
        if (!isEmpty()) {
            return false;
        }
        pacer.update(now, estimator, bytes, 0);
        return pacer.budgetBytes(now) > 0;
    }

    /** Sends a picture's packet that is let through, without a buffer of its own. */
    void write(long now, Slot slot, OutgoingRtp packet, SlotWriter writer, SrtpProtector protector) {
        pacer.onSent(now, departure.write(now, slot, packet, writer, protector));
    }

    /**
     * Sends without waiting; the pace makes up for it later. Takes the buffer.
     *
     * @param index for SRTP; see {@link SrtpProtector#protectRtp}
     */
    void sendNow(long now, ByteBuf packet, long index, ExtensionIds ids, SrtpProtector protector) {
        int bytes = Departure.pathBytes(packet);
        departure.send(now, packet, index, ids, protector);
        pacer.onSent(now, bytes);
    }

    /**
     * Sends at the path's pace. Takes the buffer.
     *
     * @param again a retransmission, which goes before what is new
     * @return false: dropped, since too much waits
     */
    boolean send(long now, ByteBuf packet, long index, ExtensionIds ids, boolean again, SrtpProtector protector) {
        if (letsThrough(now, Departure.pathBytes(packet))) {
            sendNow(now, packet, index, ids, protector);
            return true;
        }
        WaitingPackets queue = again ? repairs : pictures;
        if (!queue.add(now, packet, index, ids)) {
            packet.release();
            return false;
        }
        waitedPackets++;
        drain(now, protector);
        return true;
    }

    /** Sends what the pace allows by now. */
    void drain(long now, SrtpProtector protector) {
        updatePacer(now);
        while (!isEmpty() && pacer.maySend(now)) {
            while (!isEmpty() && pacer.budgetBytes(now) > 0) {
                sendNext(now, protector);
            }
            updatePacer(now);
        }
        nextDrain = isEmpty() ? Long.MAX_VALUE : now + Math.min(LOOK_NANOS, pacer.delayNanos(now));
    }

    /** When {@link #drain} has something to do. */
    long nextTimeout() {
        return nextDrain;
    }

    /** How much padding a probe asks for now: none while something waits, which then is the probe. */
    long paddingBytes(long now) {
        if (!isEmpty() || !estimator.probe().active()) {
            return 0;
        }
        pacer.update(now, estimator, 0, 0);
        return pacer.paddingBytes(now);
    }

    boolean isEmpty() {
        return pictures.count() == 0 && repairs.count() == 0;
    }

    long waitingBytes() {
        return pictures.pathBytes() + repairs.pathBytes();
    }

    /** Lets go what waits to be sent again of one slot. @return how many packets that were */
    int forgetRepairs(int rtxSsrc) {
        int dropped = 0;
        for (int left = repairs.count(); left > 0; left--) {
            long since = repairs.since();
            long index = repairs.index();
            ExtensionIds ids = repairs.extensions();
            ByteBuf packet = repairs.remove();
            if (packet.getInt(packet.readerIndex() + SSRC_OFFSET) == rtxSsrc) {
                packet.release();
                dropped++;
            } else {
                repairs.add(since, packet, index, ids);
            }
        }
        return dropped;
    }

    /** Lets go what waits: there is no way to send it any more. @return how many packets that were */
    int clear() {
        int dropped = repairs.count() + pictures.count();
        while (!isEmpty()) {
            next().remove().release();
        }
        nextDrain = Long.MAX_VALUE;
        return dropped;
    }

    private void updatePacer(long now) {
        long count = pictures.count() + repairs.count();
        long waited = pictures.waitedNanos(now) + repairs.waitedNanos(now);
        pacer.update(now, estimator, waitingBytes(), count == 0 ? 0 : waited / count);
    }

    private void sendNext(long now, SrtpProtector protector) {
        WaitingPackets queue = next();
        long index = queue.index();
        ExtensionIds ids = queue.extensions();
        waitedNanos += now - queue.since();
        sendNow(now, queue.remove(), index, ids, protector);
    }

    private WaitingPackets next() {
        return repairs.count() > 0 ? repairs : pictures;
    }
}
