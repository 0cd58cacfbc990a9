package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.RtpView;
import io.netty.buffer.ByteBuf;

/**
 * Serves one slot: follows one track at a time, selects its layer, and rewrites packets so that the slot is one unbroken
 * stream across every switch. The old layer keeps flowing until the new one's keyframe is there.
 */
public final class Forwarder {
    /** How often a forwarder looks whether its layer is still the right one. */
    private static final long REVIEW_NANOS = 200_000_000;

    private final SendStream stream;
    private final PacketSink sink;
    private final SlotWatcher watcher;
    private final OutgoingRtp out = new OutgoingRtp();
    private final Rewriting rewriting;
    private final SequenceMap sequences;
    private final SentPackets sent = new SentPackets();
    private final Selection selection = new Selection();
    private final SlotNumbers numbers = new SlotNumbers();
    private final RtpView stored = new RtpView();
    private final AudioRewriter audio;
    private final Resending resending;

    private Track track;
    private int wantedLayer = Selection.ALL;
    private int wantedTemporal = Selection.ALL;
    private Layer target;
    private Segment current;
    private long nextReview = Long.MAX_VALUE;
    private long lastTimestamp;
    private boolean anySent;
    private int shownSpatial;
    private boolean paused;
    private Haste haste = Haste.NONE;

    public Forwarder(SendStream stream, PacketSink sink, SlotWatcher watcher) {
        this.stream = stream;
        this.sink = sink;
        this.watcher = watcher;
        this.rewriting = new Rewriting(stream, out);
        this.sequences = new SequenceMap(stream.firstIndex() - 1);
        this.resending = new Resending(stream, sink, rewriting, out, sent);
        this.audio = stream.kind() == MediaKind.AUDIO ? new AudioRewriter(stream, sink) : null;
    }

    public SendStream stream() {
        return stream;
    }

    /** What the slot is for now, or null. */
    public Track track() {
        return track;
    }

    /** Packets sent again, ever. */
    public long resentPackets() {
        return resending.packets();
    }

    /**
     * Shows a track from now on, or nothing. What was shown stops at once.
     *
     * @param next null: nothing
     */
    public void show(long now, Track next) {
        if (next == track) {
            return;
        }
        leave();
        track = next;
        paused = false;
        wantOfLayer();
        watcher.onSlot(now, this);
        if (next != null) {
            next.add(this);
            review(now);
            if (audio != null) {
                next.layers().getFirst().repeatWord(now, this);
            }
        }
    }

    /**
     * The most that the viewer has a use for.
     *
     * @param spatial a layer of simulcast or of SVC, whichever the track has; by index
     * @param temporal the highest temporal layer
     * @param leaving how a higher layer that is sent now is left
     */
    void want(long now, int spatial, int temporal, Haste leaving) {
        if (spatial == wantedLayer && temporal == wantedTemporal && leaving == haste && !paused) {
            return;
        }
        boolean other = spatial != wantedLayer || paused;
        wantedLayer = spatial;
        wantedTemporal = temporal;
        haste = leaving;
        paused = false;
        wantOfLayer();
        if (leaving == Haste.AT_ONCE && current != null && leaves()) {
            abandon();
            other = true;
        }
        if (other) {
            review(now);
        }
    }

    /** Whether what is sent now goes on only until a keyframe brings the wanted layer, which is a lower one. */
    private boolean leaves() {
        return current.layer().index() > wantedLayer || selection.waits() && selection.spatial() > wantedLayer;
    }

    /** What is sent now takes of the path, whole or at its lowest frame rate, in bits per second. */
    long sentBps(long now, boolean whole) {
        if (current == null) {
            return 0;
        }
        int spatial = track != null && track.layersWithin() ? selection.spatial() : Selection.ALL;
        return current.layer().bps(now, spatial, whole ? wantedTemporal : 0);
    }

    /** Sends nothing of the track until {@link #want} says otherwise; the slot stays its own. */
    void pause(long now) {
        if (track == null || paused) {
            return;
        }
        abandon();
        paused = true;
        watcher.onSlot(now, this);
    }

    /** Whether the path has no room for the track that the slot is for. */
    public boolean paused() {
        return paused;
    }

    /** The layer that is to be kept up for this viewer, as {@link #want} said last. */
    int wantedLayer() {
        return paused ? 0 : wantedLayer;
    }

    /** The layer that is sent now: its rid, or the spatial layer's index as text. Null: none yet. */
    public String shownLayer() {
        Layer layer = layer();
        return layer == null ? null : layer.countsWithin() ? Integer.toString(selection.spatial()) : layer.rid();
    }

    /** The index of the layer that is sent now, of simulcast or SVC; -1: none yet. */
    public int shownIndex() {
        Layer layer = layer();
        return layer == null ? -1 : layer.countsWithin() ? selection.spatial() : layer.index();
    }

    /** The encoding that is sent now, or null. */
    Layer layer() {
        return audio != null ? audio.layer() : current == null ? null : current.layer();
    }

    public long nextTimeout() {
        return nextReview;
    }

    public void onTimeout(long now) {
        if (now >= nextReview) {
            review(now);
        }
    }

    /** The receiver lost its picture: it needs a keyframe. */
    public void onPictureLoss(long now) {
        if (track != null && !paused) {
            track.wantKeyframe(now, true);
        }
    }

    /**
     * Sends a packet again that the receiver misses (RFC 4585, RFC 4588), if it still is in the store.
     *
     * @param sequence 16 bits, of this slot's stream
     */
    public void onNack(long now, int sequence) {
        if (track != null) {
            resending.onNack(now, index(sequence));
        }
    }

    /** Whether a packet is of a picture that stopped because the path did not carry it. @param sequence 16 bits */
    public boolean abandoned(int sequence) {
        return resending.forgot(index(sequence));
    }

    private long index(int sequence) {
        return sequences.highestOut() + (short) (sequence - (int) sequences.highestOut());
    }

    void onPacket(long now, Layer layer, RtpView packet, long sequence, long timestamp, boolean keyframe) {
        if (audio != null) {
            onAudio(now, layer, layer.codec(), packet, sequence, timestamp);
            return;
        }
        if (stream.payloadTypes(layer.codec()) == null) {
            passOver(layer, sequence);
            return;
        }
        if (!isCurrent(layer)) {
            if (!takes(layer) || !keyframe) {
                return;
            }
            switchTo(now, layer, sequence, timestamp);
            forward(now, packet, sequence, timestamp);
            forwardEarlier(now, sequence, timestamp);
            layer.read(packet);
            return;
        }
        forward(now, packet, sequence, timestamp);
    }

    /** A packet of a voice, as it comes or repeated. */
    void onAudio(long now, Layer layer, Codec codec, RtpView packet, long sequence, long timestamp) {
        if (audio.onPacket(now, layer, codec, packet, sequence, timestamp)) {
            watcher.onSlot(now, this);
        }
    }

    void onTrackClosed(long now, Track closed) {
        if (closed == track) {
            close();
            watcher.onSlot(now, this);
        } else {
            closed.layers().forEach(layer -> layer.unlisten(this));
        }
    }

    /** Ends this slot's listening, when its peer goes. */
    public void close() {
        leave();
        track = null;
    }

    private void review(long now) {
        if (track == null || paused) {
            nextReview = Long.MAX_VALUE;
            return;
        }
        nextReview = now + REVIEW_NANOS;
        Layer chosen = track.choose(now, wantedLayer);
        if (chosen == null) {
            // Nothing has come yet: whichever layer starts first will do.
            track.layers().forEach(layer -> layer.listen(this));
            target = target == null ? track.layers().getFirst() : target;
            return;
        }
        target = chosen;
        for (int i = 0; i < track.layers().size(); i++) {
            Layer layer = track.layers().get(i);
            if (layer == chosen || isCurrent(layer)) {
                layer.listen(this);
            } else {
                layer.unlisten(this);
            }
        }
        // A keyframe in a codec that this slot does not take would only cost the publisher.
        if (!track.isVideo() || !stream.takes(chosen.codec())) {
            return;
        }
        if (current == null) {
            startFromStore(now, chosen);
        }
        if (!isCurrent(chosen) || selection.waits()) {
            track.wantKeyframe(now, current == null);
        }
    }

    /**
     * Begins with the layer's last keyframe if that has just been, and goes on with all that came since. Not where the
     * slot has shown later pictures: time never runs backwards.
     */
    private void startFromStore(long now, Layer layer) {
        ByteBuf packet = layer.findRecentKeyframe(now);
        if (packet == null || stream.payloadTypes(layer.codec()) == null || !stored.wrap(packet)) {
            return;
        }
        long timestamp = layer.keyframeTimestamp();
        if (anySent && outgoing(layer, timestamp) <= lastTimestamp || !layer.read(stored)) {
            return;
        }
        long sequence = layer.keyframeSequence();
        switchTo(now, layer, sequence, timestamp);
        forward(now, stored, sequence, timestamp);
        forwardEarlier(now, sequence, timestamp);
    }

    private long outgoing(Layer layer, long timestamp) {
        return stream.timestamp(layer.stream().serverNanos(timestamp));
    }

    /** The track's layers come within one stream from now on, or in several. */
    void onOtherLayers(long now) {
        wantOfLayer();
        review(now);
    }

    private void wantOfLayer() {
        boolean leaving = current != null && current.layer().index() > wantedLayer;
        int temporal = haste == Haste.NONE || !leaving ? wantedTemporal : 0;
        boolean within = track != null && track.layersWithin();
        selection.want(within ? wantedLayer : Selection.ALL, temporal);
    }

    private boolean isCurrent(Layer layer) {
        return current != null
                && current.layer() == layer
                && current.stream() == layer.stream()
                && current.codec() == layer.codec();
    }

    /** Whether a start of this layer is to be used: the one chosen, or while choosing, a better one than the current. */
    private boolean takes(Layer layer) {
        if (layer == target || current == null) {
            return true;
        }
        return layer.index() <= wantedLayer && layer.index() > current.layer().index();
    }

    private void switchTo(long now, Layer layer, long sequence, long timestamp) {
        Layer before = current == null ? null : current.layer();
        long outgoing = outgoing(layer, timestamp);
        if (anySent && outgoing <= lastTimestamp) {
            outgoing = lastTimestamp + 1;
        }
        current = numbers.start(layer, outgoing - timestamp);
        wantOfLayer();
        selection.begin();
        shownSpatial = -1;
        sequences.start(sequence);
        if (before != null && before != layer) {
            before.unlisten(this);
        }
    }

    private void forward(long now, RtpView packet, long sequence, long timestamp) {
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
        out.index = index;
        out.marker = packet.marker() && !empty;
        if (empty) {
            out.payloadBytes = 0;
        } else {
            rewriting.picture(current, packet, selection);
        }
        remember(index, sequence, outgoing);
        showSpatial(now);
        stream.onSent(now, out.payloadBytes);
        sink.sendRtp(now, out);
    }

    private FrameView frame() {
        return current.layer().frame();
    }

    /** A slot's watcher hears of a source with its first packet, and of another spatial layer with its first. */
    private void showSpatial(long now) {
        if (shownSpatial != selection.spatial()) {
            shownSpatial = selection.spatial();
            watcher.onSlot(now, this);
        }
    }

    /** A packet of a codec that the receiver did not offer takes no number, and its absence is no gap. */
    private void passOver(Layer layer, long sequence) {
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

    private void leave() {
        stop();
        if (track != null) {
            track.remove(this);
        }
    }

    /** Stops since the path does not carry it: what was lost of it is not worth its room there either. */
    private void abandon() {
        stop();
        resending.forget(sequences.highestOut());
        sink.forgetRepairs(stream);
    }

    private void stop() {
        if (track != null) {
            track.layers().forEach(layer -> layer.unlisten(this));
        }
        if (audio != null) {
            audio.stop();
        }
        current = null;
        target = null;
        nextReview = Long.MAX_VALUE;
    }
}
