package dev.weir.media;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * People who talk in turns, as levels of RFC 6464 in frames of 20 ms with the truth beside them. Made from a seed:
 * syllables of some 4 Hz with soft first consonants, pauses between phrases, gaps and overlaps between turns, and what
 * microphones pick up beside speech.
 */
final class Conversation {
    static final int FRAME_MS = 20;

    private static final int SILENCE = 127;

    /** What there is to hear beside the turns. */
    record Room(
            int people,
            int noiseMinusDbov,
            boolean fans,
            boolean keyboards,
            boolean coughs,
            boolean agreeing,
            int overlapMs) {
        static Room quiet(int people) {
            return new Room(people, 72, false, false, false, false, 0);
        }

        static Room noisy(int people) {
            return new Room(people, 58, true, true, true, true, 300);
        }
    }

    /** Someone has the floor, from the first sound to the last, in frames. */
    record Turn(int person, int from, int to) {}

    private final Room room;
    private final SplittableRandom random;
    private final int frames;
    private final double[][] power;
    private final List<Turn> turns = new ArrayList<>();

    Conversation(Room room, int seconds, long seed) {
        this.room = room;
        this.random = new SplittableRandom(seed);
        this.frames = seconds * 1000 / FRAME_MS;
        this.power = new double[room.people()][frames];
        for (int person = 0; person < room.people(); person++) {
            noise(person);
        }
        talk();
    }

    int people() {
        return room.people();
    }

    int frames() {
        return frames;
    }

    List<Turn> turns() {
        return turns;
    }

    /** Whether someone has the floor, or had it within some frames. */
    boolean hasFloor(int person, int frame, int grace) {
        return turns.stream()
                .anyMatch(turn -> turn.person() == person && frame >= turn.from() && frame <= turn.to() + grace);
    }

    /** In -dBov, 0 to 127. */
    int level(int person, int frame) {
        double sum = power[person][frame];
        return sum <= 0 ? SILENCE : Math.clamp(Math.round(-10 * Math.log10(sum)), 0, SILENCE);
    }

    private void noise(int person) {
        double level = room.noiseMinusDbov() + random.nextInt(-4, 5);
        boolean fan = room.fans() && person % 3 == 1;
        for (int frame = 0; frame < frames; frame++) {
            add(person, frame, level + random.nextDouble(-1.5, 1.5));
            if (fan && frame > frames / 6) {
                add(person, frame, 44 + random.nextDouble(-1, 1));
            }
        }
        if (room.keyboards() && person % 3 == 2) {
            keyboard(person);
        }
        if (room.coughs()) {
            for (int at = seconds(10, 60); at < frames; at += seconds(60, 180)) {
                cough(person, at);
            }
        }
    }

    /** Bursts of some seconds with 4 to 8 strokes a second, each in one frame or two. */
    private void keyboard(int person) {
        for (int at = seconds(2, 10); at < frames; at += seconds(3, 12)) {
            int end = at + seconds(2, 6);
            for (int stroke = at; stroke < end; stroke += random.nextInt(6, 13)) {
                add(person, stroke, random.nextInt(28, 42));
                add(person, stroke + 1, random.nextInt(36, 56));
            }
            at = end;
        }
    }

    /** One to three barks of 140 to 260 ms, loud at once and falling off. */
    private void cough(int person, int at) {
        int start = at;
        for (int bark = random.nextInt(1, 4); bark > 0; bark--) {
            int length = random.nextInt(7, 14);
            for (int i = 0; i < length; i++) {
                add(person, start + i, 16 + 25.0 * i / length);
            }
            start += length + random.nextInt(8, 16);
        }
    }

    private void talk() {
        int at = seconds(3, 4);
        int before = -1;
        while (at < frames - 500) {
            int person = random.nextInt(room.people());
            if (person == before) {
                continue;
            }
            int length = random.nextInt(5) == 0 ? seconds(1, 2) : seconds(2, 9);
            int end = speech(person, at, at + length, 0);
            turns.add(new Turn(person, at, end));
            if (room.agreeing() && length > 150) {
                agree(person, at + 100, end - 50);
            }
            before = person;
            int gapMs = random.nextInt(0, 600) - room.overlapMs();
            at = end + (random.nextInt(12) == 0 ? seconds(4, 7) : gapMs / FRAME_MS);
        }
    }

    /** "Mhm" and "yes", of 250 to 400 ms, by others. */
    private void agree(int speaker, int from, int to) {
        for (int at = from; at < to - 20; at += seconds(3, 7)) {
            int person = random.nextInt(room.people());
            if (person != speaker) {
                speech(person, at, at + random.nextInt(12, 20), 6);
            }
        }
    }

    /** @return its last frame */
    private int speech(int person, int from, int to, double quieter) {
        double peak = random.nextDouble(18, 28) + quieter;
        int at = from;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            add(person, at++, peak + random.nextDouble(16, 26));
        }
        int phraseEnd = at + seconds(1, 4);
        int last = at;
        while (at < to) {
            int length = random.nextInt(9, 17);
            double loud = peak + random.nextDouble(0, 6);
            for (int i = 0; i < length && at + i < to; i++) {
                double swell = Math.sin(Math.PI * (i + 0.5) / length);
                add(person, at + i, loud - 20 * Math.log10(Math.max(0.02, swell)));
                last = at + i;
            }
            at += length;
            if (at >= phraseEnd) {
                at += random.nextInt(8, 26);
                phraseEnd = at + seconds(1, 4);
            }
        }
        return Math.min(last, frames - 1);
    }

    private void add(int person, int frame, double minusDbov) {
        if (frame < frames) {
            power[person][frame] += Math.pow(10, -minusDbov / 10);
        }
    }

    private int seconds(int from, int to) {
        return random.nextInt(from * 1000 / FRAME_MS, to * 1000 / FRAME_MS);
    }

    /** The value below which a share of all lies. */
    static long percentile(List<Long> values, double share) {
        long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted.length == 0 ? -1 : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    @Override
    public String toString() {
        return room + " with turns " + Arrays.toString(turns.toArray());
    }
}
