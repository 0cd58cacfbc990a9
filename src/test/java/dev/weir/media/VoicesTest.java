package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.MediaKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VoicesTest {
    private static final long FRAME = 20_000_000;
    private static final int QUIET = 80;

    private final List<Track> tracks = new ArrayList<>();
    private final Voices voices = new Voices(2);
    private long now;

    private void join(int people) {
        for (int i = 0; i < people; i++) {
            Track track = new Track(
                    "t" + i,
                    "p" + i,
                    MediaKind.AUDIO,
                    i,
                    List.of(new Track.LayerPlan("", 0, 0)),
                    (_, _) -> {},
                    new StoreBudget(0));
            tracks.add(track);
            voices.add(track);
        }
    }

    /** Lets these speak, by syllables, and all others be silent. @return whether who is heard changed meanwhile */
    private boolean speak(int millis, Integer... people) {
        boolean changed = false;
        Set<Integer> speaking = Set.of(people);
        for (long end = now + millis * 1_000_000L; now < end; now += FRAME) {
            int syllable = now / FRAME % 12 < 9 ? 20 : 45;
            for (int i = 0; i < tracks.size(); i++) {
                tracks.get(i).audioLevel().onPacket(now, speaking.contains(i) ? syllable : QUIET);
            }
            changed |= voices.update(now);
        }
        return changed;
    }

    private Set<Track> first(int count) {
        return Set.copyOf(voices.ranked().subList(0, count));
    }

    private Set<Track> of(Integer... people) {
        Set<Track> set = new HashSet<>();
        for (int person : people) {
            set.add(tracks.get(person));
        }
        return set;
    }

    @Test
    void hearsEveryoneWhileThereIsRoom() {
        join(3);

        assertTrue(voices.update(now));
        assertEquals(tracks, voices.loudest());
        speak(5_000, 0, 2);
        assertEquals(of(0, 1, 2), Set.copyOf(voices.loudest()));
    }

    @Test
    void givesAPlaceToWhoeverBeginsAndTakesItFromTheLongestSilent() {
        join(5);
        speak(1_000, 0);
        speak(1_000, 1);
        speak(2_000, 3);
        assertEquals(of(1, 3), first(2));

        assertTrue(speak(200, 4));
        assertEquals(of(3, 4), first(2), "1 was silent the longest");
    }

    @Test
    void displacesNobodyWhoSpeaksAndNobodyWithoutNeed() {
        join(5);
        speak(1_000, 0, 1);
        speak(400, 0, 1, 2);
        assertEquals(of(0, 1), first(2));

        assertFalse(speak(20_000, 0), "one who falls silent stays while nobody wants his place");
    }

    @Test
    void namesTheSpeakerAndThatNobodyIs() {
        join(3);
        speak(3_000);
        assertNull(voices.speaker());
        speak(600, 1);
        assertSame(tracks.get(1), voices.speaker());
        assertTrue(voices.speakerLevel() > 0.03 && voices.speakerLevel() < 0.3, "level " + voices.speakerLevel());
        speak(600, 2);
        assertSame(tracks.get(2), voices.speaker());
        speak(2_000);
        assertSame(tracks.get(2), voices.speaker());
        speak(1_500);
        assertNull(voices.speaker());
    }

    @Test
    void keepsTheFloorWithTheSpeakerThroughAnInterjection() {
        join(3);
        speak(3_000, 0);
        speak(300, 0, 1);
        speak(1_000, 0);

        assertSame(tracks.get(0), voices.speaker());
    }

    @Test
    void forgetsOneWhoGoes() {
        join(3);
        speak(1_000, 1);
        voices.remove(tracks.get(1));

        assertNull(voices.speaker());
        assertEquals(List.of(tracks.get(0), tracks.get(2)), voices.ranked());
        assertTrue(voices.update(now));
    }

    /** Whoever is passed over, the first two of the others hold all of them who speak, or only such as speak. */
    @Test
    void ranksForEveryoneWhateverHePassesOver() {
        join(8);
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 300; round++) {
            Integer[] speaking =
                    random.ints(random.nextInt(4), 0, 8).distinct().boxed().toArray(Integer[]::new);
            speak(random.nextInt(300, 2_500), speaking);
            Set<Track> loud = of(speaking);
            for (Track passedOver : tracks) {
                List<Track> heard = voices.ranked().stream()
                        .filter(track -> track != passedOver)
                        .limit(2)
                        .toList();
                long wanted = loud.stream().filter(track -> track != passedOver).count();
                long got = heard.stream().filter(loud::contains).count();
                boolean justSpoke = heard.stream()
                        .anyMatch(track ->
                                !loud.contains(track) && track.audioLevel().level(now) > 0.0005);
                assertTrue(
                        got == Math.min(2, wanted) || justSpoke,
                        "round " + round + ": " + got + " of " + wanted + " who speak are heard");
            }
        }
    }
}
