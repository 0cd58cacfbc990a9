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
import java.util.Optional;

/** Turns a view into wishes: the tiles that can be served here, each with what makes it important. */
final class Wishes {
    private Wishes() {}

    /** The videos that he is to be shown: nothing of himself, nor of those in other breakout rooms. */
    static List<Slots.Wish> of(Session session, Stage stage, Roster roster) {
        String viewer = session.participantId();
        Request.View view =
                focus(session).map(focus -> focus.view(viewer, stage, roster)).orElseGet(session::view);
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

    /** The voices that he is to hear, the most important first. */
    static List<Track> voices(Session session, Stage stage, Roster roster) {
        String who = session.participantId();
        return focus(session)
                .map(focus -> focus.voices(who, stage, roster))
                .orElseGet(() -> stage.heardBy(who, session.view().mutedAudio(), roster));
    }

    /** The sound of a shared screen that he is to hear, or null. */
    static Track screenAudio(Session session, Stage stage, Roster roster) {
        String who = session.participantId();
        Optional<Focus> focus = focus(session);
        return focus.isPresent()
                ? focus.get().screenAudio(who, stage, roster)
                : stage.screenHeardBy(who, session.view().mutedAudio(), roster);
    }

    private static Optional<Focus> focus(Session session) {
        return session.presence().flatMap(MediaPresence::focus);
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
