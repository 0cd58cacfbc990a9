package dev.weir.branch;

import dev.weir.media.Track;
import dev.weir.media.Voices;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tracks published on this branch, and whose voice is loud. */
final class Stage {
    private final Map<String, Track> tracks = new LinkedHashMap<>();
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final int voiceSlots;
    private final Voices voices;

    Stage(int voiceSlots) {
        this.voiceSlots = voiceSlots;
        voices = new Voices(voiceSlots);
    }

    void add(Track track, Source source) {
        tracks.put(track.trackId(), track);
        sources.put(track.trackId(), source);
        if (source == Source.MICROPHONE) {
            voices.add(track);
        }
    }

    /** Takes a track off: all slots that show it fall silent. */
    void remove(long now, Track track) {
        tracks.remove(track.trackId());
        sources.remove(track.trackId());
        voices.remove(track);
        track.close(now);
    }

    /** Null: not published here. */
    Track track(String trackId) {
        return tracks.get(trackId);
    }

    /** Keyframe requests that waited, and the voices: a first word waits for this call. @return whether a place among the loudest changed */
    boolean onTimeout(long now) {
        tracks.values().forEach(track -> {
            if (now >= track.nextTimeout()) {
                track.onTimeout(now);
            }
        });
        return voices.update(now);
    }

    /** Whom this participant is to hear: the loudest but himself and those he does not want. */
    List<Track> heardBy(String participantId, List<String> unwanted, Roster roster) {
        return voices.ranked().stream()
                .filter(track -> isFor(track, participantId, unwanted, roster))
                .limit(voiceSlots)
                .toList();
    }

    /** The sound of a shared screen that this participant is to hear: the last one shared, or null. */
    Track screenHeardBy(String participantId, List<String> unwanted, Roster roster) {
        Track last = null;
        for (Track track : tracks.values()) {
            if (sources.get(track.trackId()) == Source.SCREEN_AUDIO && isFor(track, participantId, unwanted, roster)) {
                last = track;
            }
        }
        return last;
    }

    /** Null: nobody here speaks. */
    Snapshot.Speaker speaker() {
        Track speaker = voices.speaker();
        return speaker == null ? null : new Snapshot.Speaker(speaker.participantId(), voices.speakerLevel());
    }

    private static boolean isFor(Track track, String participantId, List<String> unwanted, Roster roster) {
        return !track.participantId().equals(participantId)
                && !unwanted.contains(track.participantId())
                && roster.track(track.trackId()) != null;
    }
}
