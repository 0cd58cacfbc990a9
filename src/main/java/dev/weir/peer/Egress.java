package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.bwe.BandwidthLimits;
import dev.weir.media.Forwarder;
import dev.weir.media.OutgoingRtp;
import dev.weir.media.SendStream;
import dev.weir.rtp.Extension;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtcpWriter;
import dev.weir.srtp.SrtpProtector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What goes out to one viewer: his slots, written with his extension ids and protected with his keys, and their sender
 * reports; and what he says of them.
 */
final class Egress {
    /**
     * Packets that a viewer may ask for again in a second, and at once. A path of 10 Mbps that loses a fifth misses 200;
     * the rest is for what he asks for twice.
     */
    static final int NACKS_PER_SECOND = 400;

    /** Keyframes that a viewer may ask for: with many slots each asks for itself, and all at once at the start. */
    static final int PICTURE_LOSSES_PER_SECOND = 50;

    /** A slot that has rested longer than this sends no report. */
    private static final long REPORTING_NANOS = 2_000_000_000L;

    /** A sender report and the frame of a source description, with the tag and index of SRTCP. */
    private static final int REPORT_BYTES = 28 + 16 + 20;

    private static final double REPAIR_NANOS = 1e9;

    private static final long FIRST_RTT_NANOS = 100_000_000;
    private static final long MOST_RTT_NANOS = 10_000_000_000L;

    private final ByteBufAllocator buffers;
    private final long ntpOfStart;
    private final byte[] cname;
    private final Consumer<DropReason> drops;
    private final List<Slot> slots = new ArrayList<>();
    private final IntObjectHashMap<Slot> bySsrc = new IntObjectHashMap<>();
    private final SlotWriter writer;
    private final BandwidthEstimator estimator = new BandwidthEstimator(BandwidthLimits.DEFAULT);
    private final Departure departure;
    private final Outbox outbox;
    private final Allowance nackAllowance = new Allowance(NACKS_PER_SECOND);
    private final Allowance pictureLossAllowance = new Allowance(PICTURE_LOSSES_PER_SECOND);

    long audioPackets;
    long videoPackets;
    long audioBytes;
    long videoBytes;
    long resentPackets;

    /** What the viewer asked for: packets again, and keyframes. */
    long nacks;

    long plis;

    private long rttNanos;
    private long lostPackets;

    /** Bits that were sent again, those of a second ago counting 1/e. */
    private double repairBits;

    private long repairedAt;

    /** Of the report that is being read: packets that it is about, and those lost in 1/256. */
    private long reportedPackets;

    private long reportedLost;
    private boolean reported;

    /** @param exit takes each run that leaves */
    Egress(
            ByteBufAllocator buffers,
            RunBuffers runBuffers,
            long ntpOfStart,
            String cname,
            RunLimits runs,
            Run.Exit exit,
            Consumer<DropReason> drops) {
        this.buffers = buffers;
        this.ntpOfStart = ntpOfStart;
        this.cname = cname.getBytes(StandardCharsets.US_ASCII);
        this.drops = drops;
        this.writer = new SlotWriter(buffers);
        this.departure = new Departure(estimator, runBuffers, runs, exit);
        this.outbox = new Outbox(estimator, departure);
    }

    void add(Forwarder forwarder, Map<Extension, Integer> extensions) {
        Slot slot = new Slot(forwarder, extensions);
        slots.add(slot);
        bySsrc.put(slot.stream().ssrc(), slot);
    }

    /** The round trip to this viewer, as his reports tell; 100 ms before the first. */
    long rttNanos() {
        return rttNanos == 0 ? FIRST_RTT_NANOS : rttNanos;
    }

    /** Packets that his reports call lost, in all. */
    long lostPackets() {
        return lostPackets;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Sends a forwarder's packet: voices at once, pictures as the path carries them. */
    void send(long now, OutgoingRtp packet, SrtpProtector protector) {
        Slot slot = bySsrc.get(packet.stream().ssrc());
        boolean again = packet.originalSequence() != OutgoingRtp.NONE;
        if (slot.isAudio()) {
            outbox.sendVoice(now, writer.write(slot, packet), packet.index(), slot.extensions(), protector);
        } else if (outbox.letsThrough(now, packet.payloadBytes())) {
            outbox.write(now, slot, packet, writer, protector);
        } else if (!outbox.send(now, writer.write(slot, packet), packet.index(), slot.extensions(), again, protector)) {
            drops.accept(DropReason.PACER_FULL);
            return;
        }
        count(now, slot, packet.payloadBytes(), again);
    }

    /** The loop has nothing more to read for now: see {@link Departure#endTurn}. @return whether a run stays open */
    boolean endTurn(long now, SrtpProtector protector) {
        departure.endTurn(now, protector);
        return !departure.isEmpty();
    }

    /** Sends what had to wait, and what a probe asks for. */
    void onTimeout(long now, SrtpProtector protector) {
        if (now >= estimator.nextTimeout()) {
            estimator.onTimeout(now);
        }
        if (!outbox.isEmpty()) {
            outbox.drain(now, protector);
        }
        Slot slot = estimator.probe().active() ? paddingSlot() : null;
        long padding = slot == null ? 0 : outbox.paddingBytes(now);
        while (padding > 0) {
            long index = slot.stream().nextRtxIndex();
            ByteBuf packet = writer.writePadding(now, slot, index);
            padding -= packet.readableBytes();
            outbox.sendNow(now, packet, index, slot.extensions(), protector);
            padding = Math.min(padding, outbox.paddingBytes(now));
        }
    }

    /** When {@link #onTimeout} is due; of runs {@link #endTurn} tells. */
    long nextTimeout() {
        return estimator.probe().active() ? 0 : outbox.nextTimeout();
    }

    /** When {@link #onTimeout} has the estimate to look at. */
    long nextReview() {
        return estimator.nextTimeout();
    }

    /** Lets go what waits to be sent, since there is no way to him any more. */
    void clear(DropReason reason) {
        for (int dropped = outbox.clear() + departure.clear(); dropped > 0; dropped--) {
            drops.accept(reason);
        }
    }

    BandwidthEstimator estimator() {
        return estimator;
    }

    /** A slot whose retransmission stream can carry a probe: one that shows something, else any. */
    private Slot paddingSlot() {
        Slot any = null;
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (slot.canProbe()) {
                if (slot.stream().packets() > 0) {
                    return slot;
                }
                any = slot;
            }
        }
        return any;
    }

    /**
     * Writes a sender report for each slot that is in use.
     *
     * @param maxBytes how long a compound may get
     * @param send takes each compound, and its buffer
     */
    void writeReports(long now, int maxBytes, Consumer<ByteBuf> send) {
        ByteBuf compound = buffers.directBuffer(maxBytes);
        for (int i = 0; i < slots.size(); i++) {
            SendStream stream = slots.get(i).stream();
            if (!stream.sentWithin(now, REPORTING_NANOS)) {
                continue;
            }
            if (compound.readableBytes() + REPORT_BYTES + cname.length > maxBytes) {
                send.accept(compound);
                compound = buffers.directBuffer(maxBytes);
            }
            long ntp = NtpTime.ofNanos(ntpOfStart + now);
            long timestamp = stream.timestamp(now) & 0xffff_ffffL;
            RtcpWriter.senderReport(compound, stream.ssrc(), ntp, timestamp, stream.packets(), stream.payloadBytes());
            RtcpWriter.sourceDescription(compound, stream.ssrc(), cname);
        }
        send.accept(compound);
    }

    /** A block on one of our streams in the viewer's report. */
    void onReportBlock(
            long now,
            int ssrc,
            int fractionLost,
            int cumulativeLost,
            long highestSequence,
            long lastReport,
            long delaySinceLastReport) {
        Slot slot = bySsrc.get(ssrc);
        if (slot == null) {
            return;
        }
        lostPackets = Math.max(lostPackets, cumulativeLost);
        long packets = slot.onReport(highestSequence);
        reportedPackets += packets;
        reportedLost += packets * fractionLost;
        if (lastReport != 0) {
            measureRoundTrip(now, lastReport, delaySinceLastReport);
        }
        reported = true;
    }

    /** The viewer's report is read to its end: his slots share one path, so their losses are one. */
    void onReportEnd(long now) {
        if (reported) {
            int fractionLost = reportedPackets == 0 ? 0 : (int) (reportedLost / reportedPackets);
            estimator.onReceiverReport(now, fractionLost, rttNanos);
            reportedPackets = 0;
            reportedLost = 0;
            reported = false;
        }
    }

    private void measureRoundTrip(long now, long lastReport, long delaySinceLastReport) {
        long elapsed = NtpTime.compact(NtpTime.ofNanos(ntpOfStart + now)) - lastReport - delaySinceLastReport;
        long measured = NtpTime.compactToNanos(elapsed & 0xffff_ffffL);
        if (measured < MOST_RTT_NANOS) {
            rttNanos = rttNanos == 0 ? Math.max(1, measured) : (7 * rttNanos + measured) / 8;
        }
    }

    /** What waits to be sent again of this slot does not matter any more. */
    void forgetRepairs(SendStream stream) {
        for (int dropped = outbox.forgetRepairs(stream.rtxSsrc()); dropped > 0; dropped--) {
            drops.accept(DropReason.OUTDATED);
        }
        repairBits = 0;
    }

    /** He misses a packet. What is too old to matter is not in the store any more; see {@code RetransmissionStore}. */
    void onNack(long now, int ssrc, int sequence) {
        nacks++;
        Slot slot = bySsrc.get(ssrc);
        if (slot == null) {
            return;
        }
        if (slot.forwarder().abandoned(sequence)) {
            drops.accept(DropReason.OUTDATED);
        } else if (!nackAllowance.take(now)) {
            drops.accept(DropReason.NACKS_EXCEEDED);
        } else if (repairBps(now) > estimator.estimateBps()) {
            drops.accept(DropReason.REPAIRS_EXCEEDED);
        } else if (!slot.repeats().take(now, sequence, Math.min(rttNanos(), estimator.rttNanos()))) {
            drops.accept(DropReason.NACK_REPEATED);
        } else {
            slot.forwarder().onNack(now, sequence);
        }
    }

    void onPictureLoss(long now, int ssrc) {
        plis++;
        Slot slot = bySsrc.get(ssrc);
        if (slot == null) {
            return;
        }
        if (pictureLossAllowance.take(now)) {
            slot.forwarder().onPictureLoss(now);
        } else {
            drops.accept(DropReason.PLIS_EXCEEDED);
        }
    }

    int slotCount() {
        return slots.size();
    }

    /** What is sent again takes of the path, in bits per second, of late. */
    long repairBps(long now) {
        return (long) (repairBits * Math.exp((repairedAt - now) / REPAIR_NANOS));
    }

    private void count(long now, Slot slot, int bytes, boolean resent) {
        if (resent) {
            resentPackets++;
            repairBits = repairBps(now) + 8L * bytes;
            repairedAt = now;
        }
        if (slot.isAudio()) {
            audioPackets++;
            audioBytes += bytes;
        } else {
            videoPackets++;
            videoBytes += bytes;
        }
    }
}
