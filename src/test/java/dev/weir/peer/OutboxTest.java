package dev.weir.peer;

import static dev.weir.peer.Viewer.MILLI;
import static dev.weir.peer.Viewer.PICTURE;
import static dev.weir.peer.Viewer.REPAIR;
import static dev.weir.peer.Viewer.VOICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weir.bwe.Pacer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {
    private static final int PACKET = 1_150;
    private static final long SECOND = 1_000 * MILLI;

    @Test
    void whatThePathHasRoomForLeavesAsItComes() {
        Viewer viewer = Viewer.carrying(2_000_000);
        for (int frame = 0; frame < 100; frame++) {
            for (int i = 0; i < 7; i++) {
                assertTrue(viewer.picture(PACKET));
            }
            assertEquals(7 * (frame + 1), viewer.left.size(), "at once");
            viewer.run(40 * MILLI);
        }
        assertEquals(0, viewer.outbox.waitedPackets);
    }

    /** At 2.5 times what the path carries a picture of 60 kB takes 0.15 s, and so finds 0.33 s of queue before it, not 0.48. */
    @Test
    void aLargeKeyframeIsSpreadAndVoicesPassItBy() {
        Viewer viewer = Viewer.carrying(1_000_000);
        viewer.run(SECOND);
        long start = viewer.now;
        for (int i = 0; i < 52; i++) {
            assertTrue(viewer.picture(PACKET));
        }
        for (int i = 0; i < 10; i++) {
            viewer.voice(100);
            assertEquals(viewer.now, viewer.left(VOICE).getLast().at(), "a voice leaves at once");
            viewer.run(20 * MILLI);
        }
        assertEquals(52, viewer.left(PICTURE).size(), "all of it");
        long last = viewer.left(PICTURE).getLast().at() - start;
        assertTrue(last >= 130 * MILLI && last <= 185 * MILLI, "the last packet after " + last / MILLI + " ms");
        long queue = longestQueue(viewer.left, 1_000_000);
        assertTrue(queue <= 350 * MILLI, "a queue of " + queue / MILLI + " ms on the path");
        long atOnce =
                viewer.left.stream().filter(packet -> packet.at() == start).count();
        assertTrue(atOnce <= 12, atOnce + " packets at once: 40 ms at the pace are 12.5 kB");
    }

    @Test
    void aQueueIsEmptyWithinASecondHoweverNarrowThePath() {
        Viewer viewer = Viewer.carrying(50_000);
        viewer.run(SECOND);
        long start = viewer.now;
        for (int i = 0; i < 52; i++) {
            assertTrue(viewer.picture(PACKET));
        }
        viewer.run(1_020 * MILLI);
        assertEquals(52, viewer.left.size());
        assertTrue(viewer.left.getLast().at() - start >= 900 * MILLI, "and spread over it");
    }

    @Test
    void aFirstKeyframeIsThereBeforeAnythingIsKnownOfThePath() {
        Viewer viewer = new Viewer(false);
        viewer.run(SECOND);
        long start = viewer.now;
        for (int i = 0; i < 26; i++) {
            assertTrue(viewer.picture(PACKET));
        }
        viewer.run(20 * MILLI);
        assertEquals(26, viewer.left.size());
        assertTrue(viewer.left.getLast().at() - start <= 20 * MILLI);
    }

    @Test
    void whatIsSentAgainGoesBeforeWhatIsNewAndPaddingWaits() {
        Viewer viewer = Viewer.carrying(1_000_000);
        for (int i = 0; i < 30; i++) {
            viewer.picture(PACKET);
        }
        int before = viewer.left.size();
        viewer.repair(PACKET);
        viewer.repair(PACKET);
        assertEquals(0, viewer.outbox.paddingBytes(viewer.now));
        viewer.run(15 * MILLI);
        assertEquals(REPAIR, viewer.left.get(before).ssrc());
        assertEquals(REPAIR, viewer.left.get(before + 1).ssrc());
        viewer.run(SECOND);
        assertEquals(30, viewer.left(PICTURE).size());
    }

    @Test
    void numbersFollowTheOrderOfLeaving() {
        Viewer viewer = new Viewer(true);
        for (int i = 0; i < 60; i++) {
            viewer.picture(PACKET);
            viewer.repair(PACKET);
            viewer.voice(100);
            viewer.run(2 * MILLI);
        }
        viewer.run(2 * SECOND);
        assertTrue(viewer.outbox.waitedPackets > 0, "some had to wait");
        assertEquals(
                IntStream.range(0, 180).boxed().toList(),
                viewer.left.stream().map(Viewer.Left::transportSequence).toList());
        assertInOrder(viewer, "no seed");
    }

    @Test
    void moreThanCanWaitIsRefusedAndThenItGoesOn() {
        Viewer viewer = Viewer.carrying(50_000);
        int taken = 0;
        for (int i = 0; i < 3_000; i++) {
            taken += viewer.picture(200) ? 1 : 0;
        }
        int atOnce = viewer.left.size();
        assertEquals(Outbox.MAX_PICTURES + atOnce, taken);
        int repairs = 0;
        for (int i = 0; i < 1_000; i++) {
            repairs += viewer.repair(200) ? 1 : 0;
        }
        assertEquals(Outbox.MAX_REPAIRS, repairs);
        viewer.run(1_100 * MILLI);
        assertEquals(taken + repairs, viewer.left.size());
        assertEquals(0, viewer.usedBytes(), "what was refused was let go");
        assertTrue(viewer.picture(200));
        viewer.run(SECOND);
        assertEquals(taken + repairs + 1, viewer.left.size());
    }

    @Test
    void aViewerWhoGoesTakesWhatWaitsWithHim() {
        Viewer viewer = Viewer.carrying(50_000);
        for (int i = 0; i < 100; i++) {
            viewer.picture(PACKET);
            viewer.repair(PACKET);
        }
        int waiting = 200 - viewer.left.size();
        assertEquals(waiting, viewer.outbox.clear());
        assertEquals(0, viewer.usedBytes());
        assertEquals(Long.MAX_VALUE, viewer.outbox.nextTimeout());
    }

    /** Voices alone may be more than the pace; they are made up for, but not for ever. */
    @Test
    void voicesDoNotStarvePictures() {
        Viewer viewer = Viewer.carrying(50_000);
        for (int i = 0; i < 500; i++) {
            viewer.voice(400);
            if (i % 10 == 0) {
                assertTrue(viewer.picture(PACKET));
            }
            viewer.run(20 * MILLI);
        }
        List<Viewer.Left> pictures = viewer.left(PICTURE);
        assertTrue(pictures.size() >= 44, pictures.size() + " of 50 pictures");
        assertTrue(pictures.getLast().at() > viewer.now - 500 * MILLI);
    }

    /** Whatever comes at whatever estimate: all of it leaves, in order, within a bound, and no buffer is kept. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothingIsLostOrDisorderedOrKept(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Viewer viewer = Viewer.carrying(random.nextLong(50_000, 5_000_000));
        int accepted = 0;
        int refused = 0;
        for (int step = 0; step < 2_000; step++) {
            if (random.nextInt(50) == 0) {
                viewer.carries(random.nextLong(50_000, 5_000_000));
            }
            int burst = random.nextInt(40) == 0 ? random.nextInt(120) : random.nextInt(4);
            for (int i = 0; i < burst; i++) {
                boolean taken = random.nextInt(10) == 0
                        ? viewer.repair(random.nextInt(1, PACKET))
                        : viewer.picture(random.nextInt(1, PACKET));
                accepted += taken ? 1 : 0;
                refused += taken ? 0 : 1;
            }
            if (random.nextBoolean()) {
                viewer.voice(random.nextInt(1, 200));
                accepted++;
            }
            viewer.run(random.nextLong(20 * MILLI));
        }
        viewer.run(1_200 * MILLI);
        assertEquals(0, refused, "seed " + seed);
        assertEquals(accepted, viewer.left.size(), "seed " + seed);
        assertTrue(viewer.outbox.isEmpty(), "seed " + seed);
        assertEquals(0, viewer.usedBytes(), "seed " + seed);
        assertInOrder(viewer, "seed " + seed);
        double mean = viewer.outbox.waitedNanos / Math.max(1.0, viewer.outbox.waitedPackets);
        assertTrue(mean < Pacer.DRAIN_NANOS, "seed " + seed + ": waited " + mean / MILLI + " ms on average");
    }

    /** What waits is put into rings that are there, and measured out by plain arithmetic. */
    @Test
    void waitingAllocatesNothing() {
        Viewer viewer = Viewer.carrying(500_000);
        Pacer pacer = new Pacer(viewer.estimator.probe());
        WaitingPackets waiting = new WaitingPackets(256);
        ByteBuf packet = Unpooled.directBuffer(PACKET).writeZero(PACKET);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 200_000; i++) {
            pass(viewer, pacer, waiting, packet, i);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        int left = 0;
        for (int i = 200_000; i < 300_000; i++) {
            left += pass(viewer, pacer, waiting, packet, i);
        }
        assertEquals(0, threads.getCurrentThreadAllocatedBytes() - before);
        assertTrue(left > 99_000 && waiting.count() > 0, left + " left, " + waiting.count() + " wait");
        packet.release();
    }

    /** One packet more waits, and what may leaves. @return how many did */
    private static int pass(Viewer viewer, Pacer pacer, WaitingPackets waiting, ByteBuf packet, int number) {
        long now = number * 4 * MILLI;
        waiting.add(now, packet, number, viewer.ids);
        pacer.update(now, viewer.estimator, waiting.pathBytes(), waiting.waitedNanos(now) / waiting.count());
        int left = 0;
        while (waiting.count() > 0 && pacer.maySend(now) && pacer.budgetBytes(now) > 0) {
            pacer.onSent(now, Departure.pathBytes(waiting.remove()));
            left++;
        }
        return left;
    }

    @Test
    void aRingGrowsWithItsOrderKeptAndThenIsFull() {
        WaitingPackets waiting = new WaitingPackets(128);
        Viewer viewer = new Viewer(false);
        ByteBuf packet = Unpooled.buffer(100).writeZero(100);
        long in = 0;
        long out = 0;
        for (; in < 20; in++) {
            waiting.add(in, packet, in, viewer.ids);
        }
        for (; out < 13; out++) {
            assertEquals(out, waiting.index());
            waiting.remove();
        }
        while (waiting.add(in, packet, in, viewer.ids)) {
            in++;
        }
        assertEquals(128, waiting.count());
        assertEquals(128 * 128, waiting.pathBytes());
        for (; waiting.count() > 0; out++) {
            assertEquals(out, waiting.index());
            assertEquals(out, waiting.since());
            waiting.remove();
        }
        assertEquals(in, out);
        assertEquals(0, waiting.pathBytes());
        assertEquals(0, waiting.waitedNanos(in));
        assertFalse(packet.refCnt() == 0, "only counted here");
    }

    private static void assertInOrder(Viewer viewer, String seed) {
        for (int ssrc : new int[] {VOICE, PICTURE, REPAIR}) {
            List<Viewer.Left> left = viewer.left(ssrc);
            for (int i = 0; i < left.size(); i++) {
                assertEquals(i & 0xffff, left.get(i).sequence(), seed);
            }
        }
    }

    /** The longest wait before a link of this rate. */
    private static long longestQueue(List<Viewer.Left> packets, long bps) {
        long free = 0;
        long longest = 0;
        for (Viewer.Left packet : packets) {
            longest = Math.max(longest, free - packet.at());
            free = Math.max(free, packet.at()) + packet.bytes() * 8 * SECOND / bps;
        }
        return longest;
    }
}
