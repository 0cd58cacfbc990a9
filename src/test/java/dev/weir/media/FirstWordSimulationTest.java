package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a listener with three slots gets of the first 60 ms of each turn, in simulated time over seeded conversations. */
class FirstWordSimulationTest {
    private static final long MS = 1_000_000;
    private static final long FRAME_NANOS = Conversation.FRAME_MS * MS;
    private static final long TICK_NANOS = 10 * MS;
    private static final int SECONDS = 600;
    private static final int SLOTS = 3;
    private static final int FIRST_FRAMES = 3;

    /** What a jitter buffer allows beyond the network's jitter, before a packet is too late to be heard. */
    private static final long PLAYOUT_NANOS = 20 * MS;

    private static final long JITTER_NANOS = 15 * MS;

    /** With discontinuous transmission a silent microphone sends a packet every 400 ms. */
    private static final int DTX_FRAMES = 20;

    private static final int DTX_AFTER_FRAMES = 10;

    @Test
    void keepsTheFirst60MsOfThoseWhoGetASlotAsTheyBegin() {
        System.out.println("""

                room     people  dtx    turns  of these   first 60 ms  in time  slot after ms  catch-up  slot changes
                                               switched   kept                  p50     p95    p95 ms    per min
                """.stripTrailing());
        for (int people : new int[] {5, 10, 20}) {
            for (boolean dtx : new boolean[] {false, true}) {
                run("quiet", Conversation.Room.quiet(people), dtx);
                run("noisy", Conversation.Room.noisy(people), dtx);
            }
        }
    }

    private static void run(String name, Conversation.Room room, boolean dtx) {
        Call call = new Call(new Conversation(room, SECONDS, 5), dtx);
        call.hold();
        Result result = call.judge();
        System.out.printf(
                "%-7s  %6d  %-5s  %5d  %8d  %10.1f%%  %6.1f%%  %6d  %6d  %8d  %12.1f%n",
                name,
                room.people(),
                dtx,
                result.turns,
                result.switched,
                result.share(result.kept),
                result.share(result.inTime),
                Conversation.percentile(result.slotAfterMs, 0.5),
                Conversation.percentile(result.slotAfterMs, 0.95),
                Conversation.percentile(call.lagsMs, 0.95),
                call.slotChanges / (SECONDS / 60.0));
        String what = name + " with " + room.people() + (dtx ? " and dtx" : "");
        assertTrue(result.share(result.kept) >= (room.agreeing() ? 95 : 99.9), what + ": first words are clipped");
        assertEquals(result.kept, result.inTime, what + ": first words come too late to be heard");
        assertTrue(Conversation.percentile(result.slotAfterMs, 0.95) <= 200, what + ": slots come late");
        call.assertUnbroken();
    }

    private static final class Result {
        int turns;
        int switched;
        int frames;
        int kept;
        int inTime;
        final List<Long> slotAfterMs = new ArrayList<>();

        double share(int some) {
            return frames == 0 ? 100 : 100.0 * some / frames;
        }
    }

    /** Microphones, a room's voices, and one who only listens. */
    private static final class Call {
        final Conversation conversation;
        final boolean dtx;
        final Voices voices = new Voices(SLOTS);
        final Listener listener = new Listener(SLOTS, false);
        final List<Microphone> microphones = new ArrayList<>();
        final List<Long> lagsMs = new ArrayList<>();
        final SplittableRandom network = new SplittableRandom(9);
        final int[] silentFrames;
        final boolean[][] speaks;
        Set<Track> shown = Set.of();
        int slotChanges;

        Call(Conversation conversation, boolean dtx) {
            this.conversation = conversation;
            this.dtx = dtx;
            this.silentFrames = new int[conversation.people()];
            this.speaks = new boolean[conversation.people()][conversation.frames()];
            for (Conversation.Turn turn : conversation.turns()) {
                Arrays.fill(speaks[turn.person()], turn.from(), turn.to() + 1, true);
            }
            for (int i = 0; i < conversation.people(); i++) {
                Microphone microphone = new Microphone("p" + i, i);
                microphones.add(microphone);
                voices.add(microphone.track);
            }
        }

        void hold() {
            int people = microphones.size();
            long[] phases = network.longs(people, 0, FRAME_NANOS).toArray();
            long[] due = phases.clone();
            int[] frames = new int[people];
            for (long now = 0; now < SECONDS * 1000L * MS; now += TICK_NANOS) {
                for (int person = 0; person < people; person++) {
                    while (frames[person] < conversation.frames() && due[person] <= now) {
                        send(due[person], person, frames[person]++);
                        long ideal = phases[person] + frames[person] * FRAME_NANOS;
                        due[person] = Math.max(due[person], ideal + network.nextLong(0, JITTER_NANOS));
                    }
                }
                if (voices.update(now)) {
                    show(now);
                }
            }
        }

        private void send(long now, int person, int frame) {
            int level = conversation.level(person, frame);
            silentFrames[person] = speaks[person][frame] || level < 45 ? 0 : silentFrames[person] + 1;
            int silent = silentFrames[person] - DTX_AFTER_FRAMES;
            if (!dtx || silent < 0 || silent % DTX_FRAMES == 0) {
                microphones.get(person).send(now, frame, level);
            }
        }

        private void show(long now) {
            List<Track> wanted = voices.ranked().stream().limit(SLOTS).toList();
            int before = listener.heard.size();
            listener.slots.hear(now, wanted);
            for (Listener.Heard packet : listener.heard.subList(before, listener.heard.size())) {
                if (packet.marker()) {
                    lagsMs.add((listener.heard.size() - before) * (long) Conversation.FRAME_MS);
                }
            }
            Set<Track> added = new HashSet<>(wanted);
            added.removeAll(shown);
            slotChanges += shown.isEmpty() ? 0 : added.size();
            shown = Set.copyOf(wanted);
        }

        Result judge() {
            Result result = new Result();
            for (Conversation.Turn turn : conversation.turns()) {
                result.turns++;
                List<Listener.Heard> ofTurn = listener.heard.stream()
                        .filter(packet -> packet.csrc() == turn.person())
                        .filter(packet -> packet.frame() >= turn.from() && packet.frame() <= turn.to())
                        .toList();
                long began = turn.from() * FRAME_NANOS;
                long slotAt =
                        ofTurn.isEmpty() ? Long.MAX_VALUE : ofTurn.getFirst().now();
                if (slotAt - began <= FRAME_NANOS + 2 * JITTER_NANOS) {
                    continue;
                }
                result.switched++;
                result.slotAfterMs.add((slotAt - began) / MS);
                for (int frame = turn.from(); frame < turn.from() + FIRST_FRAMES; frame++) {
                    judgeFrame(result, ofTurn, frame);
                }
            }
            return result;
        }

        private static void judgeFrame(Result result, List<Listener.Heard> ofTurn, int frame) {
            result.frames++;
            for (Listener.Heard packet : ofTurn) {
                if (packet.frame() == frame) {
                    result.kept++;
                    long ahead = (int) (packet.timestamp() - packet.slot().timestamp(packet.now()));
                    result.inTime += ahead * MS / 48 >= -PLAYOUT_NANOS - JITTER_NANOS ? 1 : 0;
                    return;
                }
            }
        }

        /** Each slot is one stream: no number missing or twice, no timestamp back, and whoever comes new is marked. */
        void assertUnbroken() {
            for (Forwarder slot : listener.slots.all()) {
                Listener.Heard before = null;
                for (Listener.Heard packet : listener.in(slot.stream())) {
                    if (before != null) {
                        assertEquals(before.index() + 1, packet.index());
                        assertTrue((int) (packet.timestamp() - before.timestamp()) > 0);
                        assertEquals(before.csrc() != packet.csrc(), packet.marker());
                    }
                    before = packet;
                }
            }
        }
    }
}
