package dev.weir.media;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The loudest voices of a branch, in a list that does not flicker: who is in stays while he speaks and for a hold time
 * after, and makes room only for one who speaks. While there are no more voices than places, all are in.
 */
public final class Voices {
    /** How long a silent voice keeps its place against one that speaks. */
    static final long HOLD_NANOS = 1_500_000_000L;

    /** A voice below this level is silence: about -40 dBov. */
    static final double SPEECH_LEVEL = 0.01;

    /** One who is not the speaker yet must be louder than him by this. */
    private static final double LOUDER = 1.5;

    /** Without a word for this long, nobody is the speaker. */
    private static final long SILENCE_NANOS = 3_000_000_000L;

    private final int places;
    private final List<Voice> voices = new ArrayList<>();
    private final List<Track> loudest = new ArrayList<>();
    private Track speaker;
    private double speakerLevel;

    private static final class Voice {
        final Track track;
        boolean in;
        double level;
        long lastSpoke = Long.MIN_VALUE / 2;

        Voice(Track track) {
            this.track = track;
        }
    }

    /** @param places how many are heard; one more is ranked, since nobody hears himself */
    public Voices(int places) {
        this.places = places + 1;
    }

    public void add(Track track) {
        voices.add(new Voice(track));
    }

    public void remove(Track track) {
        voices.removeIf(voice -> voice.track == track);
        loudest.remove(track);
        if (speaker == track) {
            speaker = null;
        }
    }

    /** Looks at the levels anew. Cheap; meant for every 50 to 100 ms. @return whether {@link #loudest} has changed */
    public boolean update(long now) {
        for (Voice voice : voices) {
            voice.level = voice.track.audioLevel().level(now);
            if (voice.level >= SPEECH_LEVEL) {
                voice.lastSpoke = now;
            }
        }
        chooseSpeaker(now);
        boolean changed = choosePlaces(now);
        return leaveLastPlace(now) || changed;
    }

    /**
     * Those in, in no order of loudness: a place is kept. Only the last is for those who have been silent, since it is
     * heard by nobody but who is in himself.
     */
    public List<Track> loudest() {
        return loudest;
    }

    /** Who speaks, or null. */
    public Track speaker() {
        return speaker;
    }

    /** Linear, 0 to 1. */
    public double speakerLevel() {
        return speakerLevel;
    }

    private boolean choosePlaces(long now) {
        boolean changed = false;
        while (loudest.size() < places) {
            Voice next = loudestOutside();
            if (next == null) {
                return changed;
            }
            next.in = true;
            loudest.add(next.track);
            changed = true;
        }
        Voice challenger = loudestOutside();
        Voice quietest = longestSilent();
        if (challenger == null
                || challenger.level < SPEECH_LEVEL
                || quietest == null
                || now - quietest.lastSpoke < HOLD_NANOS) {
            return changed;
        }
        quietest.in = false;
        challenger.in = true;
        loudest.set(loudest.indexOf(quietest.track), challenger.track);
        return true;
    }

    /** One who speaks on the last place changes with the longest silent of the others. @return whether one did */
    private boolean leaveLastPlace(long now) {
        if (loudest.size() < places) {
            return false;
        }
        int last = places - 1;
        Voice quietest = longestSilent();
        if (quietest.track == loudest.get(last)
                || lastSpoke(loudest.get(last)) < now
                || now - quietest.lastSpoke < HOLD_NANOS) {
            return false;
        }
        Collections.swap(loudest, loudest.indexOf(quietest.track), last);
        return true;
    }

    private long lastSpoke(Track track) {
        return voices.stream()
                .filter(voice -> voice.track == track)
                .mapToLong(voice -> voice.lastSpoke)
                .findFirst()
                .orElseThrow();
    }

    private Voice loudestOutside() {
        return voices.stream()
                .filter(voice -> !voice.in)
                .max(Comparator.comparingDouble((Voice voice) -> voice.level))
                .orElse(null);
    }

    private Voice longestSilent() {
        return voices.stream()
                .filter(voice -> voice.in)
                .min(Comparator.comparingLong((Voice voice) -> voice.lastSpoke))
                .orElse(null);
    }

    private void chooseSpeaker(long now) {
        Voice incumbent = null;
        Voice loudestVoice = null;
        for (Voice voice : voices) {
            incumbent = voice.track == speaker ? voice : incumbent;
            loudestVoice = loudestVoice == null || voice.level > loudestVoice.level ? voice : loudestVoice;
        }
        if (incumbent != null && now - incumbent.lastSpoke > SILENCE_NANOS) {
            speaker = null;
            incumbent = null;
        }
        if (loudestVoice == null || loudestVoice.level < SPEECH_LEVEL) {
            return;
        }
        if (incumbent == null || loudestVoice.level > LOUDER * incumbent.level) {
            speaker = loudestVoice.track;
            speakerLevel = loudestVoice.level;
        }
    }
}
