package dev.weir.branch;

import dev.weir.media.Track;
import dev.weir.signal.Request;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What a player shows who cannot ask for views: one participant, or whoever speaks, with his sound. */
final class Focus {
    /** In the player's pixels, which nobody knows: any layer fits, and what the path carries decides. */
    private static final int HEIGHT = 2_160;

    private static final int WIDTH = 3_840;

    private final Optional<String> chosen;
    /** Who was heard and who was seen last: they stay while nobody else speaks. */
    private String heard;

    private String seen;

    /** @param chosen empty: whoever speaks */
    Focus(Optional<String> chosen) {
        this.chosen = chosen;
    }

    /** The view that shows it now. */
    Request.View view(String viewer, Stage stage, Roster roster) {
        Optional<String> sight = chosen.or(
                () -> best(Source.CAMERA, viewer, stage, roster).or(() -> best(Source.SCREEN, viewer, stage, roster)));
        sight.ifPresent(id -> seen = id);
        List<Request.Tile> tiles = new ArrayList<>();
        sight.flatMap(id -> pictureOf(id, roster))
                .ifPresent(track -> tiles.add(new Request.Tile(track.trackId(), WIDTH, HEIGHT, chosen.isPresent())));
        return new Request.View(tiles, false, List.of());
    }

    /** Whose voices are to be heard, the one in focus first; of the others only where nobody was chosen. */
    List<Track> voices(String viewer, Stage stage, Roster roster) {
        Optional<String> first = chosen.or(() -> best(Source.MICROPHONE, viewer, stage, roster));
        first.ifPresent(id -> heard = id);
        List<Track> voices = new ArrayList<>();
        first.flatMap(id -> trackOf(id, Source.MICROPHONE, viewer, stage, roster))
                .ifPresent(voices::add);
        if (chosen.isEmpty()) {
            stage.heardBy(viewer, List.of(), roster).stream()
                    .filter(track -> !voices.contains(track))
                    .forEach(voices::add);
        }
        return voices;
    }

    /** The sound of the screen that the one in focus shares, if there is one, or null. */
    Track screenAudio(String viewer, Stage stage, Roster roster) {
        Optional<String> whose = chosen.or(() -> Optional.ofNullable(seen));
        return whose.flatMap(id -> trackOf(id, Source.SCREEN_AUDIO, viewer, stage, roster))
                .orElse(null);
    }

    /** Who publishes that: who speaks, else who was heard or seen last, else who published first. */
    private Optional<String> best(Source source, String viewer, Stage stage, Roster roster) {
        Snapshot.Speaker speaker = roster.speaker(roster.whereabouts(viewer));
        String speaking = speaker == null ? null : speaker.participantId();
        return Stream.of(speaking, heard, seen)
                .filter(Objects::nonNull)
                .filter(id -> trackOf(id, source, viewer, stage, roster).isPresent())
                .findFirst()
                .or(() -> reaching(roster.tracks().stream(), source, viewer, stage, roster)
                        .map(Track::participantId)
                        .findFirst());
    }

    private static Optional<Track> trackOf(String id, Source source, String viewer, Stage stage, Roster roster) {
        return reaching(roster.tracksOf(id).stream(), source, viewer, stage, roster)
                .findFirst();
    }

    private static Stream<Track> reaching(
            Stream<Snapshot.Track> tracks, Source source, String viewer, Stage stage, Roster roster) {
        return tracks.filter(track -> track.source() == source)
                .flatMap(track -> Stream.ofNullable(stage.track(track.trackId())))
                .filter(track -> Stage.reaches(track, viewer, roster));
    }

    /** His camera, else his screen. */
    private static Optional<Snapshot.Track> pictureOf(String participantId, Roster roster) {
        List<Snapshot.Track> tracks = roster.tracksOf(participantId);
        return tracks.stream()
                .filter(track -> track.source() == Source.CAMERA)
                .findFirst()
                .or(() -> tracks.stream()
                        .filter(track -> track.source() == Source.SCREEN)
                        .findFirst());
    }
}
