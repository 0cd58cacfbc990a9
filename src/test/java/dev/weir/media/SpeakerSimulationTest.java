package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.MediaKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Who has the floor and how soon that is known, in simulated time over seeded conversations. */
class SpeakerSimulationTest {
    private static final long MS = 1_000_000;
    private static final long FRAME_NANOS = Conversation.FRAME_MS * MS;
    private static final long TICK_NANOS = 10 * MS;
    private static final int SECONDS = 600;
    private static final long[] SEEDS = {1, 2, 3};

    /** Frames after a turn in which a late decision for it is not called false. */
    private static final int GRACE = 15;

    /** A turn shorter than this need not be noticed. */
    private static final int SHORT_TURN = 75;

    private static final Conversation.Room[] ROOMS = {
        Conversation.Room.quiet(3),
        Conversation.Room.quiet(10),
        new Conversation.Room(5, 58, true, false, false, false, 0),
        new Conversation.Room(5, 66, false, true, false, false, 0),
        new Conversation.Room(5, 66, false, false, true, false, 0),
        new Conversation.Room(5, 66, false, false, false, true, 0),
        new Conversation.Room(5, 66, false, false, false, false, 500),
        Conversation.Room.noisy(3),
        Conversation.Room.noisy(5),
        Conversation.Room.noisy(10),
        Conversation.Room.noisy(20),
    };

    private static final String[] NAMES = {
        "quiet",
        "quiet",
        "fans",
        "keyboards",
        "coughs",
        "\"mhm\"",
        "overlap",
        "all of it",
        "all of it",
        "all of it",
        "all of it",
    };

    /** What came of some conversations. */
    private static final class Outcome {
        final List<Long> delaysMs = new ArrayList<>();
        int falseSwitches;
        int turns;
        int missed;
        double minutes;
    }

    @Test
    void knowsWithinHalfASecondWhoSpeaksAndIsRarelyWrong() {
        StringBuilder table = new StringBuilder("""

                room          people  turns  missed  p50 ms  p95 ms  false/min
                """);
        for (int i = 0; i < ROOMS.length; i++) {
            Outcome outcome = new Outcome();
            for (long seed : SEEDS) {
                hold(new Conversation(ROOMS[i], SECONDS, seed), seed, outcome);
            }
            long p95 = Conversation.percentile(outcome.delaysMs, 0.95);
            double falsePerMinute = outcome.falseSwitches / outcome.minutes;
            table.append(String.format(
                    "%-12s  %6d  %5d  %6d  %6d  %6d  %9.2f%n",
                    NAMES[i],
                    ROOMS[i].people(),
                    outcome.turns,
                    outcome.missed,
                    Conversation.percentile(outcome.delaysMs, 0.5),
                    p95,
                    falsePerMinute));
            String what = NAMES[i] + " with " + ROOMS[i].people();
            checks.add(() -> {
                assertTrue(p95 < 500, what + ": p95 " + p95 + " ms");
                assertTrue(falsePerMinute <= 1, what + ": " + falsePerMinute + " false switches a minute");
                assertTrue(outcome.missed <= outcome.turns / 50, what + ": " + outcome.missed + " turns missed");
            });
        }
        System.out.println(table);
        checks.forEach(Runnable::run);
    }

    private final List<Runnable> checks = new ArrayList<>();

    @Test
    void nobodySpeaksInARoomOfFansAndKeyboards() {
        Conversation.Room room = new Conversation.Room(9, 58, true, true, false, false, 0);
        Conversation conversation = new Conversation(room, 60, 4);
        int firstTurn = conversation.turns().getFirst().from();
        Voices voices = new Voices(3);
        List<Track> tracks = join(voices, room.people());
        for (int frame = 0; frame < firstTurn; frame++) {
            for (int person = 0; person < tracks.size(); person++) {
                tracks.get(person).audioLevel().onPacket(frame * FRAME_NANOS, conversation.level(person, frame));
            }
            voices.update(frame * FRAME_NANOS);
            assertEquals(null, voices.speaker());
        }
    }

    private static void hold(Conversation conversation, long seed, Outcome outcome) {
        SplittableRandom network = new SplittableRandom(seed);
        int people = conversation.people();
        Voices voices = new Voices(3);
        List<Track> tracks = join(voices, people);
        long[] phases = network.longs(people, 0, FRAME_NANOS).toArray();
        long[] due = phases.clone();
        int[] frames = new int[people];
        long[] noticed = new long[conversation.turns().size()];
        Track before = null;
        for (long now = 0; now < SECONDS * 1000L * MS; now += TICK_NANOS) {
            for (int person = 0; person < people; person++) {
                while (frames[person] < conversation.frames() && due[person] <= now) {
                    int level = conversation.level(person, frames[person]++);
                    tracks.get(person).audioLevel().onPacket(due[person], level);
                    long ideal = phases[person] + frames[person] * FRAME_NANOS;
                    due[person] = Math.max(due[person], ideal + network.nextLong(0, 15 * MS));
                }
            }
            voices.update(now);
            if (voices.speaker() != before) {
                before = voices.speaker();
                int person = tracks.indexOf(before);
                if (before != null && !conversation.hasFloor(person, (int) (now / FRAME_NANOS), GRACE)) {
                    outcome.falseSwitches++;
                }
            }
            notice(conversation, tracks.indexOf(before), now, noticed);
        }
        sum(conversation, noticed, outcome);
    }

    private static void notice(Conversation conversation, int person, long now, long[] noticed) {
        int frame = (int) (now / FRAME_NANOS);
        for (int i = 0; i < noticed.length; i++) {
            Conversation.Turn turn = conversation.turns().get(i);
            if (turn.person() == person && noticed[i] == 0 && frame >= turn.from() && frame <= turn.to() + GRACE) {
                noticed[i] = now;
            }
        }
    }

    /** The delay counts from the first sound, or where another still speaks from his last. */
    private static void sum(Conversation conversation, long[] noticed, Outcome outcome) {
        int othersEnd = 0;
        for (int i = 0; i < noticed.length; i++) {
            Conversation.Turn turn = conversation.turns().get(i);
            if (turn.to() - turn.from() >= SHORT_TURN) {
                outcome.turns++;
                long from = Math.max(turn.from(), othersEnd) * FRAME_NANOS;
                if (noticed[i] == 0) {
                    outcome.missed++;
                } else {
                    outcome.delaysMs.add(Math.max(0, noticed[i] - from) / MS);
                }
            }
            othersEnd = turn.to() + 1;
        }
        outcome.minutes += SECONDS / 60.0;
    }

    private static List<Track> join(Voices voices, int people) {
        List<Track> tracks = new ArrayList<>();
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
        return tracks;
    }
}
