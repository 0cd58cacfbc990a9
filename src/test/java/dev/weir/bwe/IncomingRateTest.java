package dev.weir.bwe;

import static dev.weir.bwe.Simulation.MILLI;
import static dev.weir.bwe.Simulation.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.NtpTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A publisher who sends as REMB says, over a link that carries less than he would like to send. */
class IncomingRateTest {
    private static final int BYTES = 1_200;
    private static final long WANTED = 5_000_000;

    private Simulation simulation;
    private Link link;
    private IncomingRate rate;
    private boolean timed;
    private long allowed;
    private long expected;
    private long received;
    private int tellings;
    private long lastTelling;
    private long shortestCalm = Long.MAX_VALUE;

    private void start(long seed, boolean withSendTime, long bps) {
        simulation = new Simulation(seed);
        link = new Link(simulation, bps);
        link.jitterNanos = 5 * MILLI;
        rate = new IncomingRate(BandwidthLimits.DEFAULT);
        timed = withSendTime;
        allowed = 300_000;
        send();
        simulation.every(5 * MILLI, this::look);
    }

    private void send() {
        long sent = simulation.now();
        expected++;
        link.send(BYTES, true, 0, () -> {
            received++;
            // The publisher's clock is another, and its 64 s run over.
            int sendTime = timed ? NtpTime.absSendTime(sent + 60 * SECOND) : IncomingRate.NO_SEND_TIME;
            rate.onPacket(simulation.now(), sendTime, BYTES);
        });
        simulation.at(sent + BYTES * 8 * SECOND / Math.min(allowed, WANTED), this::send);
    }

    private void look() {
        if (simulation.now() < rate.nextTimeout()) {
            return;
        }
        long before = allowed;
        if (rate.onTimeout(simulation.now(), expected, expected - received)) {
            if (tellings++ > 0 && rate.bps() > 0.97 * before) {
                shortestCalm = Math.min(shortestCalm, simulation.now() - lastTelling);
            }
            lastTelling = simulation.now();
            allowed = rate.bps();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theDelayKeepsThePublisherWithinHisPath(long seed) {
        start(seed, true, 1_000_000);
        simulation.runUntil(90 * SECOND);
        String found = "seed " + seed + ": " + rate.bps() + " bps, " + link.p95QueueMillis(30 * SECOND, 90 * SECOND)
                + " ms, loss " + link.lossShare();
        assertTrue(rate.bps() > 700_000 && rate.bps() < 1_200_000, found);
        assertTrue(link.p95QueueMillis(30 * SECOND, 90 * SECOND) < 150, found);
        assertTrue(link.lossShare() < 0.01, found);
        assertTrue(shortestCalm >= SECOND, "once a second while it does not fall: " + shortestCalm / MILLI + " ms");
    }

    @Test
    void aPathThatBecomesNarrowIsToldOfAtOnce() {
        start(4, true, 3_000_000);
        simulation.runUntil(60 * SECOND);
        long before = allowed;
        assertTrue(before > 1_500_000, before + " bps");
        link.rate(500_000);
        simulation.runUntil(61 * SECOND);
        assertTrue(allowed < before / 2, allowed + " bps after a second");
        simulation.runUntil(64 * SECOND);
        assertTrue(allowed < 550_000, allowed + " bps after four seconds");
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void withoutSendTimesTheLossDoes(long seed) {
        start(seed, false, 1_000_000);
        simulation.runUntil(120 * SECOND);
        String found = "seed " + seed + ": " + rate.bps() + " bps, loss " + link.lossShare();
        assertTrue(rate.bps() > 800_000 && rate.bps() < 1_300_000, found);
        assertTrue(link.lossShare() < 0.15, found);
    }

    @Test
    void itDoesNotGrowBeyondWhatIsProven() {
        start(7, true, 10_000_000);
        simulation.runUntil(10 * SECOND);
        IncomingRate idle = new IncomingRate(BandwidthLimits.DEFAULT);
        for (long now = 0; now < 60 * SECOND; now += 100 * MILLI) {
            idle.onPacket(now, NtpTime.absSendTime(now), 1_250);
            idle.onTimeout(now, 0, 0);
        }
        assertEquals(BandwidthLimits.DEFAULT.startBps(), idle.bps(), "100 kbps prove nothing of more");
    }

    @Test
    void nothingIsToldBeforeAnythingCame() {
        IncomingRate silent = new IncomingRate(BandwidthLimits.DEFAULT);
        assertEquals(Long.MAX_VALUE, silent.nextTimeout());
        assertFalse(silent.onTimeout(SECOND, 0, 0));
    }
}
