package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AudioSlotsTest {
    private static final long MS = 1_000_000;
    private static final int LOUD = 20;
    private static final int QUIET = 80;

    private final Listener listener = new Listener(1, true);
    private final Microphone ada = new Microphone("ada", 1);
    private final Microphone ben = new Microphone("ben", 2);

    private static long at(int frame) {
        return frame * 20 * MS;
    }

    private void hear(int frame, Microphone microphone) {
        listener.slots.hear(at(frame), List.of(microphone.track));
    }

    @Test
    void repeatsTheBegunWordToASlotThatTurnsToIt() {
        hear(0, ada);
        for (int frame = 0; frame < 100; frame++) {
            ada.send(at(frame), frame, QUIET);
            ben.send(at(frame), frame, frame < 95 ? QUIET : LOUD);
        }
        hear(99, ben);
        ben.send(at(100), 100, LOUD);

        List<Listener.Heard> fromBen =
                listener.heard.stream().filter(packet -> packet.csrc() == 2).toList();

        assertEquals(
                List.of(90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100),
                fromBen.stream().map(Listener.Heard::frame).toList());
        assertTrue(fromBen.getFirst().marker());
        assertFalse(fromBen.get(1).marker());
        assertUnbroken(960);
    }

    @Test
    void repeatsNothingOfOneWhoIsSilentOrSpeaksForLong() {
        hear(0, ada);
        for (int frame = 0; frame < 100; frame++) {
            ada.send(at(frame), frame, QUIET);
            ben.send(at(frame), frame, frame < 50 ? QUIET : LOUD);
        }
        hear(99, ben);
        hear(99, ada);

        assertTrue(listener.heard.stream().noneMatch(packet -> packet.csrc() == 2));
        assertEquals(100, listener.heard.size());
    }

    @Test
    void takesTheTimeBackInPausesOfTheVoice() {
        hear(0, ada);
        int frame = 0;
        for (; frame < 100; frame++) {
            ada.send(at(frame), frame, QUIET);
            ben.send(at(frame), frame, frame < 95 ? QUIET : LOUD);
        }
        hear(99, ben);
        assertEquals(960 * 10, lag(99), "ten frames repeated, behind one of the other voice of the same time");
        for (; frame < 200; frame++) {
            ben.send(at(frame), frame, LOUD);
        }
        assertEquals(960 * 10, lag(199), "nothing of a word is cut");
        for (; frame < 800; frame++) {
            ben.send(at(frame), frame, QUIET);
        }
        assertEquals(0, lag(799));
        assertEquals(
                10 + 700 - 10,
                listener.heard.stream().filter(packet -> packet.csrc() == 2).count(),
                "a frame a second was left out");
        assertUnbroken(960);
    }

    @Test
    void takesTheTimeBackInPausesByDtx() {
        hear(0, ada);
        for (int frame = 0; frame < 100; frame++) {
            ada.send(at(frame), frame, QUIET);
            ben.send(at(frame), frame, frame < 95 ? QUIET : LOUD);
        }
        hear(99, ben);
        for (int frame = 120; frame <= 700; frame += 20) {
            ben.send(at(frame), frame, QUIET);
        }

        assertEquals(0, lag(700));
    }

    @Test
    void keepsAVoiceOnTheLineOfTimeThroughLongSilence() {
        hear(0, ada);
        ada.send(at(0), 0, LOUD);
        for (int frame = 20; frame < 10_000; frame += 20) {
            ada.send(at(frame), frame, QUIET);
            assertEquals(0, lag(frame));
        }
        hear(10_000, ben);
        ben.send(at(20_000), 5, LOUD);

        assertEquals(0, lag(20_000));
        assertEquals(listener.heard.size(), listener.heard.getLast().index() + 1, "numbers rest while nobody speaks");
    }

    @Test
    void goesOnAtTheRightTimeWhenASourcesClockStoodStill() {
        hear(0, ada);
        ada.send(at(0), 0, LOUD);
        ada.send(at(1), 1, LOUD);
        ada.send(at(1_000), 2, LOUD);

        assertEquals(0, lag(1_000));
        assertTrue(listener.heard.getLast().marker());
    }

    @Test
    void passesRedOnExceptWhereItReachesBackToAnothersVoice() {
        hear(0, ada);
        for (int frame = 0; frame < 10; frame++) {
            ada.sendRed(at(frame), frame, LOUD);
        }
        hear(10, ben);
        for (int frame = 10; frame < 20; frame++) {
            ben.sendRed(at(frame), frame, LOUD);
        }

        for (Listener.Heard packet : listener.heard) {
            boolean first = packet.frame() % 10 == 0;
            assertEquals(first ? Listener.OPUS : Listener.RED, packet.payloadType());
            assertEquals(first ? 4 : 13, packet.payloadBytes());
        }
        assertEquals(20, listener.heard.size());
    }

    @Test
    void stripsRedForOneWhoDoesNotTakeIt() {
        Listener plain = new Listener(1, false);
        plain.slots.hear(0, List.of(ada.track));
        for (int frame = 0; frame < 10; frame++) {
            ada.sendRed(at(frame), frame, LOUD);
        }

        assertEquals(10, plain.heard.size());
        for (Listener.Heard packet : plain.heard) {
            assertEquals(Listener.OPUS, packet.payloadType());
            assertEquals(4, packet.payloadBytes());
        }
    }

    @Test
    void givesScreenAudioASlotOfItsOwn() {
        listener.slots.hear(0, List.of(ada.track));
        listener.slots.hearScreen(0, ben.track);
        ada.send(0, 0, LOUD);
        ben.send(0, 0, LOUD);

        assertEquals(
                List.of("a0", "a1"),
                listener.heard.stream().map(packet -> packet.slot().mid()).toList());
    }

    /** How far the last packet's timestamp is ahead of the line of server time; frame 0 defines it. */
    private long lag(int frame) {
        Listener.Heard last = listener.heard.getLast();
        return (int) (last.timestamp() - last.slot().timestamp(at(frame)));
    }

    private void assertUnbroken(long leastStep) {
        for (int i = 1; i < listener.heard.size(); i++) {
            Listener.Heard before = listener.heard.get(i - 1);
            Listener.Heard packet = listener.heard.get(i);
            assertEquals(before.index() + 1, packet.index());
            assertTrue((int) (packet.timestamp() - before.timestamp()) >= leastStep, "timestamps of packet " + i);
        }
    }
}
