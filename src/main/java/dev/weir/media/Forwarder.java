package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import dev.weir.rtp.RtpView;

/**
 * Serves one slot: follows one track at a time, selects its layer, and has its packets rewritten so that the slot is one
 * unbroken stream across every switch. The old layer keeps flowing until the new one's keyframe is there.
 */
public final class Forwarder {
    /** How often a forwarder looks whether its layer is still the right one. */
    private static final long REVIEW_NANOS = 200_000_000;

    private final SendStream stream;
    private final SlotWatcher watcher;

    /** One of the two is null: a slot is for sound or for pictures. */
    private final AudioRewriter audio;

    private final VideoRewriter video;

    private Track track;
    private Layer target;
    private long nextReview = Long.MAX_VALUE;
    private boolean paused;

    public Forwarder(SendStream stream, PacketSink sink, SlotWatcher watcher) {
        this.stream = stream;
        this.watcher = watcher;
        boolean sound = stream.kind() == MediaKind.AUDIO;
        this.audio = sound ? new AudioRewriter(stream, sink) : null;
        this.video = sound ? null : new VideoRewriter(stream, sink, now -> watcher.onSlot(now, this));
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
        return video == null ? 0 : video.resentPackets();
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
     * The most that the viewer has a use for; of pictures only.
     *
     * @param spatial a layer of simulcast or of SVC, whichever the track has; by index
     * @param temporal the highest temporal layer
     * @param leaving how a higher layer that is sent now is left
     */
    void want(long now, int spatial, int temporal, Haste leaving) {
        if (video.wants(spatial, temporal, leaving) && !paused) {
            return;
        }
        boolean other = spatial != video.wantedLayer() || paused;
        paused = false;
        video.want(spatial, temporal, leaving);
        if (video.stopsAtOnce()) {
            video.abandon();
            stop();
            other = true;
        }
        if (other) {
            review(now);
        }
    }

    /** What is sent now takes of the path, whole or at its lowest frame rate, in bits per second. */
    long sentBps(long now, boolean whole) {
        return video.sentBps(now, whole);
    }

    /** Sends nothing of the track, which is of pictures, until {@link #want} says otherwise; the slot stays its own. */
    void pause(long now) {
        if (track == null || paused) {
            return;
        }
        video.abandon();
        stop();
        paused = true;
        watcher.onSlot(now, this);
    }

    /** Whether the path has no room for the track that the slot is for. */
    public boolean paused() {
        return paused;
    }

    /** The layer that is to be kept up for this viewer, as {@link #want} said last. */
    int wantedLayer() {
        return paused ? 0 : video == null ? Selection.ALL : video.wantedLayer();
    }

    /** The layer that is sent now: its rid, or the spatial layer's index as text. Null: none yet. */
    public String shownLayer() {
        Layer layer = layer();
        return layer == null ? null : layer.countsWithin() ? Integer.toString(spatial()) : layer.rid();
    }

    /** The index of the layer that is sent now, of simulcast or SVC; -1: none yet. */
    public int shownIndex() {
        Layer layer = layer();
        return layer == null ? -1 : layer.countsWithin() ? spatial() : layer.index();
    }

    private int spatial() {
        return video == null ? 0 : video.spatial();
    }

    /** The encoding that is sent now, or null. */
    Layer layer() {
        return audio != null ? audio.layer() : video.layer();
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
     * Sends a packet again that the receiver misses (RFC 4585, RFC 4588), if it still is in the store. Of pictures only.
     *
     * @param sequence 16 bits, of this slot's stream
     */
    public void onNack(long now, int sequence) {
        if (track != null && video != null) {
            video.onNack(now, sequence);
        }
    }

    /** Whether a packet is of a picture that stopped because the path did not carry it. @param sequence 16 bits */
    public boolean abandoned(int sequence) {
        return video != null && video.abandoned(sequence);
    }

    void onPacket(long now, Layer layer, RtpView packet, long sequence, long timestamp, boolean keyframe) {
        if (audio != null) {
            onAudio(now, layer, layer.codec(), packet, sequence, timestamp);
        } else if (stream.payloadTypes(layer.codec()) == null) {
            video.passOver(layer, sequence);
        } else if (video.isCurrent(layer)) {
            video.forward(now, packet, sequence, timestamp);
        } else if (keyframe && takes(layer)) {
            Layer before = video.layer();
            video.start(now, layer, packet, sequence, timestamp);
            if (before != null && before != layer) {
                before.unlisten(this);
            }
        }
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
        Layer chosen = track.choose(now, wantedLayer());
        if (chosen == null) {
            // Nothing has come yet: whichever layer starts first will do.
            track.layers().forEach(layer -> layer.listen(this));
            target = target == null ? track.layers().getFirst() : target;
            return;
        }
        target = chosen;
        for (int i = 0; i < track.layers().size(); i++) {
            Layer layer = track.layers().get(i);
            if (layer == chosen || video != null && video.isCurrent(layer)) {
                layer.listen(this);
            } else {
                layer.unlisten(this);
            }
        }
        // A keyframe in a codec that this slot does not take would only cost the publisher.
        if (video != null && track.isVideo() && stream.takes(chosen.codec())) {
            approach(now, chosen);
        }
    }

    private void approach(long now, Layer chosen) {
        if (video.layer() == null) {
            video.startFromStore(now, chosen);
        }
        if (!video.isCurrent(chosen) || video.waits()) {
            track.wantKeyframe(now, video.layer() == null);
        }
    }

    /** The track's layers come within one stream from now on, or in several. */
    void onOtherLayers(long now) {
        if (video != null) {
            video.select();
        }
        review(now);
    }

    /** Whether a start of this layer is to be used: the one chosen, or while choosing, a better one than the current. */
    private boolean takes(Layer layer) {
        Layer now = video.layer();
        return layer == target || now == null || layer.index() <= wantedLayer() && layer.index() > now.index();
    }

    private void leave() {
        stop();
        if (track != null) {
            track.remove(this);
        }
    }

    private void stop() {
        if (track != null) {
            track.layers().forEach(layer -> layer.unlisten(this));
        }
        if (audio != null) {
            audio.stop();
        } else {
            video.stop();
        }
        target = null;
        nextReview = Long.MAX_VALUE;
    }
}
