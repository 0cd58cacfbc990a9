package dev.weir.media;

import static dev.weir.media.Scenery.MILLISECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Three places, so four are ranked: nobody hears himself. */
class LoudestVoicesTest {
    private static final int[] SPEECH = {24, 18, 30, 21, 40, 19, 26, 35};

    private final Voices voices = new Voices(3);
    private final List<Track> tracks = new ArrayList<>();
    private long now;
    private int frame;
    private int changes;

    private Track voice(String name) {
        Track track = Scenery.microphone(name, "publisher of " + name);
        tracks.add(track);
        voices.add(track);
        return track;
    }

    /** Time passes in which these speak and all others are silent: a packet each 20 ms, a look each 20. */
    private void talk(int millis, Track... speaking) {
        Set<Track> loud = Set.of(speaking);
        for (int at = 0; at < millis; at += 20) {
            now += 20 * MILLISECOND;
            int level = SPEECH[frame++ % SPEECH.length];
            tracks.forEach(track -> track.audioLevel().onPacket(now, loud.contains(track) ? level : 127));
            changes += voices.update(now) ? 1 : 0;
        }
    }

    @Test
    void whileThereIsRoomAllAreIn() {
        List<Track> four = List.of(voice("a"), voice("b"), voice("c"), voice("d"));

        talk(100);

        assertEquals(Set.copyOf(four), Set.copyOf(voices.loudest()));
    }

    @Test
    void oneWhoSpeaksTakesThePlaceOfTheLongestSilent() {
        Track a = voice("a");
        Track b = voice("b");
        Track c = voice("c");
        Track d = voice("d");
        Track late = voice("late");
        talk(500, a);
        talk(500, c);
        talk(500, b);
        talk(500, d);
        talk(3_000);

        talk(400, late);

        assertEquals(Set.of(late, b, c, d), Set.copyOf(voices.loudest()));
    }

    @Test
    void silenceMovesNobody() {
        List<Track> all = List.of(voice("a"), voice("b"), voice("c"), voice("d"), voice("e"), voice("f"));
        talk(1_000, all.get(4));
        talk(2_000);
        Set<Track> before = Set.copyOf(voices.loudest());

        talk(60_000);

        assertEquals(before, Set.copyOf(voices.loudest()));
        assertTrue(before.contains(all.get(4)));
    }

    @Test
    void oneWhoPausesForBreathKeepsHisPlace() {
        List<Track> four = List.of(voice("a"), voice("b"), voice("c"), voice("d"));
        Track fifth = voice("fifth");
        talk(2_000, four.toArray(Track[]::new));

        talk(350, fifth);

        assertFalse(voices.loudest().contains(fifth), "the hold time");
        talk(2_000, fifth);
        assertTrue(voices.loudest().contains(fifth), "the hold time is over");
    }

    @Test
    void whoSpeaksIsNeverDisplacedByAnother() {
        List<Track> four = List.of(voice("a"), voice("b"), voice("c"), voice("d"));
        Track fifth = voice("fifth");
        talk(1_000, four.toArray(Track[]::new));

        talk(10_000, four.get(0), four.get(1), four.get(2), four.get(3), fifth);

        assertEquals(Set.copyOf(four), Set.copyOf(voices.loudest()));
    }

    @Test
    void aPlaceOfOneWhoLeavesIsFilled() {
        Track a = voice("a");
        List<Track> others = List.of(voice("b"), voice("c"), voice("d"), voice("e"));
        talk(1_000, a);

        voices.remove(a);
        tracks.remove(a);
        talk(100);

        assertEquals(Set.copyOf(others), Set.copyOf(voices.loudest()));
        assertNull(voices.speaker());
    }

    @Test
    void theSpeakerIsTheOneWhoSpeaksAndNobodyAfterThreeSeconds() {
        Track a = voice("a");
        Track b = voice("b");
        assertNull(voices.speaker());

        talk(1_500, a);
        assertSame(a, voices.speaker());
        talk(500);
        assertSame(a, voices.speaker(), "a pause");
        talk(2_500, b);
        assertSame(b, voices.speaker());
        talk(5_000);

        assertNull(voices.speaker());
    }

    @Test
    void aListOfManyTalkersDoesNotFlicker() {
        Random random = new Random(5);
        for (int i = 0; i < 30; i++) {
            voice("voice " + i);
        }
        for (int turn = 0; turn < 60; turn++) {
            talk(1_500, tracks.get(random.nextInt(30)));
            assertEquals(4, voices.loudest().size());
            assertEquals(4, Set.copyOf(voices.loudest()).size(), "nobody twice");
        }

        assertTrue(changes <= 3 * 60, () -> changes + " changes in 60 turns");
    }

    @Test
    void theLevelFollowsSpeechAndBridgesSyllables() {
        AudioLevel level = new AudioLevel();
        assertEquals(0, level.level(0));

        for (int millis = 0; millis <= 60; millis += 20) {
            level.onPacket(millis * MILLISECOND, 20);
        }
        assertTrue(level.level(60 * MILLISECOND) > 0.07, "-20 dBov is 0.1");
        level.onPacket(80 * MILLISECOND, 127);
        level.onPacket(100 * MILLISECOND, 0x80 | 127);
        assertTrue(level.level(150 * MILLISECOND) > 0.04, "a syllable's gap");
        assertTrue(level.level(2_000 * MILLISECOND) < 0.001, "silence, also without packets");
    }

    @Test
    void theLoudestVoiceIsCloseToOneAndNotAbove() {
        AudioLevel level = new AudioLevel();
        for (int i = 0; i < 100; i++) {
            level.onPacket(i * 20 * MILLISECOND, 0x80);
        }

        assertEquals(0.93, level.level(99 * 20 * MILLISECOND), 0.07);
    }
}
