package dev.weir.sim;

import static dev.weir.sim.SimCall.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.peer.DropReason;
import dev.weir.rtp.Codec;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Event;
import dev.weir.signal.Source;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A room in which not all decode all. The simulated camera always sends payload type 96 in the shape of VP8; which codec
 * that is for the server, the offer says.
 */
class CodecAccordSimulationTest {
    private static final Conditions GOOD = Conditions.GOOD;
    private static final List<MediaOffer.Payload> SENDS_VP9 =
            List.of(new MediaOffer.Payload(96, Codec.VP9, 97), new MediaOffer.Payload(98, Codec.VP8, 99));
    private static final List<MediaOffer.Payload> SENDS_VP8 =
            List.of(new MediaOffer.Payload(96, Codec.VP8, 97), new MediaOffer.Payload(98, Codec.VP9, 99));
    private static final List<MediaOffer.Payload> ONLY_VP9 = List.of(new MediaOffer.Payload(96, Codec.VP9, 97));

    @Test
    void whoCannotDecodeIsToldThePublisherIsAskedAndThePictureComesWithTheNewCodec() {
        try (SimCall call = new SimCall(41)) {
            SimCall.Person ada = call.join("Ada", ClientPlan.SIMULCAST, GOOD, sending(SENDS_VP9));
            SimCall.Person bob = call.join("Bob", ClientPlan.USUAL, GOOD);
            call.run(3 * SECOND);
            call.viewAll(360);
            call.run(3 * SECOND);

            String camera = ada.track(Source.CAMERA).trackId();
            assertEquals(List.of(new Event.TrackUndecodable(camera, "VP9")), codecEvents(call, "Bob"));
            assertEquals(List.of(new Event.PublishCodec(camera, "VP8")), codecEvents(call, "Ada"));
            assertEquals(List.of(), bob.pictures(), call::toString);
            assertEquals("VP9", ada.track(Source.CAMERA).codec());
            assertTrue(call.server.drops().get(DropReason.UNDECODABLE) > 0, call::toString);
            assertEquals(1, ada.client.media().keyframes(), "nobody could use more: " + call);

            ada.edit(sending(SENDS_VP8));
            ada.offer();
            call.run(3 * SECOND);

            assertEquals(1, codecEvents(call, "Bob").size());
            assertEquals(1, codecEvents(call, "Ada").size());
            assertEquals("VP8", ada.track(Source.CAMERA).codec(), "who comes now is told what comes now");
            assertTrue(bob.picture().decoded().size() > 25, call::toString);
            assertEquals(List.of(), bob.faults(), call::toString);
        }
    }

    @Test
    void nobodyIsAskedForWhatCannotBe() {
        try (SimCall call = new SimCall(42)) {
            call.join("Ada", ClientPlan.USUAL, GOOD, sending(ONLY_VP9));
            call.join("Bob", ClientPlan.USUAL, GOOD);
            call.run(3 * SECOND);
            call.viewAll(360);
            call.run(3 * SECOND);

            assertEquals(1, codecEvents(call, "Bob").size());
            assertEquals(List.of(), codecEvents(call, "Ada"));
        }
    }

    @Test
    void nobodyIsToldOfWhatHeDoesNotShow() {
        try (SimCall call = new SimCall(43)) {
            call.join("Ada", ClientPlan.USUAL, GOOD, sending(SENDS_VP9));
            call.join("Bob", ClientPlan.USUAL, GOOD);
            call.run(5 * SECOND);

            assertEquals(List.of(), codecEvents(call, "Bob"));
            assertEquals(List.of(), codecEvents(call, "Ada"));
            assertEquals(Map.of(), undecodable(call));
        }
    }

    private static Map<DropReason, Integer> undecodable(SimCall call) {
        Integer dropped = call.server.drops().get(DropReason.UNDECODABLE);
        return dropped == null ? Map.of() : Map.of(DropReason.UNDECODABLE, dropped);
    }

    private static List<Event> codecEvents(SimCall call, String name) {
        return call.server.events(name).stream()
                .filter(event -> event instanceof Event.PublishCodec || event instanceof Event.TrackUndecodable)
                .toList();
    }

    /** The offer with other payload types for the camera. */
    private static UnaryOperator<MediaOffer> sending(List<MediaOffer.Payload> payloads) {
        return offer -> new MediaOffer(
                offer.iceUfrag(),
                offer.icePwd(),
                offer.fingerprints(),
                offer.sections().stream()
                        .map(section -> section.mid().equals("1") ? with(section, payloads) : section)
                        .toList());
    }

    private static MediaOffer.Section with(MediaOffer.Section section, List<MediaOffer.Payload> payloads) {
        return new MediaOffer.Section(
                section.mid(),
                section.kind(),
                section.sending(),
                section.active(),
                payloads,
                section.extensions(),
                section.rids(),
                section.ssrcs());
    }
}
