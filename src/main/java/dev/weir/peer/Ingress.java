package dev.weir.peer;

import dev.weir.media.Layer;
import dev.weir.media.PublisherClock;
import dev.weir.media.ReceiveStream;
import dev.weir.media.Track;
import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.NtpTime;
import dev.weir.rtp.RtcpWriter;
import dev.weir.rtp.RtpView;
import dev.weir.sdp.MediaOffer;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What comes in from one publisher: binds SSRCs to m-lines and layers (RFC 8843 section 9.2, RFC 8852), undoes
 * retransmission (RFC 4588), hands packets to their layers, and writes what is owed in return: reports, NACKs and
 * transport-wide feedback.
 */
final class Ingress {
    /** SSRCs of one publisher: four tracks of four layers with retransmission, and some to start over with. */
    static final int MAX_STREAMS = 64;

    private static final int RTX_HEADER_BYTES = 2;

    /** An m-line on which the browser sends. */
    private record Line(MediaOffer.Section section, ExtensionIds extensions, Track track) {
        MediaOffer.Payload payload(int payloadType) {
            for (int i = 0; i < section.payloads().size(); i++) {
                MediaOffer.Payload payload = section.payloads().get(i);
                if (payload.payloadType() == payloadType || payload.rtxPayloadType() == payloadType) {
                    return payload;
                }
            }
            return null;
        }
    }

    /** An SSRC and where its packets go. For a retransmission stream {@code primary} is what it repairs. */
    private record Inbound(Line line, Layer layer, ReceiveStream stream, boolean rtx) {
        /** The same, where it is of that line's track. */
        Inbound on(Line renewed) {
            return line.track() == renewed.track() ? new Inbound(renewed, layer, stream, rtx) : this;
        }
    }

    private final Map<String, Line> lines = new HashMap<>();
    private final IntObjectHashMap<Inbound> inbounds = new IntObjectHashMap<>();
    private final List<Inbound> media = new ArrayList<>();
    private final PublisherClock clock = new PublisherClock();
    private final PathFeedback feedback = new PathFeedback();
    private final RtpView view = new RtpView();
    private final long[] nacks = new long[ReceiveStream.MAX_NACKS];
    private final IntConsumer forgotten;
    private ExtensionIds extensions = ExtensionIds.of(Map.of());
    private List<Track> tracks = List.of();

    /** Packets and bytes by kind, and what was lost before us: for the shard's counters. */
    long audioPackets;

    long videoPackets;
    long audioBytes;
    long videoBytes;

    /** Packets asked for again, and keyframes asked for. */
    long nackedPackets;

    long plis;

    /** @param forgotten is told of SSRCs that are used no more */
    Ingress(IntConsumer forgotten) {
        this.forgotten = forgotten;
    }

    /**
     * Takes the sending m-lines of an offer.
     *
     * @param tracks by mid
     */
    void update(List<MediaOffer.Section> sections, Map<String, Track> tracks) {
        Map<String, Line> before = new HashMap<>(lines);
        lines.clear();
        for (MediaOffer.Section section : sections) {
            Track track = tracks.get(section.mid());
            if (!section.sending() || !section.active() || track == null) {
                continue;
            }
            ExtensionIds ids = ExtensionIds.of(section.extensions());
            lines.put(section.mid(), new Line(section, ids, track));
            // Within a bundle an id means the same on every m-line (RFC 8843 section 9.1).
            Map<Extension, Integer> merged = new HashMap<>(extensions.asMap());
            merged.putAll(section.extensions());
            extensions = ExtensionIds.of(merged);
        }
        this.tracks = lines.values().stream().map(Line::track).toList();
        feedback.update(lines.values().stream().anyMatch(line -> line.section().remb()));
        before.forEach((mid, line) -> {
            Line now = lines.get(mid);
            if (now == null || now.track() != line.track()) {
                unbind(line);
            } else {
                renew(now);
            }
        });
    }

    /** What the header's extensions are called here. */
    ExtensionIds extensions() {
        return extensions;
    }

    boolean knows(int ssrc) {
        return inbounds.containsKey(ssrc);
    }

    /**
     * Takes an authenticated packet, unprotected.
     *
     * @return why it went no further, or null
     */
    DropReason onRtp(long now, ByteBuf packet) {
        if (!view.wrap(packet)) {
            return DropReason.MALFORMED;
        }
        feedback.onPacket(now, view, extensions);
        Inbound inbound = inbounds.get(view.ssrc());
        if (inbound == null) {
            inbound = bind();
            if (inbound == null) {
                return DropReason.UNBOUND_SSRC;
            }
        }
        MediaOffer.Payload payload = inbound.line().payload(view.payloadType());
        if (payload == null) {
            return DropReason.UNKNOWN_PAYLOAD_TYPE;
        }
        if (inbound.rtx()) {
            if (view.payloadBytes() <= RTX_HEADER_BYTES || !restore(packet, inbound, payload)) {
                return DropReason.PROBE;
            }
        }
        return deliver(now, inbound, payload.codec(), packet.readableBytes());
    }

    void onSenderReport(long now, int ssrc, long ntp, long rtpTimestamp) {
        Inbound inbound = inbounds.get(ssrc);
        if (inbound == null || inbound.rtx()) {
            return;
        }
        long ntpNanos = NtpTime.toNanos(ntp);
        clock.onSenderReport(now, ntpNanos);
        inbound.stream().onSenderReport(now, ntp, ntpNanos, rtpTimestamp);
    }

    /** A receiver report on all streams; nothing when there is no stream. */
    void writeReport(long now, int ownSsrc, ByteBuf out) {
        if (media.isEmpty()) {
            return;
        }
        int report = RtcpWriter.receiverReport(out, ownSsrc);
        for (int i = 0; i < media.size() && i < RtcpWriter.MAX_REPORT_BLOCKS; i++) {
            ReceiveStream stream = media.get(i).stream();
            RtcpWriter.reportBlock(
                    out,
                    report,
                    stream.ssrc(),
                    stream.takeFractionLost(),
                    stream.cumulativeLost(),
                    stream.highestSequence(),
                    stream.jitterUnits(),
                    stream.lastReportNtp(),
                    stream.delaySinceLastReport(now));
        }
    }

    /** Appends the NACKs that are due. */
    void writeNacks(long now, long rttNanos, int ownSsrc, ByteBuf out) {
        for (int i = 0; i < media.size(); i++) {
            ReceiveStream stream = media.get(i).stream();
            if (stream.nextNack() <= now) {
                int due = stream.collectNacks(now, rttNanos, nacks);
                nackedPackets += due;
                if (due > 0) {
                    RtcpWriter.nack(out, ownSsrc, stream.ssrc(), nacks, due);
                }
            }
        }
    }

    /** Appends what the publisher is told of his path, if it is due. */
    void writeFeedback(long now, int ownSsrc, ByteBuf out) {
        if (feedback.nextTimeout() <= now && !media.isEmpty()) {
            for (int i = 0; i < media.size(); i++) {
                feedback.add(media.get(i).stream());
            }
            feedback.write(now, ownSsrc, out);
        }
    }

    long nextTimeout() {
        long next = nextFeedback();
        for (int i = 0; i < tracks.size(); i++) {
            next = Math.min(next, tracks.get(i).nextTimeout());
        }
        return next;
    }

    /** Keyframe requests that waited. */
    void onTimeout(long now) {
        for (int i = 0; i < tracks.size(); i++) {
            if (now >= tracks.get(i).nextTimeout()) {
                tracks.get(i).onTimeout(now);
            }
        }
    }

    /** When NACKs or word of his path are owed. */
    long nextFeedback() {
        long next = media.isEmpty() ? Long.MAX_VALUE : feedback.nextTimeout();
        for (int i = 0; i < media.size(); i++) {
            next = Math.min(next, media.get(i).stream().nextNack());
        }
        return next;
    }

    /** The media streams that come in. */
    void forEachStream(Consumer<ReceiveStream> consumer) {
        media.forEach(inbound -> consumer.accept(inbound.stream()));
    }

    private DropReason deliver(long now, Inbound inbound, Codec codec, int bytes) {
        ReceiveStream stream = inbound.stream();
        long sequence = stream.onPacket(now, view.sequence(), view.timestamp(), bytes, inbound.rtx());
        if (sequence == ReceiveStream.NONE) {
            return DropReason.DUPLICATE;
        }
        Track track = inbound.line().track();
        if (track.isVideo()) {
            videoPackets++;
            videoBytes += bytes;
        } else {
            audioPackets++;
            audioBytes += bytes;
            hear(now, track);
        }
        inbound.layer().onPacket(now, codec, view, sequence, stream.lastTimestamp());
        return null;
    }

    private void hear(long now, Track track) {
        int level = view.extensionOffset(extensions.id(Extension.AUDIO_LEVEL));
        if (level >= 0) {
            track.audioLevel().onPacket(now, view.buffer().getUnsignedByte(level));
        }
    }

    /** Turns a retransmission into the packet that it repeats: the header moves over the two bytes of its old number. */
    private boolean restore(ByteBuf packet, Inbound inbound, MediaOffer.Payload payload) {
        int start = packet.readerIndex();
        int header = view.headerBytes();
        int sequence = packet.getUnsignedShort(view.payloadOffset());
        for (int i = header - 1; i >= 0; i--) {
            packet.setByte(start + RTX_HEADER_BYTES + i, packet.getByte(start + i));
        }
        packet.readerIndex(start + RTX_HEADER_BYTES);
        start += RTX_HEADER_BYTES;
        packet.setByte(start + 1, packet.getByte(start + 1) & 0x80 | payload.payloadType());
        packet.setShort(start + 2, sequence);
        packet.setInt(start + 8, inbound.stream().ssrc());
        return view.wrap(packet);
    }

    /** Finds the place of an SSRC that was not seen before: by its extensions, else by what the offer announced. */
    private Inbound bind() {
        if (inbounds.size() >= MAX_STREAMS) {
            return null;
        }
        String mid = text(Extension.MID);
        Line line = mid == null ? announcing(view.ssrc(), view.payloadType()) : lines.get(mid);
        if (line == null) {
            return null;
        }
        String repaired = text(Extension.REPAIRED_RID);
        if (repaired != null) {
            return bindRtx(line, layer(line, repaired));
        }
        String rid = text(Extension.RID);
        MediaOffer.Payload payload = line.payload(view.payloadType());
        if (payload != null && payload.rtxPayloadType() == view.payloadType()) {
            return bindRtx(line, rid != null ? layer(line, rid) : announcedLayer(line, view.ssrc()));
        }
        Layer layer = rid != null ? layer(line, rid) : announcedLayer(line, view.ssrc());
        return layer == null ? null : bindMedia(line, layer);
    }

    private Inbound bindMedia(Line line, Layer layer) {
        boolean nacks = line.track().isVideo();
        Codec codec = line.section().payloads().getFirst().codec();
        ReceiveStream stream = new ReceiveStream(view.ssrc(), codec.clockRate(), nacks, clock);
        media.removeIf(inbound -> inbound.layer() == layer);
        removeInbounds(layer);
        layer.bind(stream, line.extensions());
        Inbound inbound = new Inbound(line, layer, stream, false);
        inbounds.put(view.ssrc(), inbound);
        media.add(inbound);
        return inbound;
    }

    private Inbound bindRtx(Line line, Layer layer) {
        for (Inbound primary : media) {
            if (primary.layer() == layer) {
                Inbound inbound = new Inbound(line, layer, primary.stream(), true);
                inbounds.put(view.ssrc(), inbound);
                return inbound;
            }
        }
        return null;
    }

    /** A further offer may have other payload types for what flows already. */
    private void renew(Line line) {
        media.replaceAll(inbound -> inbound.on(line));
        inbounds.entries().forEach(entry -> entry.setValue(entry.value().on(line)));
    }

    private void unbind(Line line) {
        media.removeIf(inbound -> inbound.line().track() == line.track());
        line.track().layers().forEach(this::removeInbounds);
    }

    private void removeInbounds(Layer layer) {
        for (Iterator<IntObjectMap.PrimitiveEntry<Inbound>> entries =
                        inbounds.entries().iterator();
                entries.hasNext(); ) {
            IntObjectMap.PrimitiveEntry<Inbound> entry = entries.next();
            if (entry.value().layer() == layer) {
                forgotten.accept(entry.key());
                entries.remove();
            }
        }
    }

    /** The m-line of an SSRC, else the only one of a payload type (RFC 9143 section 9.2). */
    private Line announcing(int ssrc, int payloadType) {
        for (Line line : lines.values()) {
            for (MediaOffer.Ssrc announced : line.section().ssrcs()) {
                if (announced.ssrc() == ssrc || announced.rtxSsrc() == ssrc) {
                    return line;
                }
            }
        }
        Line only = null;
        for (Line line : lines.values()) {
            if (line.payload(payloadType) != null) {
                if (only != null) {
                    return null;
                }
                only = line;
            }
        }
        return only;
    }

    private static Layer layer(Line line, String rid) {
        for (Layer layer : line.track().layers()) {
            if (layer.rid().equals(rid)) {
                return layer;
            }
        }
        return null;
    }

    /** Without a rid: the only layer, or the one at the same place in the list of announced SSRCs. */
    private static Layer announcedLayer(Line line, int ssrc) {
        List<Layer> layers = line.track().layers();
        if (layers.size() == 1) {
            return layers.getFirst();
        }
        List<MediaOffer.Ssrc> announced = line.section().ssrcs();
        for (int i = 0; i < announced.size() && i < layers.size(); i++) {
            if (announced.get(i).ssrc() == ssrc || announced.get(i).rtxSsrc() == ssrc) {
                return layers.get(i);
            }
        }
        return null;
    }

    private String text(Extension extension) {
        int id = extensions.id(extension);
        int offset = view.extensionOffset(id);
        return offset < 0 ? null : view.buffer().toString(offset, view.extensionBytes(id), StandardCharsets.US_ASCII);
    }
}
