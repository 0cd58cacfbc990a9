package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.ExtensionIds;
import dev.weir.rtp.RtpView;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** One encoding of a track: the stream that brings it, its last second, and the forwarders that listen to it. */
public final class Layer {
    /** A layer with no packet for this long does not count as there: a publisher's encoder has switched it off. */
    static final long LIVE_NANOS = 1_500_000_000L;

    /** A viewer who comes sooner than this after a keyframe begins with it. */
    static final long RECENT_KEYFRAME_NANOS = 500_000_000;

    /** What each spatial layer is taken to cost more than the one below, where it does not flow and so is not measured. */
    private static final int SPATIAL_COST = 3;

    private final Track track;
    private final Track.LayerPlan plan;
    private final int index;
    private final LayerRates rates = new LayerRates();
    private final RetransmissionStore store;
    private final List<Forwarder> listeners = new ArrayList<>();
    private final RecentAudio recent = new RecentAudio();

    private final FrameView frame = new FrameView();
    private ReceiveStream stream;
    private Codec codec;
    private ExtensionIds extensions;
    private int knownSpatial;
    private boolean keyframeSeen;
    private long keyframeAt;
    private long keyframeSequence;
    private long keyframeTimestamp;

    Layer(Track track, Track.LayerPlan plan, int index, StoreBudget budget) {
        this.track = track;
        this.plan = plan;
        this.index = index;
        this.store = new RetransmissionStore(budget);
    }

    public Track track() {
        return track;
    }

    /** Empty for a track without simulcast. */
    public String rid() {
        return plan.rid();
    }

    /** 0 is the lowest. */
    int index() {
        return index;
    }

    /** What the layer's packets carry, as of the last one. */
    public Codec codec() {
        return codec;
    }

    /** The ids of header extensions in this layer's packets, which are the publisher's. */
    ExtensionIds extensions() {
        return extensions;
    }

    ReceiveStream stream() {
        return stream;
    }

    /** The picture's height in pixels: as coded where keyframes say it, else as the room asked for, else 0. */
    int height() {
        int coded = frame.height(knownSpatial);
        return coded != 0 ? coded : plan.height();
    }

    /**
     * What it takes of a path up to a spatial layer within it and a temporal layer, in bits per second: as measured, or as
     * planned while it does not flow.
     */
    long bps(long now, int spatial, int temporal) {
        if (!live(now)) {
            return plan.maxBps();
        }
        long bps = rates.bps(now, spatial, temporal);
        if (temporal == Selection.ALL && !rid().isEmpty() && !rates.settled(now)) {
            // An encoder that has just been switched on begins far below what it will send.
            bps = Math.max(bps, plan.maxBps());
        }
        for (int higher = frame.topSpatial(); higher < Math.min(spatial, knownSpatial); higher++) {
            bps *= SPATIAL_COST;
        }
        return bps;
    }

    /** The highest temporal layer within the stream. */
    int topTemporal() {
        return rates.topTemporal();
    }

    /** As the room asks publishers for it. */
    public long maxBps() {
        return plan.maxBps();
    }

    /** The height of one spatial layer of the stream, or 0 where it is not told. */
    int height(int spatial) {
        return frame.height(spatial);
    }

    /** The highest spatial layer that the stream has had, whether or not its publisher sends it now: 0 but for SVC. */
    int knownSpatial() {
        return knownSpatial;
    }

    /** What the packet in {@link #onPacket} tells of its frame. */
    FrameView frame() {
        return frame;
    }

    /** Whether it comes, as far as one can tell now. */
    public boolean live(long now) {
        return stream != null && stream.started() && now - stream.lastArrival() < LIVE_NANOS;
    }

    /**
     * Binds the SSRC that brings this layer; a new one (a publisher may start over) replaces the one before.
     *
     * @param extensions the ids in its packets
     */
    public void bind(ReceiveStream stream, ExtensionIds extensions) {
        this.stream = stream;
        this.extensions = extensions;
        frame.reset();
        rates.reset();
        knownSpatial = 0;
        keyframeSeen = false;
        store.clear();
        recent.clear();
    }

    /**
     * A packet of this layer, new and authenticated, on its way to all who listen.
     *
     * @param packet wrapped whole; borrowed
     * @param sequence unwrapped, by the layer's stream
     * @param timestamp unwrapped
     */
    public void onPacket(long now, Codec codec, RtpView packet, long sequence, long timestamp) {
        if (codec != this.codec) {
            // The layers of one codec within the stream say nothing of the next one's, and nothing begins with its
            // keyframe.
            knownSpatial = 0;
            keyframeSeen = false;
            frame.forgetLayers();
            this.codec = codec;
        }
        boolean keyframe = track.isVideo() && onPicture(now, packet, sequence, timestamp);
        if (!track.isVideo()) {
            rates.add(now, frame, packet.buffer().readableBytes());
            recent.put(now, codec, packet, sequence, timestamp);
        }
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).onPacket(now, this, packet, sequence, timestamp, keyframe);
        }
    }

    private boolean onPicture(long now, RtpView packet, long sequence, long timestamp) {
        int bytes = packet.buffer().readableBytes();
        boolean keyframe = read(packet);
        rates.add(now, frame, bytes);
        knownSpatial = Math.max(knownSpatial, frame.topSpatial());
        if (keyframe) {
            keyframeSeen = true;
            keyframeAt = now;
            keyframeSequence = sequence;
            keyframeTimestamp = timestamp;
            track.onKeyframe();
        }
        if (index == 0) {
            track.onLayersWithin(now);
        }
        track.onPictureBytes(now, bytes, keyframeSeen && timestamp == keyframeTimestamp);
        boolean broken = stream.takeBeyondRepair();
        if (!listeners.isEmpty()) {
            store.put(now, sequence, packet.buffer());
            if (broken) {
                track.wantKeyframe(now, true);
            }
        }
        return keyframe;
    }

    /** The first packet of a keyframe that has just been, or null. Borrowed, until the next packet comes. */
    ByteBuf findRecentKeyframe(long now) {
        return keyframeSeen && now - keyframeAt <= RECENT_KEYFRAME_NANOS ? store.find(now, keyframeSequence) : null;
    }

    /** The last keyframe's, unwrapped. Only if there was one, as for {@link #keyframeTimestamp}. */
    long keyframeSequence() {
        return keyframeSequence;
    }

    long keyframeTimestamp() {
        return keyframeTimestamp;
    }

    /** Whether what a viewer gets of it is told by the layers within the stream, rather than by its own place. */
    boolean countsWithin() {
        return track.layersWithin() && index == 0;
    }

    void listen(Forwarder forwarder) {
        if (!listeners.contains(forwarder)) {
            listeners.add(forwarder);
        }
    }

    /** Gives a forwarder that turns to this voice now what it missed of the word that is being spoken. */
    void repeatWord(long now, Forwarder forwarder) {
        SpeechActivity activity = track.audioLevel().activity();
        if (activity.speaking() && now - activity.since() <= RecentAudio.MAX_AGE_NANOS) {
            recent.repeat(now, activity.since() - RecentAudio.LEAD_NANOS, this, forwarder);
        }
    }

    /** What was sent of the layer last may still be asked for: the store stays until {@link #releaseStore}. */
    void unlisten(Forwarder forwarder) {
        listeners.remove(forwarder);
    }

    /** Lets the store go when nobody has listened for as long as it holds packets. */
    void releaseStore(long now) {
        if (listeners.isEmpty()) {
            store.clearIfOld(now);
        }
    }

    void close(long now) {
        while (!listeners.isEmpty()) {
            listeners.getLast().onTrackClosed(now, track);
        }
        store.clear();
    }

    ByteBuf find(long now, long sequence) {
        return store.find(now, sequence);
    }

    /** Points {@link #frame} at a packet of this layer. @return whether a decoder can begin with it */
    boolean read(RtpView packet) {
        frame.read(codec, packet, extensions);
        return frame.startsKeyframe();
    }
}
