package dev.weir.branch;

import dev.weir.media.Allocator;
import dev.weir.media.Slots;
import dev.weir.media.Track;
import dev.weir.signal.Request;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.ArrayList;
import java.util.List;

/** Turns a view into wishes: the tiles that can be served here, each with what makes it important. */
final class Wishes {
    private Wishes() {}

    /** @param viewer who gets nothing of himself, nor of those in other breakout rooms */
    static List<Slots.Wish> of(Request.View view, String viewer, Stage stage, Roster roster) {
        List<Slots.Wish> wishes = new ArrayList<>();
        for (Request.Tile tile : view.tiles()) {
            Track track = stage.track(tile.trackId());
            Snapshot.Track known = roster.track(tile.trackId());
            if (track == null || known == null || tile.height() == 0) {
                continue;
            }
            if (track.isVideo() && Stage.reaches(track, viewer, roster)) {
                Snapshot.Speaker speaker = roster.speaker(roster.whereabouts(viewer));
                wishes.add(new Slots.Wish(track, tile.height(), importance(tile, known, speaker)));
            }
        }
        return wishes;
    }

    private static Allocator.Importance importance(Request.Tile tile, Snapshot.Track track, Snapshot.Speaker speaker) {
        if (track.source() == Source.SCREEN) {
            return Allocator.Importance.SCREEN;
        }
        if (tile.pinned()) {
            return Allocator.Importance.PINNED;
        }
        boolean speaks = speaker != null && speaker.participantId().equals(track.participantId());
        return speaks ? Allocator.Importance.SPEAKER : Allocator.Importance.VISIBLE;
    }
}
