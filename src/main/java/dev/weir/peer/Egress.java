package dev.weir.peer;

import dev.weir.bwe.BandwidthEstimator;
import dev.weir.bwe.BandwidthLimits;
import dev.weir.media.Forwarder;
import dev.weir.media.OutgoingRtp;
import dev.weir.media.SendStream;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpWriter;
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
 * reports.
 */
final class Egress {
    /** Header, CSRC, extensions, a retransmission's number, the tag, and some room. */
    private static final int OVERHEAD_BYTES = 128;

    /** A slot that has rested longer than this sends no report. */
    private static final long REPORTING_NANOS = 2_000_000_000L;

    /** A sender report and the frame of a source description, with the tag and index of SRTCP. */
    private static final int REPORT_BYTES = 28 + 16 + 20;

    /** The most that a packet can be padded with (RFC 3550 section 5.1). */
    private static final int PADDING_BYTES = 255;

    /** One slot with what its m-line negotiated. */
    private record Slot(Forwarder forwarder, ExtensionIds extensions, byte[] mid) {
        boolean isAudio() {
            return forwarder.stream().kind() == MediaKind.AUDIO;
        }
    }

    private final ByteBufAllocator buffers;
    private final long ntpOfStart;
    private final byte[] cname;
    private final List<Slot> slots = new ArrayList<>();
    private final IntObjectHashMap<Slot> bySsrc = new IntObjectHashMap<>();
    private final RtpWriter writer = new RtpWriter();
    private final BandwidthEstimator estimator = new BandwidthEstimator(BandwidthLimits.DEFAULT);
    private final Outbox outbox;
    private long paddingIndex;

    long audioPackets;
    long videoPackets;
    long audioBytes;
    long videoBytes;
    long resentPackets;

    /** What the viewer asked for: packets again, and keyframes. */
    long nacks;

    long plis;

    private long rttNanos = 100_000_000;
    private long lostPackets;

    /** @param socket takes each packet that leaves, and its buffer */
    Egress(ByteBufAllocator buffers, long ntpOfStart, String cname, Consumer<ByteBuf> socket) {
        this.buffers = buffers;
        this.ntpOfStart = ntpOfStart;
        this.cname = cname.getBytes(StandardCharsets.US_ASCII);
        this.outbox = new Outbox(estimator, socket);
    }

    void add(Forwarder forwarder, Map<Extension, Integer> extensions) {
        SendStream stream = forwarder.stream();
        Slot slot =
                new Slot(forwarder, ExtensionIds.of(extensions), stream.mid().getBytes(StandardCharsets.US_ASCII));
        slots.add(slot);
        bySsrc.put(stream.ssrc(), slot);
    }

    /** The round trip to this viewer, as his reports tell; 100 ms before the first. */
    long rttNanos() {
        return rttNanos;
    }

    /** Packets that his reports call lost, in all. */
    long lostPackets() {
        return lostPackets;
    }

    /** Sends a forwarder's packet. */
    void send(long now, OutgoingRtp packet, SrtpProtector protector) {
        Slot slot = bySsrc.get(packet.stream().ssrc());
        ByteBuf buffer = write(slot, packet);
        count(slot, buffer.readableBytes(), packet.originalSequence() != OutgoingRtp.NONE);
        outbox.send(now, buffer, packet.index(), slot.extensions(), protector);
    }

    /** Sends what a probe asks for. */
    void onTimeout(long now, SrtpProtector protector) {
        if (now >= estimator.nextTimeout()) {
            estimator.onTimeout(now);
        }
        Slot slot = estimator.probe().active() ? paddingSlot() : null;
        long padding = slot == null ? 0 : outbox.paddingBytes(now);
        while (padding > 0) {
            ByteBuf packet = writePadding(now, slot);
            padding -= packet.readableBytes();
            outbox.send(now, packet, paddingIndex, slot.extensions(), protector);
            padding = Math.min(padding, outbox.paddingBytes(now));
        }
    }

    long nextTimeout() {
        return estimator.probe().active() ? 0 : estimator.nextTimeout();
    }

    BandwidthEstimator estimator() {
        return estimator;
    }

    private ByteBuf write(Slot slot, OutgoingRtp packet) {
        ByteBuf buffer =
                buffers.directBuffer(packet.payloadBytes() + packet.descriptor().readableBytes() + OVERHEAD_BYTES);
        ExtensionIds ids = slot.extensions();
        writer.begin(buffer, packet.payloadType(), packet.marker(), packet.index(), packet.timestamp(), packet.ssrc())
                .csrc(packet.csrc());
        writeExtensions(slot);
        if (packet.audioLevel() != OutgoingRtp.NONE) {
            writer.extension8(ids.id(Extension.AUDIO_LEVEL), packet.audioLevel());
        }
        ByteBuf descriptor = packet.descriptor();
        if (descriptor.isReadable()) {
            writer.extension(ids.id(Extension.DEPENDENCY_DESCRIPTOR), descriptor, 0, descriptor.readableBytes());
        }
        writer.end();
        if (packet.originalSequence() != OutgoingRtp.NONE) {
            buffer.writeShort(packet.originalSequence());
        }
        packet.writePayload(buffer);
        return buffer;
    }

    /** What every packet of a slot has; numbers and times come as it leaves. */
    private void writeExtensions(Slot slot) {
        ExtensionIds ids = slot.extensions();
        writer.extension(ids.id(Extension.MID), slot.mid());
        writer.extension16(ids.id(Extension.TRANSPORT_CC), 0);
        writer.extension24(ids.id(Extension.ABS_SEND_TIME), 0);
    }

    /** A packet of the retransmission stream with nothing in it: a probe disturbs no decoder. */
    private ByteBuf writePadding(long now, Slot slot) {
        SendStream stream = slot.forwarder().stream();
        ByteBuf buffer = buffers.directBuffer(PADDING_BYTES + OVERHEAD_BYTES);
        paddingIndex = stream.nextRtxIndex();
        long timestamp = stream.timestamp(now) & 0xffff_ffffL;
        writer.begin(buffer, stream.rtxPayloadType(), false, paddingIndex, timestamp, stream.rtxSsrc());
        writeExtensions(slot);
        writer.end();
        RtpWriter.pad(buffer, buffer.readerIndex(), PADDING_BYTES);
        return buffer;
    }

    /** A slot whose retransmission stream can carry a probe: one that shows something, else any. */
    private Slot paddingSlot() {
        Slot any = null;
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            if (slot.forwarder().stream().rtxPayloadType() >= 0
                    && slot.extensions().id(Extension.TRANSPORT_CC) != 0) {
                if (slot.forwarder().stream().packets() > 0) {
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
            SendStream stream = slots.get(i).forwarder().stream();
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
            long now, int ssrc, int fractionLost, int cumulativeLost, long lastReport, long delaySinceLastReport) {
        if (!bySsrc.containsKey(ssrc)) {
            return;
        }
        lostPackets = Math.max(lostPackets, cumulativeLost);
        if (lastReport != 0) {
            measureRoundTrip(now, lastReport, delaySinceLastReport);
        }
        estimator.onReceiverReport(now, fractionLost, lastReport == 0 ? 0 : rttNanos);
    }

    private void measureRoundTrip(long now, long lastReport, long delaySinceLastReport) {
        long elapsed = NtpTime.compact(NtpTime.ofNanos(ntpOfStart + now)) - lastReport - delaySinceLastReport;
        long measured = NtpTime.compactToNanos(elapsed & 0xffff_ffffL);
        if (measured < 10_000_000_000L) {
            rttNanos = (7 * rttNanos + measured) / 8;
        }
    }

    void onNack(long now, int ssrc, int sequence) {
        nacks++;
        Slot slot = bySsrc.get(ssrc);
        if (slot != null) {
            slot.forwarder().onNack(now, sequence);
        }
    }

    void onPictureLoss(long now, int ssrc) {
        plis++;
        Slot slot = bySsrc.get(ssrc);
        if (slot != null) {
            slot.forwarder().onPictureLoss(now);
        }
    }

    int slotCount() {
        return slots.size();
    }

    private void count(Slot slot, int bytes, boolean resent) {
        if (resent) {
            resentPackets++;
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
