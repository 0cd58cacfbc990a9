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

    private final Track track;
    private final Track.LayerPlan plan;
    private final int index;
    private final RateMeter rate = new RateMeter();
    private final RetransmissionStore store;
    private final List<Forwarder> listeners = new ArrayList<>();
    private final RecentAudio recent = new RecentAudio();

    private final FrameView frame = new FrameView();
    private ReceiveStream stream;
    private Codec codec;
    private ExtensionIds extensions;

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
    Codec codec() {
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
        int coded = frame.height(topSpatial());
        return coded != 0 ? coded : plan.height();
    }

    /** What it takes of a path, in bits per second: as measured, or as planned while it does not flow. */
    long bps(long now) {
        return live(now) ? rate.bps(now) : plan.maxBps();
    }

    /** As the room asks publishers for it. */
    public long maxBps() {
        return plan.maxBps();
    }

    /** The height of one spatial layer of the stream, or 0 where it is not told. */
    int height(int spatial) {
        return frame.height(spatial);
    }

    /** The highest spatial layer within the stream: 0 but for SVC. */
    int topSpatial() {
        return frame.topSpatial();
    }

    /** What the packet in {@link #onPacket} tells of its frame. */
    FrameView frame() {
        return frame;
    }

    boolean live(long now) {
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
        this.codec = codec;
        rate.add(now, packet.buffer().readableBytes());
        boolean keyframe = track.isVideo() && read(packet);
        if (keyframe) {
            track.onKeyframe();
        }
        if (stream.takeBeyondRepair()) {
            track.wantKeyframe();
        }
        if (track.isVideo() && !listeners.isEmpty()) {
            store.put(now, sequence, packet.buffer());
        }
        if (!track.isVideo()) {
            recent.put(now, codec, packet, sequence, timestamp);
        }
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).onPacket(now, this, packet, sequence, timestamp, keyframe);
        }
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

    void unlisten(Forwarder forwarder) {
        if (listeners.remove(forwarder) && listeners.isEmpty()) {
            store.clear();
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
