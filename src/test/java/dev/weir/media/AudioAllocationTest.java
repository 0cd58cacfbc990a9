package dev.weir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class AudioAllocationTest {
    private static final int FRAMES = 20_000;

    @Test
    void hearingStoringAndForwardingAPacketAllocatesNothing() {
        long[] sent = new long[1];
        Listener listener = new Listener(1, true) {
            @Override
            public void sendRtp(long now, OutgoingRtp packet) {
                sent[0]++;
            }
        };
        Microphone microphone = new Microphone("ada", 1);
        Voices voices = new Voices(1);
        voices.add(microphone.track);
        listener.slots.hear(0, List.of(microphone.track));
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        speak(microphone, voices, 0);

        long before = threads.getCurrentThreadAllocatedBytes();
        speak(microphone, voices, FRAMES);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertEquals(2 * FRAMES, sent[0]);
        assertEquals(0, allocated / FRAMES, allocated + " bytes for " + FRAMES + " packets");
    }

    private static void speak(Microphone microphone, Voices voices, int from) {
        for (int frame = from; frame < from + FRAMES; frame++) {
            long now = frame * 20_000_000L;
            microphone.sendRed(now, frame, frame % 12 < 9 ? 20 : 45);
            voices.update(now);
        }
    }
}
