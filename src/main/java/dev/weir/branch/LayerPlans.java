package dev.weir.branch;

import dev.weir.media.Track;
import dev.weir.signal.Event;
import dev.weir.signal.RoomOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What layers a track will have, with the sizes and rates that the room asks for; and which of them are to be sent. */
final class LayerPlans {
    /** What a layer is taken for that the room says nothing of, until it is measured. */
    private static final long UNKNOWN_BPS = 500_000;

    private LayerPlans() {}

    /** @param rids lowest first; empty: no simulcast, one layer */
    static List<Track.LayerPlan> of(List<String> rids, RoomOptions.Simulcast simulcast) {
        if (rids.isEmpty()) {
            return List.of(new Track.LayerPlan("", 0, UNKNOWN_BPS));
        }
        return rids.stream().map(rid -> plan(rid, simulcast)).toList();
    }

    private static Track.LayerPlan plan(String rid, RoomOptions.Simulcast simulcast) {
        for (RoomOptions.Layer layer : simulcast.layers()) {
            if (layer.rid().equals(rid)) {
                return new Track.LayerPlan(rid, layer.height(), layer.maxBitrate());
            }
        }
        return new Track.LayerPlan(rid, 0, UNKNOWN_BPS);
    }

    /**
     * What a publisher is to be told when other layers of his have takers than before. Layers within one stream (SVC) are
     * named by their index, and get the rates of the room's layers from the lowest.
     */
    static Optional<Event.PublishLayers> change(long now, Track track, RoomOptions.Simulcast simulcast) {
        if (!track.isVideo() || !track.reviewDemand(now) || track.layerCount() == 1) {
            return Optional.empty();
        }
        List<Event.PublishLayers.Layer> layers = new ArrayList<>();
        for (int index = 0; index < track.layerCount(); index++) {
            String rid = track.layersWithin()
                    ? Integer.toString(index)
                    : track.layers().get(index).rid();
            layers.add(new Event.PublishLayers.Layer(rid, track.isWanted(index), maxBps(track, index, simulcast)));
        }
        return Optional.of(new Event.PublishLayers(track.trackId(), layers));
    }

    private static long maxBps(Track track, int index, RoomOptions.Simulcast simulcast) {
        if (!track.layersWithin()) {
            return track.layers().get(index).maxBps();
        }
        int last = simulcast.layers().size() - 1;
        return last < 0
                ? UNKNOWN_BPS
                : simulcast.layers().get(Math.min(index, last)).maxBitrate();
    }
}
