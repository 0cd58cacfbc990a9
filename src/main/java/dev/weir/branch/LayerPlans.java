package dev.weir.branch;

import dev.weir.media.Track;
import dev.weir.signal.RoomOptions;
import java.util.List;

/** What layers a track will have: those that the offer names, with the sizes that the room asks for. */
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
}
