package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static dev.weir.bwe.Simulation.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PacerTest {
    private final Probe probe = new Probe();
    private final Pacer pacer = new Pacer(probe);

    private void update(long now, long estimate, boolean lossesCluster, long queued) {
        pacer.update(now, estimate, 0, lossesCluster, queued, 0);
    }

    /** Sends what may be sent for a second, and returns the bytes. */
    private long sendFor(long from, long nanos, long estimate, long queued) {
        long bytes = 0;
        for (long now = from; now < from + nanos; now += MILLI) {
            update(now, estimate, false, queued);
            while (pacer.budgetBytes(now) > 0) {
                pacer.onSent(now, 100);
                bytes += 100;
            }
        }
        return bytes;
    }

    @Test
    void sendsAtTwoAndAHalfTimesTheEstimate() {
        sendFor(0, SECOND, 800_000, 1);
        assertEquals(250_000, sendFor(SECOND, SECOND, 800_000, 1), 500);
    }

    @Test
    void emptiesTheQueueWithinASecond() {
        sendFor(0, SECOND, 100_000, 100_000);
        assertEquals(100_000, sendFor(SECOND, SECOND, 100_000, 100_000), 500);
    }

    @Test
    void hurriesByWhatTheQueueHasWaited() {
        pacer.update(0, 100_000, 0, false, 10_000, 900 * MILLI);
        pacer.onSent(0, (int) pacer.budgetBytes(0));
        assertEquals(1_000, pacer.budgetBytes(10 * MILLI), 1, "10 kB in the 100 ms that are left");
        pacer.update(10 * MILLI, 100_000, 0, false, 10_000, 5 * SECOND);
        pacer.onSent(10 * MILLI, (int) pacer.budgetBytes(10 * MILLI));
        assertEquals(10_000, pacer.budgetBytes(20 * MILLI), 1, "and never in less than 10 ms");
    }

    @Test
    void doesNotHoldUpAFirstPictureOnAPathThatIsNotKnown() {
        BandwidthEstimator estimator = new BandwidthEstimator(BandwidthLimits.DEFAULT);
        pacer.update(0, estimator, 0, 0);
        assertEquals(25_000, pacer.budgetBytes(0));
        estimator.onRemb(0, 600_000);
        pacer.update(0, estimator, 0, 0);
        assertEquals(7_500, pacer.budgetBytes(0), "what is known is kept to");
    }

    @Test
    void makesUpForWhatDidNotWaitButNotForEver() {
        update(0, 800_000, false, 0);
        pacer.onSent(0, 1_000_000);
        assertEquals(500 * MILLI, pacer.delayNanos(0), MILLI);
    }

    @Test
    void aBurstIsFortyMillisecondsAndHalfOfThatWhileLossesCluster() {
        update(0, 800_000, false, 100);
        update(10 * SECOND, 800_000, false, 100);
        assertEquals(10_000, pacer.budgetBytes(10 * SECOND));
        update(10 * SECOND, 800_000, true, 100);
        assertEquals(5_000, pacer.budgetBytes(10 * SECOND));
    }

    @Test
    void afterABurstItWaitsForARunAndSaysHowLong() {
        update(0, 800_000, false, 100_000);
        assertTrue(pacer.maySend(0));
        pacer.onSent(0, 10_000);
        assertFalse(pacer.maySend(0));
        assertEquals(10 * MILLI, pacer.delayNanos(0), MILLI);
        assertTrue(pacer.maySend(pacer.delayNanos(0)));
    }

    @Test
    void aProbeLeavesInShortRunsOverAtLeastFifteenMilliseconds() {
        for (long rate : new long[] {100_000, 600_000, 1_800_000, 20_000_000}) {
            probe.begin(rate);
            int cluster = probe.cluster();
            long start = 10 * SECOND * rate / 1_000;
            long now = start;
            long bytes = 0;
            int packets = 0;
            int runs = 0;
            update(now, 50_000, false, 0);
            while (probe.active() && now < start + SECOND) {
                if (pacer.maySend(now)) {
                    runs++;
                    long run = 0;
                    while (pacer.paddingBytes(now) > 0) {
                        probe.onSent(now, 250);
                        pacer.onSent(now, 250);
                        packets++;
                        run += 250;
                    }
                    assertTrue(run <= rate / 8 / 200 + 250, "run of " + run);
                    bytes += run;
                }
                now += Math.max(1, pacer.delayNanos(now));
                update(now, 50_000, false, 0);
            }
            assertFalse(probe.active());
            assertTrue(packets >= 5 && runs >= 4, packets + " packets in " + runs + " runs");
            assertEquals(rate, probe.sentBps(), 0.15 * rate);
            assertTrue(bytes * 8.0 / rate >= 0.015, bytes + " bytes");
            assertTrue(probe.has(cluster));
            assertEquals(Probe.NONE, probe.cluster());
        }
    }

    @Test
    void aProbeIsMeasuredWhetherItArrivesInRunsOrInARow() {
        for (long linkBps : new long[] {100_000_000, 1_000_000}) {
            probe.begin(2_000_000);
            long linkFree = 0;
            for (int run = 0; probe.active(); run++) {
                long sent = run * 5 * MILLI;
                for (int i = 0; i < 5 && probe.active(); i++) {
                    probe.onSent(sent, 250);
                    linkFree = Math.max(linkFree, sent) + 250 * 8 * SECOND / linkBps;
                    probe.onReceived(sent, linkFree + 30 * MILLI, 250, false);
                }
            }
            assertTrue(probe.complete());
            assertEquals(Math.min(2_000_000, linkBps), probe.receivedBps(0), 100_000);
        }
    }
}
