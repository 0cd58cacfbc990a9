package dev.weir.branch;

import dev.weir.media.Track;
import dev.weir.media.Voices;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tracks published on this branch, and whose voice is loud in the main room and in each breakout room. */
final class Stage {
    /** A track on stage. @param silenced by a host: nobody hears it */
    private record Part(Track track, Source source, String breakout, boolean silenced) {
        boolean hasVoice() {
            return source == Source.MICROPHONE && !silenced;
        }
    }

    private final Map<String, Part> parts = new LinkedHashMap<>();
    /** Of those the sounds of screens, which every listener asks for. */
    private final Map<String, Track> screenSounds = new LinkedHashMap<>();

    private final int voiceSlots;
    /** By breakout room: those in one compete for its places and its floor only. */
    private final Map<String, Voices> voices = new LinkedHashMap<>();

    private boolean floorMoved = true;

    Stage(int voiceSlots) {
        this.voiceSlots = voiceSlots;
        voices.put(Snapshot.Member.MAIN, new Voices(voiceSlots));
    }

    /** @param breakout where its publisher is */
    void add(Track track, Source source, String breakout) {
        put(new Part(track, source, breakout, false));
    }

    /** Takes a track off: all slots that show it fall silent. */
    void remove(long now, Track track) {
        Part part = parts.remove(track.trackId());
        screenSounds.remove(track.trackId());
        if (part != null) {
            hush(part);
        }
        track.close(now);
    }

    /** A publisher went to another breakout room, and all his tracks with him. */
    void move(String participantId, String breakout) {
        for (Part part : List.copyOf(parts.values())) {
            if (part.track().participantId().equals(participantId)) {
                hush(part);
                put(new Part(part.track(), part.source(), breakout, part.silenced()));
            }
        }
    }

    /** A host muted a track, or its owner unmuted it. @return whether that is a change */
    boolean silence(String trackId, boolean silenced) {
        Part part = parts.get(trackId);
        if (part == null || part.silenced() == silenced) {
            return false;
        }
        hush(part);
        put(new Part(part.track(), part.source(), part.breakout(), silenced));
        return true;
    }

    /** The breakout rooms are closed; everyone is back. */
    void keepOnly(String breakout) {
        voices.keySet().retainAll(List.of(breakout));
        floorMoved = true;
    }

    /** Null: not published here. */
    Track track(String trackId) {
        Part part = parts.get(trackId);
        return part == null ? null : part.track();
    }

    /** A first word waits for this call. @return whether a place among the loudest changed */
    boolean onTimeout(long now) {
        boolean changed = false;
        for (Voices ofRoom : voices.values()) {
            Track before = ofRoom.speaker();
            changed |= ofRoom.update(now);
            floorMoved |= ofRoom.speaker() != before;
        }
        return changed;
    }

    /** Whether somebody may speak. */
    boolean hasVoices() {
        for (Voices ofRoom : voices.values()) {
            if (!ofRoom.ranked().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@link #speakers} may be others than at the last call. */
    boolean takeFloorMoved() {
        boolean taken = floorMoved;
        floorMoved = false;
        return taken;
    }

    /** Whom this participant is to hear: the loudest where he is but himself and those he does not want. */
    List<Track> heardBy(String participantId, List<String> unwanted, Roster roster) {
        Voices around = voices.get(roster.whereabouts(participantId));
        if (around == null) {
            return List.of();
        }
        return around.ranked().stream()
                .filter(track -> isFor(track, participantId, unwanted, roster))
                .limit(voiceSlots)
                .toList();
    }

    /** The sound of a shared screen that this participant is to hear: the last one shared, or null. */
    Track screenHeardBy(String participantId, List<String> unwanted, Roster roster) {
        Track last = null;
        for (Track sound : screenSounds.values()) {
            if (isFor(sound, participantId, unwanted, roster)) {
                last = sound;
            }
        }
        return last;
    }

    /** Who has the floor, by breakout room; where nobody speaks there is no entry. */
    Map<String, Snapshot.Speaker> speakers() {
        Map<String, Snapshot.Speaker> speakers = new LinkedHashMap<>();
        voices.forEach((breakout, ofRoom) -> {
            Track speaker = ofRoom.speaker();
            if (speaker != null) {
                speakers.put(breakout, new Snapshot.Speaker(speaker.participantId(), ofRoom.speakerLevel()));
            }
        });
        return speakers;
    }

    /** Whether a viewer may have this track at all: announced, of one who is where he is, and not silenced. */
    static boolean reaches(Track track, String viewer, Roster roster) {
        Snapshot.Track known = roster.track(track.trackId());
        return known != null
                && !known.silenced()
                && !track.participantId().equals(viewer)
                && roster.whereabouts(track.participantId()).equals(roster.whereabouts(viewer));
    }

    private static boolean isFor(Track track, String participantId, List<String> unwanted, Roster roster) {
        return !unwanted.contains(track.participantId()) && reaches(track, participantId, roster);
    }

    private void put(Part part) {
        parts.put(part.track().trackId(), part);
        if (part.source() == Source.SCREEN_AUDIO) {
            screenSounds.put(part.track().trackId(), part.track());
        }
        if (part.hasVoice()) {
            voices.computeIfAbsent(part.breakout(), _ -> new Voices(voiceSlots)).add(part.track());
        }
    }

    private void hush(Part part) {
        Voices around = voices.get(part.breakout());
        floorMoved = true;
        if (part.hasVoice() && around != null) {
            around.remove(part.track());
        }
    }
}
