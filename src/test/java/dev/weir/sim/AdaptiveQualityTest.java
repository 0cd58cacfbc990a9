package dev.weir.sim;

import static dev.weir.sim.SimCall.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.client.DecodedFrame;
import dev.weir.signal.RoomOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the room's option {@code adaptiveQuality} does to a viewer whose path does not carry what his tile asks for. */
class AdaptiveQualityTest {
    private static final Conditions FAST = Conditions.GOOD.withRate(10_000_000);
    /** Enough for the middle layer, and far too little for the large one. */
    private static final Conditions NARROW = Conditions.GOOD.withRate(900_000);

    private static RoomOptions options(boolean adaptive) {
        RoomOptions it = RoomOptions.defaults(SimServer.PLACE.room());
        return new RoomOptions(
                it.name(),
                it.maxParticipants(),
                it.mode(),
                it.autoSfuThreshold(),
                it.p2pReturnDelayMs(),
                adaptive,
                it.simulcast(),
                it.codecs(),
                it.audioSlots(),
                it.maxViewers(),
                it.waitingRoom(),
                it.locked(),
                it.e2ee());
    }

    @Test
    void withItAPictureThatDoesNotFitIsSmaller() {
        try (SimCall call = new SimCall(71, options(true))) {
            SimCall.Person grace = watch(call);
            List<DecodedFrame> late = since(grace, call.now - 5 * SECOND);
            assertTrue(late.size() > 60, late.size() + " frames; " + call);
            assertTrue(late.stream().allMatch(frame -> frame.height() < 720), call::toString);
        }
    }

    @Test
    void withoutItAPictureThatDoesNotFitIsPausedAndOneThatFitsIsThere() {
        try (SimCall call = new SimCall(71, options(false))) {
            SimCall.Person grace = watch(call);
            // The first picture is whichever comes first; from then on it is the tile's own layer or none.
            List<DecodedFrame> shown = since(grace, SECOND);
            assertTrue(shown.stream().allMatch(frame -> frame.height() == 720), () -> "another layer: " + call);
            assertEquals(List.of(), since(grace, call.now - 5 * SECOND), () -> "it does not fit: " + call);
            grace.view(180, call.people.getFirst());
            call.run(10 * SECOND);
            List<DecodedFrame> small = since(grace, call.now - 5 * SECOND);
            assertTrue(small.size() > 60, small.size() + " frames; " + call);
            assertTrue(small.stream().allMatch(frame -> frame.height() == 180), call::toString);
            assertEquals(List.of(), grace.faults(), call::toString);
        }
    }

    /** One watches another as large as he is sent, for half a minute. */
    private static SimCall.Person watch(SimCall call) {
        SimCall.Person ada = call.join("Ada", ClientPlan.SIMULCAST, FAST);
        SimCall.Person grace = call.join("Grace", ClientPlan.SIMULCAST, FAST);
        call.network.conditions(grace.address, FAST, NARROW);
        grace.view(720, ada);
        call.run(30 * SECOND);
        return grace;
    }

    private static List<DecodedFrame> since(SimCall.Person viewer, long time) {
        return viewer.picture().decoded().stream()
                .filter(frame -> frame.time() >= time)
                .toList();
    }
}
