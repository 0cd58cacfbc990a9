package dev.weir.media;

import dev.weir.media.Allocator.Rung;
import java.util.ArrayList;
import java.util.List;

/** The ways in which a track can be sent to one tile: temporal layers of the lowest spatial layer, then higher ones. */
final class Ladder {
    private Ladder() {}

    /**
     * Lowest first, at least one.
     *
     * @param most the highest spatial layer that the tile has a use for, by index
     */
    static List<Rung> of(long now, Track track, int most) {
        List<Rung> rungs = new ArrayList<>();
        Layer lowest = track.layers().getFirst();
        for (int temporal = 0; temporal < lowest.topTemporal(); temporal++) {
            rungs.add(new Rung(0, temporal, lowest.bps(now, 0, temporal)));
        }
        int top = top(track, most);
        for (int spatial = 0; spatial <= top; spatial++) {
            rungs.add(new Rung(spatial, Selection.ALL, bps(now, track, spatial)));
        }
        return rungs;
    }

    /** The highest spatial layer of the ladder. */
    static int top(Track track, int most) {
        boolean scalable = track.layersWithin();
        return Math.min(
                most,
                scalable
                        ? track.layers().getFirst().knownSpatial()
                        : track.layers().size() - 1);
    }

    /** What a spatial layer takes at its full frame rate. */
    static long bps(long now, Track track, int spatial) {
        return track.layersWithin()
                ? track.layers().getFirst().bps(now, spatial, Selection.ALL)
                : track.layers().get(spatial).bps(now, Selection.ALL, Selection.ALL);
    }
}
