package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.ice.IceCredentials;
import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.sdp.MediaOffer;
import dev.weir.sdp.Negotiation;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The offers as our own server reads them. */
class OfferTextTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final IceCredentials ICE = IceCredentials.random(RANDOM);

    private static MediaOffer read(List<LayerShape> layers, int audioSlots, int videoSlots) {
        Part part = new Part(0, "r", 0, layers, true, true, audioSlots, videoSlots);
        String text = OfferText.of(part, ICE, DtlsCertificate.generate(RANDOM).fingerprint(), new int[] {-5, 6});
        Negotiation.Options options = new Negotiation.Options(List.of(Codec.VP8), true, true, 100);
        return assertInstanceOf(Negotiation.Negotiated.class, Negotiation.negotiate(text, options))
                .mediaOffer();
    }

    @Test
    void offersItsLayersByRid() {
        MediaOffer offer = read(LayerShape.ALL, 0, 0);
        MediaOffer.Section camera = offer.sections().get(1);
        assertEquals(List.of("q", "h", "f"), camera.rids());
        assertEquals(List.of(), camera.ssrcs());
        assertEquals(OfferText.CAMERA_MID, camera.mid());
        assertEquals(List.of(new MediaOffer.Payload(OfferText.VP8, Codec.VP8, OfferText.VP8_RTX)), camera.payloads());
        assertEquals(10, camera.extensions().get(Extension.RID));
        assertEquals(ICE.ufrag(), offer.iceUfrag());
    }

    @Test
    void announcesTheStreamsOfASingleLayer() {
        MediaOffer.Section camera =
                read(LayerShape.ALL.subList(2, 3), 0, 0).sections().get(1);
        assertEquals(List.of(), camera.rids());
        assertEquals(List.of(new MediaOffer.Ssrc(-5, 6)), camera.ssrcs());
    }

    @Test
    void asksForItsSlots() {
        List<MediaOffer.Section> slots = read(LayerShape.ALL, 3, 9).sections().stream()
                .filter(section -> !section.sending())
                .toList();
        assertEquals(12, slots.size());
        assertEquals(12, slots.stream().map(MediaOffer.Section::mid).distinct().count());
    }
}
