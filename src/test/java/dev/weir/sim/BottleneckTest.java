package dev.weir.sim;

import static dev.weir.sim.SimCall.MILLI;
import static dev.weir.sim.SimCall.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.client.DecodedFrame;
import dev.weir.client.ReceivedPacket;
import dev.weir.client.ReceivedSlot;
import dev.weir.client.SlotChecks;
import dev.weir.peer.DropReason;
import dev.weir.signal.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Viewers on narrow paths: what they get, and that nobody else notices. */
class BottleneckTest {
    private static final Conditions FAST = Conditions.GOOD.withRate(10_000_000);
    private static final Conditions NARROW = Conditions.GOOD.withRate(300_000);

    /** What one viewer was shown, and what the publisher had to do for it. */
    private record Outcome(List<Integer> frames, List<Integer> heights, long standstill, int keyframes, int missing) {}

    @Test
    void aViewerOnABadLinkIsNoMatterToAnother() {
        Outcome alone = shown(FAST);
        Outcome beside = shown(NARROW);
        assertEquals(alone.heights(), beside.heights());
        assertEquals(alone.frames().size(), beside.frames().size(), 2);
        assertTrue(beside.standstill() <= 60 * MILLI, beside.standstill() / MILLI + " ms");
        assertEquals(0, beside.missing());
        assertTrue(
                beside.keyframes() <= alone.keyframes() + 5,
                beside.keyframes() + " keyframes beside a bad link, " + alone.keyframes() + " beside a good one");
    }

    private static Outcome shown(Conditions ofTheOther) {
        try (SimCall call = new SimCall(51)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.SIMULCAST, FAST);
            SimCall.Person grace = call.join("Grace", ClientPlan.SIMULCAST, FAST);
            SimCall.Person edith = call.join("Edith", ClientPlan.SIMULCAST, FAST);
            call.network.conditions(edith.address, FAST, ofTheOther);
            grace.view(720, ada);
            edith.view(720, ada);
            call.run(30 * SECOND);
            assertEquals(List.of(), grace.faults(), call::toString);
            assertEquals(List.of(), edith.faults(), call::toString);
            long from = 10 * SECOND;
            ReceivedSlot picture = grace.picture();
            List<DecodedFrame> late = picture.decoded().stream()
                    .filter(frame -> frame.time() >= from)
                    .toList();
            DecodedFrame last = edith.picture().decoded().getLast();
            assertTrue(call.now - last.time() < SECOND, "the other sees something too: " + call);
            assertEquals(ofTheOther == FAST ? 720 : 180, last.height(), call::toString);
            assertPrompt(call, edith, ada);
            CallSimulationTest.assertSmooth(call, picture, from, 60 * MILLI);
            return new Outcome(
                    late.stream().map(DecodedFrame::frame).toList(),
                    late.stream().map(DecodedFrame::height).distinct().toList(),
                    SlotChecks.longestStandstill(picture, from, call.now),
                    ada.client.media().keyframes(),
                    grace.missing());
        }
    }

    /** On a link of 300 kbps too a voice is late by the link's own queue only, which the estimate keeps short. */
    private static void assertPrompt(SimCall call, SimCall.Person viewer, SimCall.Person speaker) {
        int csrc = (int) speaker.track(Source.MICROPHONE).csrc();
        List<ReceivedPacket> voice = CallSimulationTest.voices(viewer).stream()
                .flatMap(slot -> slot.packets().stream())
                .filter(packet -> packet.csrc() == csrc && packet.arrival() > 15 * SECOND)
                .toList();
        assertTrue(voice.size() > 600, voice.size() + " packets of a voice; " + call);
        long longest = 0;
        for (int i = 1; i < voice.size(); i++) {
            longest =
                    Math.max(longest, voice.get(i).arrival() - voice.get(i - 1).arrival());
        }
        assertTrue(longest < 200 * MILLI, "a gap of " + longest / MILLI + " ms in a voice; " + call);
    }

    @Test
    void aViewerWithoutTransportWideFeedbackGetsWhatHisRembAllows() {
        try (SimCall call = new SimCall(52)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.SIMULCAST, FAST);
            SimCall.Person grace = call.join("Grace", ClientPlan.SIMULCAST.withRemb(), FAST);
            grace.client.media().saysRemb(3_000_000);
            grace.view(720, ada);
            call.run(10 * SECOND);
            assertEquals(720, last(grace).height(), call::toString);
            for (long bps : new long[] {300_000, 900_000, 300_000, 3_000_000}) {
                grace.client.media().saysRemb(bps);
                call.run(5 * SECOND);
                assertEquals(
                        bps > 2_000_000 ? 720 : bps > 800_000 ? 360 : 180,
                        last(grace).height(),
                        call::toString);
            }
            assertEquals(List.of(), grace.faults(), call::toString);
            assertEquals(0, grace.missing(), call::toString);
            assertEquals(0, grace.picture().probes(), "without feedback a probe tells nothing");
        }
    }

    @Test
    void aPublisherWithoutTransportWideNumbersGetsRemb() {
        try (SimCall call = new SimCall(53)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.SIMULCAST.withRemb(), FAST);
            SimCall.Person grace = call.join("Grace", ClientPlan.SIMULCAST, FAST);
            grace.view(720, ada);
            call.run(20 * SECOND);
            List<Long> rembs = ada.client.media().rembs();
            assertTrue(rembs.size() >= 15 && rembs.size() <= 25, rembs + "; " + call);
            assertTrue(rembs.getLast() > 1_500_000, rembs + "; " + call);
            assertEquals(0, ada.client.media().feedbacks(), call::toString);
            assertEquals(List.of(), grace.client.media().rembs(), "who has feedback needs none: " + call);
            assertTrue(grace.client.media().feedbacks() > 100, call::toString);
        }
    }

    @Test
    void aPathThatCollapsesLosesNothingHere() {
        try (SimCall call = new SimCall(54)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.SIMULCAST, FAST);
            SimCall.Person grace = call.join("Grace", ClientPlan.SIMULCAST, FAST);
            grace.view(720, ada);
            call.run(15 * SECOND);
            assertEquals(720, last(grace).height(), call::toString);
            call.network.conditions(grace.address, FAST, NARROW);
            call.run(10 * SECOND);
            assertEquals(180, last(grace).height(), call::toString);
            call.network.conditions(grace.address, FAST, FAST);
            call.run(15 * SECOND);
            assertEquals(720, last(grace).height(), call::toString);
            assertEquals(List.of(), grace.faults(), call::toString);
            assertEquals(0, grace.missing(), call::toString);
            assertEquals(0, call.server.drops().getOrDefault(DropReason.PACER_FULL, 0), call::toString);
            assertTrue(call.server.traffic().pacedOut() > 0, "some had to wait; " + call);
        }
    }

    private static DecodedFrame last(SimCall.Person person) {
        return person.picture().decoded().getLast();
    }
}
