package dev.weir.media;

import dev.weir.rtp.MediaKind;
import dev.weir.rtp.Vp9Descriptor;
import java.util.ArrayList;
import java.util.List;

/** What a participant publishes, as the shard that receives it knows it: its layers and the way to ask for keyframes. */
public final class Track {
    /** The publisher's side of a track. */
    public interface Publisher {
        /** Asks for a keyframe of this SSRC by PLI (RFC 4585 section 6.3.1). */
        void requestKeyframe(long now, int ssrc);

        /** {@link Track#onTimeout} is due at that time, for whoever does not ask for it all the time. */
        default void isDue(long at) {}
    }

    /**
     * A layer to be.
     *
     * @param rid empty without simulcast
     * @param height in pixels as the room asks for it, 0 unknown
     * @param maxBps as the room asks for it
     */
    public record LayerPlan(String rid, int height, long maxBps) {}

    private final String trackId;
    private final String participantId;
    private final MediaKind kind;
    private final int csrc;
    private final Publisher publisher;
    private final List<Layer> layers = new ArrayList<>();
    private final KeyframeGate gate = new KeyframeGate();
    private final AudioLevel audioLevel = new AudioLevel();
    private final List<Forwarder> viewers = new ArrayList<>();
    private final LayerDemand demand;

    /** As of the last packet, and as of what the publisher was told last. */
    private boolean within;

    private boolean toldWithin;

    /**
     * @param csrc the number that names this track in every slot
     * @param plans lowest first, at least one
     */
    public Track(
            String trackId,
            String participantId,
            MediaKind kind,
            int csrc,
            List<LayerPlan> plans,
            Publisher publisher,
            StoreBudget budget) {
        this.trackId = trackId;
        this.participantId = participantId;
        this.kind = kind;
        this.csrc = csrc;
        this.publisher = publisher;
        for (LayerPlan plan : plans) {
            layers.add(new Layer(this, plan, layers.size(), budget));
        }
        this.demand = new LayerDemand(Math.max(plans.size(), Vp9Descriptor.MAX_SPATIAL));
        this.within = plans.size() == 1;
        this.toldWithin = within;
    }

    public String trackId() {
        return trackId;
    }

    public String participantId() {
        return participantId;
    }

    public int csrc() {
        return csrc;
    }

    public boolean isVideo() {
        return kind == MediaKind.VIDEO;
    }

    /** Lowest first. */
    public List<Layer> layers() {
        return layers;
    }

    /**
     * Whether its layers of size are within one stream: where it has only one, or where the lowest of several has some
     * within, as a publisher sends whose codec had to change (VP9 and AV1 in the encoding that is the lowest else).
     */
    public boolean layersWithin() {
        return within;
    }

    /** The lowest layer's stream has another codec, or more within it. */
    void onLayersWithin(long now) {
        boolean before = within;
        within = layers.size() == 1 || layers.getFirst().knownSpatial() > 0;
        if (within != before) {
            for (Forwarder viewer : List.copyOf(viewers)) {
                viewer.onOtherLayers(now);
            }
        }
    }

    /** How loud it is now; silent for video. */
    public AudioLevel audioLevel() {
        return audioLevel;
    }

    void add(Forwarder viewer) {
        viewers.add(viewer);
    }

    void remove(Forwarder viewer) {
        viewers.remove(viewer);
    }

    /**
     * Looks which layers have takers. The lowest has one while anybody watches: it is what a viewer falls back to.
     *
     * @return whether the publisher is to be told of {@link #isWanted}
     */
    public boolean reviewDemand(long now) {
        for (Layer layer : layers) {
            layer.releaseStore(now);
        }
        for (Forwarder viewer : viewers) {
            demand.want(now, 0);
            demand.want(now, Math.min(viewer.wantedLayer(), layerCount() - 1));
        }
        boolean otherNames = within != toldWithin;
        toldWithin = within;
        return demand.review(now, layerCount()) || otherNames;
    }

    /** Whether a layer is to be sent, as of the last review. @param index of simulcast or of SVC */
    public boolean isWanted(int index) {
        return demand.isActive(index);
    }

    /** @param urgent a viewer has no picture */
    void wantKeyframe(long now, boolean urgent) {
        gate.want(now, urgent);
        publisher.isDue(gate.nextTimeout());
    }

    /** @param ofKeyframe whether the bytes are a keyframe's */
    void onPictureBytes(long now, int bytes, boolean ofKeyframe) {
        gate.onBytes(now, bytes, ofKeyframe);
    }

    void onKeyframe() {
        gate.onKeyframe();
    }

    /** When {@link #onTimeout} is due, for a keyframe request that waits at the gate. */
    public long nextTimeout() {
        return gate.nextTimeout();
    }

    /** VP8 and H264 simulcast encoders make keyframes on all layers for one request; others are asked each. */
    public void onTimeout(long now) {
        if (!gate.pass(now)) {
            return;
        }
        for (Layer layer : layers) {
            if (layer.live(now)) {
                publisher.requestKeyframe(now, layer.stream().ssrc());
            }
        }
    }

    /** The publisher is gone or took the track back: every slot that shows it falls silent. */
    public void close(long now) {
        for (Layer layer : layers) {
            layer.close(now);
        }
    }

    /**
     * The best layer of at most this height: the highest live one, or the lowest live one where all are larger, or null
     * while none is live.
     *
     * @param wantedIndex the highest layer that the viewer has a use for
     */
    Layer choose(long now, int wantedIndex) {
        if (within && layers.getFirst().live(now)) {
            return layers.getFirst();
        }
        Layer chosen = null;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            if (layer.live(now) && (chosen == null || layer.index() <= wantedIndex)) {
                chosen = layer;
            }
        }
        return chosen;
    }

    /**
     * The smallest layer of at least three quarters of the tile's height (DESIGN's rule for tiles), among those that are
     * no higher than the viewer's device can decode; the lowest in any case.
     */
    int layerFor(int tileHeight, int maxHeight) {
        int layers = layerCount();
        int most = 0;
        while (most + 1 < layers && height(most + 1) <= maxHeight) {
            most++;
        }
        for (int index = 0; index < most; index++) {
            if (4 * height(index) >= 3 * tileHeight) {
                return index;
            }
        }
        return most;
    }

    /** How many spatial layers there are, of simulcast or within one stream. */
    public int layerCount() {
        return within ? layers.getFirst().knownSpatial() + 1 : layers.size();
    }

    private int height(int index) {
        return within ? layers.getFirst().height(index) : layers.get(index).height();
    }
}
