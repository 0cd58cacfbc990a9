package dev.weir.media;

import java.util.ArrayList;
import java.util.List;

/**
 * The voices of a branch in the order in which they are heard, and who has the floor. The order does not flicker: those
 * who speak or did so within the hold time come first, as they began; behind them the others, who spoke last first. A
 * voice moves only when it begins and when its hold time is over, and then to the border between the two. So of any
 * selection of voices (nobody hears himself, and one may have muted another) the first few are always those who speak,
 * and one is displaced only by one who speaks, and the longest silent first. Who has the floor is always among the first.
 */
public final class Voices {
    /**
     * How long a silent voice keeps its place against one that speaks: twice as long as it spoke, so that a cough does
     * not keep a word out, within these limits.
     */
    static final long LEAST_HOLD_NANOS = 400_000_000L;

    static final long HOLD_NANOS = 1_000_000_000L;

    /** Without a word for this long, nobody is the speaker. */
    static final long SILENCE_NANOS = 3_000_000_000L;

    private static final long CHOICE_INTERVAL_NANOS = 20_000_000;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private static final class Voice {
        final Track track;
        boolean active;
        long activeSince;
        long lastSpoke = NEVER;

        Voice(Track track) {
            this.track = track;
        }

        boolean holds(long now) {
            long hold = Math.clamp(2 * (lastSpoke - activeSince), LEAST_HOLD_NANOS, HOLD_NANOS);
            return now - lastSpoke <= hold;
        }

        SpeechActivity activity() {
            return track.audioLevel().activity();
        }
    }

    private final int places;
    private final List<Voice> voices = new ArrayList<>();
    private final List<SpeechActivity> activities = new ArrayList<>();
    private final List<Voice> order = new ArrayList<>();
    private int activeCount;
    private List<Track> ranked = List.of();
    private boolean changed;

    private Voice speaker;
    private double speakerLevel;
    private long nextChoice;

    /** @param places how many are heard */
    public Voices(int places) {
        this.places = places;
    }

    public void add(Track track) {
        Voice voice = new Voice(track);
        voices.add(voice);
        activities.add(voice.activity());
        order.add(voice);
        changed |= order.size() <= places + 1;
        rank();
    }

    public void remove(Track track) {
        for (int i = 0; i < voices.size(); i++) {
            Voice voice = voices.get(i);
            if (voice.track == track) {
                voices.remove(i);
                activities.remove(i);
                changed |= order.indexOf(voice) <= places;
                order.remove(voice);
                activeCount -= voice.active ? 1 : 0;
                speaker = speaker == voice ? null : speaker;
                rank();
                return;
            }
        }
    }

    /**
     * Looks at the voices anew. Cheap, and meant for every 10 to 20 ms: what passes between a first word and the next
     * call is what a slot has to make good.
     *
     * @return whether who is heard may have changed, for anyone
     */
    public boolean update(long now) {
        for (int i = 0; i < voices.size(); i++) {
            follow(now, voices.get(i));
        }
        if (now >= nextChoice) {
            nextChoice = now + CHOICE_INTERVAL_NANOS;
            chooseSpeaker(now);
        }
        boolean any = changed;
        changed = false;
        return any;
    }

    /** All voices, those to be heard first. What a viewer has no use for is passed over. */
    public List<Track> ranked() {
        return ranked;
    }

    /** Those that are heard, and one more, since nobody hears himself. */
    public List<Track> loudest() {
        return ranked.subList(0, Math.min(ranked.size(), places + 1));
    }

    /** Who has the floor, or null. */
    public Track speaker() {
        return speaker == null ? null : speaker.track;
    }

    /** Linear, 0 to 1: as loud as the speaker was when he took the floor. */
    public double speakerLevel() {
        return speakerLevel;
    }

    private void follow(long now, Voice voice) {
        voice.activity().advance(now);
        if (voice.activity().speaking()) {
            voice.lastSpoke = now;
            if (!voice.active) {
                voice.active = true;
                voice.activeSince = now;
                activeCount++;
                move(voice, activeCount - 1);
            }
        } else if (voice.active && voice != speaker && !voice.holds(now)) {
            voice.active = false;
            activeCount--;
            move(voice, activeCount);
        }
    }

    private void move(Voice voice, int to) {
        int from = order.indexOf(voice);
        if (from != to) {
            order.remove(from);
            order.add(to, voice);
            // A move within the first few leaves them the first few, also for one who passes over some.
            changed |= Math.max(from, to) >= places;
            rank();
        }
    }

    private void chooseSpeaker(long now) {
        if (speaker != null && now - speaker.lastSpoke > SILENCE_NANOS) {
            speaker = null;
        }
        SpeechActivity incumbent = speaker == null ? null : speaker.activity();
        SpeechActivity chosen = DominantSpeaker.choose(activities, incumbent);
        if (chosen == incumbent) {
            return;
        }
        speaker = voices.get(activities.indexOf(chosen));
        speakerLevel = speaker.track.audioLevel().level(now);
        if (order.indexOf(speaker) >= places) {
            move(speaker, 0);
        }
    }

    private void rank() {
        ranked = order.stream().map(voice -> voice.track).toList();
    }
}
