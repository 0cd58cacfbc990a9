package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static dev.weir.bwe.Simulation.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weir.rtp.TransportFeedback;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BandwidthEstimatorTest {
    private static final int PACKET_BYTES = 1_200;
    private static final long ONE_WAY = 20 * MILLI;

    private final BandwidthEstimator estimator = new BandwidthEstimator(BandwidthLimits.DEFAULT);
    private final TransportFeedback writer = new TransportFeedback();
    private final ByteBuf out = Unpooled.wrappedBuffer(new byte[4_096]);
    private final long[] arrivals = new long[16];
    private long now;

    /** Sends a run of {@code count} packets, lets time pass, and tells of them as received at the rate of the link. */
    private void runAndFeedback(int count, long interval, long linkBps, long arrivalOffset) {
        int base = -1;
        for (int i = 0; i < count; i++) {
            int sequence = estimator.nextSequence();
            base = i == 0 ? sequence : base;
            estimator.onSent(now, sequence, PACKET_BYTES);
            arrivals[i] = (now + ONE_WAY + arrivalOffset + (i + 1) * PACKET_BYTES * 8L * SECOND / linkBps) / 1_000;
        }
        now += interval;
        out.clear();
        writer.write(out, 1, 2, 0, base, arrivals, count);
        assertTrue(estimator.onFeedback(now, out, 0, out.readableBytes()));
        if (estimator.nextTimeout() <= now) {
            estimator.onTimeout(now);
        }
    }

    @Test
    void allocatesNothingPerPacketOrFeedback() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        Pacer pacer = new Pacer(estimator.probe());
        estimator.wanted(0, 10_000_000);
        for (int i = 0; i < 20_000; i++) {
            round(pacer, i);
        }
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 20_000; i++) {
            round(pacer, i);
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        assertTrue(allocated < 1_000, "bytes for 160,000 packets: " + allocated);
    }

    private void round(Pacer pacer, int i) {
        pacer.update(now, estimator, 10_000, 0);
        pacer.onSent(now, PACKET_BYTES);
        // A seventh of the time the path is slower, so that decreases and probes are part of what is measured.
        runAndFeedback(8, 33 * MILLI, i % 700 < 100 ? 1_000_000 : 5_000_000, i % 700 < 100 ? i % 100 * 2 * MILLI : 0);
    }

    @Test
    void numbersPacketsFromZeroAndWraps() {
        for (int i = 0; i < 65_536; i++) {
            assertEquals(i, estimator.nextSequence());
        }
        assertEquals(0, estimator.nextSequence());
    }

    @Test
    void growsOnAPathThatCarriesWhatIsSent() {
        for (int i = 0; i < 300; i++) {
            runAndFeedback(2, 33 * MILLI, 10_000_000, 0);
        }
        assertTrue(estimator.estimateBps() > 800_000, "estimate " + estimator.estimateBps());
        assertEquals(582_000, estimator.acknowledgedBps(), 30_000);
    }

    @Test
    void doesNotGrowBeyondWhatIsProven() {
        estimator.wanted(0, 600_000);
        for (int i = 0; i < 3_000; i++) {
            runAndFeedback(2, 33 * MILLI, 10_000_000, 0);
        }
        assertEquals(1.5 * estimator.acknowledgedBps() + 10_000, estimator.estimateBps(), 60_000);
    }

    @Test
    void refusesMalformedFeedbackAndChangesNothing() {
        runAndFeedback(4, 50 * MILLI, 5_000_000, 0);
        long before = estimator.estimateBps();
        Random random = new Random(1);
        byte[] garbage = new byte[40];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(garbage);
            ByteBuf packet = Unpooled.wrappedBuffer(garbage);
            estimator.onFeedback(now, packet, 0, random.nextInt(garbage.length + 1));
        }
        assertEquals(before, estimator.estimateBps(), before);
        assertFalse(estimator.onFeedback(now, Unpooled.wrappedBuffer(garbage), 0, 12));
    }

    @Test
    void withdrawnPacketsAreNeitherLostNorReceived() {
        runAndFeedback(4, 50 * MILLI, 5_000_000, 0);
        for (int i = 0; i < 100; i++) {
            int sequence = estimator.nextSequence();
            estimator.onSent(now, sequence, PACKET_BYTES);
            estimator.withdraw(sequence);
        }
        for (int i = 0; i < 50; i++) {
            runAndFeedback(4, 50 * MILLI, 5_000_000, 0);
        }
        assertEquals(0, estimator.lossShare());
    }

    @Test
    void backsOffWhileNothingIsHeardAndReturnsWithGoodNews() {
        for (int i = 0; i < 60; i++) {
            runAndFeedback(2, 33 * MILLI, 10_000_000, 0);
        }
        long before = estimator.estimateBps();
        long end = now + 2 * SECOND;
        while (now < end) {
            estimator.onSent(now, estimator.nextSequence(), PACKET_BYTES);
            now += 20 * MILLI;
            estimator.onTimeout(now);
        }
        assertTrue(estimator.estimateBps() < 0.7 * before, estimator.estimateBps() + " of " + before);

        runAndFeedback(2, 33 * MILLI, 10_000_000, 0);
        assertTrue(estimator.estimateBps() >= before);
    }

    @Test
    void doesNotBackOffWhenNothingIsSent() {
        runAndFeedback(4, 50 * MILLI, 5_000_000, 0);
        estimator.onSent(now, estimator.nextSequence(), PACKET_BYTES);
        long before = estimator.estimateBps();
        for (int i = 0; i < 100; i++) {
            now += SECOND;
            estimator.onTimeout(now);
        }
        assertEquals(before, estimator.estimateBps());
    }

    @Test
    void anArrivalClockThatWrapsIsNoJump() {
        // The reference time has 24 bits of 64 ms: it wraps after 12.4 days.
        long offset = (1L << 23) * 64 * MILLI - 5 * SECOND;
        for (int i = 0; i < 300; i++) {
            runAndFeedback(2, 33 * MILLI, 10_000_000, offset);
        }
        assertTrue(estimator.estimateBps() > 800_000, "estimate " + estimator.estimateBps());
    }

    @Test
    void aReceiverThatSetsItsClockDoesNotStopTheEstimate() {
        for (int i = 0; i < 300; i++) {
            runAndFeedback(2, 33 * MILLI, 10_000_000, i < 150 ? 100 * SECOND : 160 * SECOND);
        }
        assertTrue(estimator.estimateBps() > 700_000, "estimate " + estimator.estimateBps());
    }

    @Test
    void neverFallsBelowTheLeastRate() {
        for (int i = 0; i < 2_000; i++) {
            runAndFeedback(8, 33 * MILLI, 20_000, i * 100 * MILLI);
            assertTrue(estimator.estimateBps() >= BandwidthLimits.DEFAULT.minBps());
        }
        assertTrue(estimator.estimateBps() < 100_000, "estimate " + estimator.estimateBps());
    }

    @Test
    void takesRembAndReportsWhereThereIsNoFeedback() {
        assertEquals(600_000, estimator.estimateBps());
        estimator.onRemb(SECOND, 1_500_000);
        assertEquals(1_500_000, estimator.estimateBps());
        estimator.onReceiverReport(2 * SECOND, 51, 50 * MILLI);
        assertEquals(1_350_000, estimator.estimateBps(), 10_000);
        estimator.onRemb(3 * SECOND, 1_500_000);
        assertEquals(1_350_000, estimator.estimateBps(), 10_000);
        estimator.onRemb(4 * SECOND, 300_000);
        assertEquals(300_000, estimator.estimateBps());
        assertEquals(14 * SECOND, estimator.nextTimeout());
    }

    @Test
    void knowsOfThePathByRembOrTwoReports() {
        assertFalse(estimator.measured());
        estimator.onReceiverReport(SECOND, 0, 50 * MILLI);
        assertFalse(estimator.measured(), "feedback may still come");
        estimator.onReceiverReport(2 * SECOND, 0, 50 * MILLI);
        assertTrue(estimator.measured());
        BandwidthEstimator other = new BandwidthEstimator(BandwidthLimits.DEFAULT);
        other.onRemb(0, 1_000_000);
        assertTrue(other.measured());
    }

    @Test
    void growsByReportsWithoutLossUpToRemb() {
        estimator.onRemb(0, 600_000);
        for (int i = 1; i < 20; i++) {
            estimator.onReceiverReport(i * SECOND, 0, 50 * MILLI);
        }
        assertEquals(600_000, estimator.estimateBps());
    }

    @Test
    void refusesLimitsThatContradictEachOther() {
        assertThrows(IllegalArgumentException.class, () -> new BandwidthLimits(40_000, 50_000, 60_000));
        assertThrows(IllegalArgumentException.class, () -> new BandwidthLimits(60_000, 50_000, 55_000));
    }
}
