package dev.weir.media;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The things that tests of this package need around a forwarder: slots, tracks, and a publisher that counts. */
final class Scenery {
    static final long MILLISECOND = 1_000_000;
    static final int SLOT_SSRC = 0x5107;
    static final int SLOT_RTX_SSRC = 0x5108;
    static final int VP8_TYPE = 101;
    static final int VP8_RTX_TYPE = 102;
    static final int H264_TYPE = 103;
    static final int H264_RTX_TYPE = 104;
    static final int OPUS_TYPE = 111;

    private Scenery() {}

    /** Remembers who was asked for a keyframe, and when. */
    static final class Publisher implements Track.Publisher {
        record Asked(long now, int ssrc) {}

        final List<Asked> asked = new ArrayList<>();

        @Override
        public void requestKeyframe(long now, int ssrc) {
            asked.add(new Asked(now, ssrc));
        }
    }

    static SendStream videoSlot(int firstSequence) {
        return new SendStream(
                "v0",
                MediaKind.VIDEO,
                SLOT_SSRC,
                SLOT_RTX_SSRC,
                Map.of(
                        Codec.VP8, new SendStream.PayloadTypes(VP8_TYPE, VP8_RTX_TYPE),
                        Codec.H264, new SendStream.PayloadTypes(H264_TYPE, H264_RTX_TYPE)),
                firstSequence,
                7,
                0xffff_0000L);
    }

    static SendStream audioSlot(String mid) {
        return new SendStream(
                mid,
                MediaKind.AUDIO,
                SLOT_SSRC,
                0,
                Map.of(Codec.OPUS, new SendStream.PayloadTypes(OPUS_TYPE, -1)),
                100,
                7,
                0);
    }

    static Forwarder forwarder(SendStream slot, PacketSink sink) {
        return new Forwarder(slot, sink, (_, _) -> {});
    }

    /** A camera with the layers q, h and f. */
    static Track camera(String id, int csrc, Track.Publisher publisher, StoreBudget budget) {
        List<Track.LayerPlan> plans = List.of(
                new Track.LayerPlan("q", 180, 500_000),
                new Track.LayerPlan("h", 360, 500_000),
                new Track.LayerPlan("f", 720, 500_000));
        return new Track(id, "publisher of " + id, MediaKind.VIDEO, csrc, plans, publisher, budget);
    }

    static Track camera(String id) {
        return camera(id, 0xc0de, new Publisher(), new StoreBudget(1 << 24));
    }

    static Track microphone(String id, String participantId) {
        return new Track(
                id,
                participantId,
                MediaKind.AUDIO,
                id.hashCode(),
                List.of(new Track.LayerPlan("", 0, 500_000)),
                new Publisher(),
                new StoreBudget(0));
    }

    /**
     * Keeps every layer of a track in the store, as other viewers would: a slot that listens to all layers, since none
     * has begun, and can use none. Call it before the first packet.
     */
    static void watchAllLayers(long now, Track track) {
        SendStream deaf = new SendStream("v1", MediaKind.VIDEO, 1, 2, Map.of(), 0, 0, 0);
        forwarder(deaf, (_, _) -> {}).show(now, track);
    }
}
