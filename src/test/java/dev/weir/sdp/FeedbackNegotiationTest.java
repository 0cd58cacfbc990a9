package dev.weir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FeedbackNegotiationTest {
    private static final String NUMBERS = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    private static final int CAMERA = 1;
    private static final int SLOT = 3;

    @Test
    void answersWhatWasOffered() {
        String camera = Offers.section(Offers.answer(Offers.negotiated(Offers.CHROMIUM)), CAMERA);

        assertTrue(camera.contains("a=rtcp-fb:96 transport-cc\r\n"), camera);
        assertTrue(camera.contains("a=rtcp-fb:96 goog-remb\r\n"), camera);
        assertFalse(takesRemb(Offers.CHROMIUM, CAMERA), "it has transport-wide feedback");
    }

    @Test
    void promisesNoFeedbackOnNumbersThatPacketsDoNotHave() {
        String offer = Offers.edited(Offers.CHROMIUM, CAMERA, NUMBERS, "http://example.org/another");

        String camera = Offers.section(Offers.answer(Offers.negotiated(offer)), CAMERA);

        assertFalse(camera.contains("transport-cc\r\n"), camera);
        assertTrue(camera.contains("a=rtcp-fb:96 goog-remb\r\n"), camera);
        assertTrue(takesRemb(offer, CAMERA));
    }

    @Test
    void sendsRembToAPublisherWithoutTransportWideFeedback() {
        String offer = Offers.edited(Offers.CHROMIUM, CAMERA, "a=rtcp-fb:96 transport-cc\r\n", "");

        assertTrue(takesRemb(offer, CAMERA));
        assertFalse(takesRemb(offer, SLOT), "nothing comes on a slot");
        String neither = Offers.edited(offer, CAMERA, "a=rtcp-fb:96 goog-remb\r\n", "");
        assertFalse(takesRemb(neither, CAMERA));
    }

    private static boolean takesRemb(String offer, int section) {
        MediaOffer negotiated = Offers.negotiated(offer).mediaOffer();
        assertEquals(section == CAMERA, negotiated.sections().get(section).sending());
        return negotiated.sections().get(section).remb();
    }
}
