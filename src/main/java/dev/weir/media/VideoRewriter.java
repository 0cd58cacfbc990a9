package dev.weir.media;

import dev.weir.rtp.RtpView;
import io.netty.buffer.ByteBuf;
import java.util.function.LongConsumer;

/**
 * What a forwarder does with pictures: makes one stream of the layers that follow each other in a slot, takes of each what
 * the viewer has a use for, and sends again what he misses.
 */
final class VideoRewriter {
    private final SendStream stream;
    private final PacketSink sink;
    private final LongConsumer shown;
    private final OutgoingRtp out = new OutgoingRtp();
    private final Rewriting rewriting;
    private final SequenceMap sequences;
    private final SentPackets sent = new SentPackets();
    private final Selection selection = new Selection();
    private final SlotNumbers numbers = new SlotNumbers();
    private final RtpView stored = new RtpView();
    private final Resending resending;

    private int wantedLayer = Selection.ALL;
    private int wantedTemporal = Selection.ALL;
    private Haste haste = Haste.NONE;
    private Segment current;
    private long lastTimestamp;
    private boolean anySent;
    private int shownSpatial;

    /** @param shown is told the time before the first packet of another source or spatial layer is sent */
    VideoRewriter(SendStream stream, PacketSink sink, LongConsumer shown) {
        this.stream = stream;
        this.sink = sink;
        this.shown = shown;
        this.rewriting = new Rewriting(stream, out);
        this.sequences = new SequenceMap(stream.firstIndex() - 1);
        this.resending = new Resending(stream, sink, rewriting, out, sent);
    }

    /** Packets sent again, ever. */
    long resentPackets() {
        return resending.packets();
    }

    /** The encoding that is sent now; null: none yet. */
    Layer layer() {
        return current == null ? null : current.layer();
    }

    /** The spatial layer within the stream that is sent now. */
    int spatial() {
        return selection.spatial();
    }

    /** Whether only a keyframe can bring what is wanted of the stream. */
    boolean waits() {
        return selection.waits();
    }

    boolean isCurrent(Layer layer) {
        return current != null
                && current.layer() == layer
                && current.stream() == layer.stream()
                && current.codec() == layer.codec();
    }

    /** The highest layer, of simulcast or within the stream, that the viewer has a use for. */
    int wantedLayer() {
        return wantedLayer;
    }

    /** Whether this is what {@link #want} said last. */
    boolean wants(int spatial, int temporal, Haste leaving) {
        return spatial == wantedLayer && temporal == wantedTemporal && leaving == haste;
    }

    /** See {@link Forwarder#want}. */
    void want(int spatial, int temporal, Haste leaving) {
        wantedLayer = spatial;
        wantedTemporal = temporal;
        haste = leaving;
        select();
    }

    /** Takes of the present layer what is wanted. */
    void select() {
        if (current != null) {
            boolean leaving = current.layer().index() > wantedLayer;
            int temporal = haste == Haste.NONE || !leaving ? wantedTemporal : 0;
            selection.want(current.layer().track().layersWithin() ? wantedLayer : Selection.ALL, temporal);
        }
    }

    /** Whether what is sent now is to stop rather than to go on until a keyframe brings the wanted, lower layer. */
    boolean stopsAtOnce() {
        return haste == Haste.AT_ONCE
                && current != null
                && (current.layer().index() > wantedLayer || selection.waits() && selection.spatial() > wantedLayer);
    }

    /** What is sent now takes of the path, whole or at its lowest frame rate, in bits per second. */
    long sentBps(long now, boolean whole) {
        if (current == null) {
            return 0;
        }
        int spatial = current.layer().track().layersWithin() ? selection.spatial() : Selection.ALL;
        return current.layer().bps(now, spatial, whole ? wantedTemporal : 0);
    }

    /** Sends nothing until the next start. */
    void stop() {
        current = null;
    }

    /** Stops since the path does not carry it: what was lost of it is not worth its room there either. */
    void abandon() {
        stop();
        resending.forget(sequences.highestOut());
        sink.forgetRepairs(stream);
    }

    /** See {@link Forwarder#onNack}. */
    void onNack(long now, int sequence) {
        resending.onNack(now, index(sequence));
    }

    /** See {@link Forwarder#abandoned}. */
    boolean abandoned(int sequence) {
        return resending.forgot(index(sequence));
    }

    private long index(int sequence) {
        return sequences.highestOut() + (short) (sequence - (int) sequences.highestOut());
    }

    /** Begins with a keyframe's first packet, and goes on with what came of the layer after it. */
    void start(long now, Layer layer, RtpView packet, long sequence, long timestamp) {
        begin(layer, sequence, timestamp);
        forward(now, packet, sequence, timestamp);
        forwardEarlier(now, sequence, timestamp);
        layer.read(packet);
    }

    /**
     * Begins with the layer's last keyframe if that has just been, and goes on with all that came since. Not where the
     * slot has shown later pictures: time never runs backwards.
     */
    void startFromStore(long now, Layer layer) {
        ByteBuf packet = layer.findRecentKeyframe(now);
        if (packet == null || stream.payloadTypes(layer.codec()) == null || !stored.wrap(packet)) {
            return;
        }
        long timestamp = layer.keyframeTimestamp();
        if (anySent && outgoing(layer, timestamp) <= lastTimestamp || !layer.read(stored)) {
            return;
        }
        long sequence = layer.keyframeSequence();
        begin(layer, sequence, timestamp);
        forward(now, stored, sequence, timestamp);
        forwardEarlier(now, sequence, timestamp);
    }

    private long outgoing(Layer layer, long timestamp) {
        return stream.timestamp(layer.stream().serverNanos(timestamp));
    }

    private void begin(Layer layer, long sequence, long timestamp) {
        long outgoing = outgoing(layer, timestamp);
        if (anySent && outgoing <= lastTimestamp) {
            outgoing = lastTimestamp + 1;
        }
        current = numbers.start(layer, outgoing - timestamp);
        select();
        selection.begin();
        shownSpatial = -1;
        sequences.start(sequence);
    }

    /** Sends a packet of the present layer on, if it is for this slot. */
    void forward(long now, RtpView packet, long sequence, long timestamp) {
        if (sequences.leaps(sequence)) {
            sequences.start(sequence);
        }
        // A packet without payload is a publisher's probe: worth nothing here, unless its number was promised.
        boolean empty = packet.payloadBytes() == 0 || !selection.takes(frame(), timestamp);
        long index = empty ? sequences.skip(sequence) : sequences.map(sequence);
        if (index == SequenceMap.NONE) {
            return;
        }
        long outgoing = timestamp + current.timestampOffset();
        rewriting.begin(current, packet, outgoing);
        // What comes from the store may be overwritten there by the next packet.
        out.lasting = packet != stored;
        out.index = index;
        out.marker = packet.marker() && !empty;
        if (empty) {
            out.payloadBytes = 0;
        } else {
            rewriting.picture(current, packet, selection);
        }
        remember(index, sequence, outgoing);
        if (shownSpatial != selection.spatial()) {
            shownSpatial = selection.spatial();
            shown.accept(now);
        }
        stream.onSent(now, out.payloadBytes);
        sink.sendRtp(now, out);
    }

    private FrameView frame() {
        return current.layer().frame();
    }

    /** A packet of a codec that the receiver did not offer takes no number, and its absence is no gap. */
    void passOver(Layer layer, long sequence) {
        sink.undecodable();
        if (current != null && current.layer() == layer && current.stream() == layer.stream()) {
            if (sequences.leaps(sequence)) {
                sequences.start(sequence);
            }
            sequences.skip(sequence);
        }
    }

    /**
     * What came after a start before it was one: the rest of a keyframe whose first packet had to be sent again, or all
     * since a keyframe in the store.
     */
    private void forwardEarlier(long now, long start, long startTimestamp) {
        long last = Math.min(current.stream().highestSequence(), start + SequenceMap.REACH);
        for (long sequence = start + 1; sequence <= last; sequence++) {
            ByteBuf packet = current.layer().find(now, sequence);
            if (packet != null && stored.wrap(packet)) {
                long timestamp = startTimestamp + (int) (stored.timestamp() - startTimestamp);
                current.layer().read(stored);
                forward(now, stored, sequence, timestamp);
            }
        }
    }

    private void remember(long index, long sequence, long outgoing) {
        anySent = true;
        boolean newest = outgoing >= lastTimestamp;
        if (newest) {
            lastTimestamp = outgoing;
        }
        sent.add(index, current, sequence);
        sent.describe(index, out);
        if (out.payloadBytes > 0) {
            numbers.onSent(current, frame(), out, newest);
        }
    }
}
