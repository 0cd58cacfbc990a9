package dev.weir.sim;

import static dev.weir.sim.SimCall.MILLI;
import static dev.weir.sim.SimCall.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.client.ClientPlan.LayerPlan;
import dev.weir.client.DecodedFrame;
import dev.weir.client.ReceivedPacket;
import dev.weir.client.SlotChecks;
import dev.weir.dtls.DtlsParameters;
import dev.weir.signal.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A viewer's path that carries a seventh of what it did from one moment to the next, before a queue as home routers have. */
class CollapseTest {
    private static final Conditions NEAR = Conditions.GOOD.withDelay(MILLI);
    private static final long QUEUE_NANOS = 200 * MILLI;

    /** Some 200, 530 and 1,550 kbps. */
    private static final ClientPlan LAYERED = plan(
            new LayerPlan("q", 320, 180, 1, 700),
            new LayerPlan("h", 640, 360, 2, 1_040),
            new LayerPlan("f", 1280, 720, 6, 1_040));

    private static final ClientPlan SINGLE = plan(new LayerPlan("", 640, 360, 4, 900));

    private static ClientPlan plan(LayerPlan... layers) {
        return new ClientPlan(true, List.of(layers), 30, 4, 2, DtlsParameters.SRTP_PROFILES);
    }

    private static Conditions link(long kbps) {
        return NEAR.withRate(kbps * 1_000).withQueue(QUEUE_NANOS);
    }

    @ParameterizedTest
    @ValueSource(longs = {61, 62, 63, 64, 65, 66})
    void itStepsDownWithinTwoSecondsAndIsBackWithinTen(long seed) {
        try (SimCall call = new SimCall(seed)) {
            SimCall.Person ada = call.join("Ada", LAYERED, NEAR);
            SimCall.Person grace = call.join("Grace", LAYERED, link(5_000));
            grace.view(720, ada);
            // Wherever in a picture and between two reports it happens.
            call.run(10 * SECOND + seed * 37 * MILLI);
            assertEquals(720, last(grace).height(), call::toString);

            long changed = call.now;
            call.network.conditions(grace.address, NEAR, link(700));
            call.run(10 * SECOND);
            long downMillis = firstMillis(grace, changed, 0, 360);
            long gapMillis = SlotChecks.longestStandstill(grace.picture(), changed, call.now) / MILLI;
            long lost = call.network.lostDown(grace.address);

            long narrow = call.now;
            call.network.conditions(grace.address, NEAR, link(250));
            call.run(10 * SECOND);
            long narrowGapMillis = SlotChecks.longestStandstill(grace.picture(), narrow, call.now) / MILLI;
            assertEquals(180, last(grace).height(), call::toString);

            long wide = call.now;
            call.network.conditions(grace.address, NEAR, link(5_000));
            call.run(10 * SECOND);
            long backMillis = firstMillis(grace, wide, 720, 720);
            long silenceMillis = longestSilence(grace, ada, changed) / MILLI;
            System.out.printf(
                    "| seed %d | down after %4d ms | longest gap %4d ms, at 250 kbps %3d ms | %3d packets lost at 700 kbps"
                            + " | back after %4d ms | voice's longest gap %3d ms |%n",
                    seed, downMillis, gapMillis, narrowGapMillis, lost, backMillis, silenceMillis);
            assertEquals(List.of(), grace.faults(), call::toString);
            assertTrue(downMillis <= 2_000, call::toString);
            assertTrue(gapMillis <= 1_000, call::toString);
            assertTrue(narrowGapMillis <= 800, call::toString);
            assertTrue(backMillis <= 5_000, call::toString);
            assertTrue(silenceMillis <= 400, call::toString);
        }
    }

    @Test
    void aPictureThatCannotBeSentSmallerStopsBeforeItDrownsTheVoices() {
        try (SimCall call = new SimCall(71)) {
            SimCall.Person ada = call.join("Ada", SINGLE, NEAR);
            SimCall.Person grace = call.join("Grace", SINGLE, link(5_000));
            grace.view(360, ada);
            call.run(10 * SECOND);
            long changed = call.now;
            call.network.conditions(grace.address, NEAR, link(300));
            call.run(2_000 * MILLI);
            int lost = call.network.lostDown(grace.address);
            call.run(5 * SECOND);
            assertEquals(lost, call.network.lostDown(grace.address), "nothing more is lost; " + call);
            assertTrue(longestSilence(grace, ada, changed) <= 400 * MILLI, call::toString);
            call.network.conditions(grace.address, NEAR, link(5_000));
            long wide = call.now;
            call.run(5 * SECOND);
            assertTrue(firstMillis(grace, wide, 360, 360) < 5_000, call::toString);
            assertEquals(List.of(), grace.faults(), call::toString);
        }
    }

    private static DecodedFrame last(SimCall.Person person) {
        return person.picture().decoded().getLast();
    }

    /** How long it took to the first picture of at least and at most these heights. */
    private static long firstMillis(SimCall.Person viewer, long from, int least, int most) {
        return viewer.picture().decoded().stream()
                .filter(frame -> frame.time() > from && frame.height() >= least && frame.height() <= most)
                .mapToLong(frame -> (frame.time() - from) / MILLI)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static long longestSilence(SimCall.Person viewer, SimCall.Person speaker, long from) {
        int csrc = (int) speaker.track(Source.MICROPHONE).csrc();
        long last = from;
        long longest = 0;
        for (ReceivedPacket packet : CallSimulationTest.voices(viewer).stream()
                .flatMap(slot -> slot.packets().stream())
                .filter(packet -> packet.csrc() == csrc && packet.arrival() > from)
                .toList()) {
            longest = Math.max(longest, packet.arrival() - last);
            last = packet.arrival();
        }
        return longest;
    }
}
