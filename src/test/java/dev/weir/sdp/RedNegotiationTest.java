package dev.weir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Codec;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedNegotiationTest {
    private static final Negotiation.Options WITH_RED = new Negotiation.Options(List.of(Codec.VP8), true, true, 256);
    private static final Negotiation.Options ENCRYPTED = new Negotiation.Options(List.of(Codec.VP8), false, true, 256);
    private static final int MICROPHONE = 0;
    private static final int SLOT = 2;

    @Test
    void asksChromiumForRedByNamingItBeforeOpus() {
        String microphone = Offers.section(Offers.answer(Offers.negotiated(Offers.CHROMIUM, WITH_RED)), MICROPHONE);

        assertTrue(microphone.startsWith("m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n"), microphone);
        assertTrue(microphone.contains("a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"), microphone);
        assertTrue(microphone.contains("a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n"), microphone);
    }

    @Test
    void tellsTheShardOfOpusFirst() {
        MediaOffer offer = Offers.negotiated(Offers.CHROMIUM, WITH_RED).mediaOffer();

        for (int section : List.of(MICROPHONE, SLOT)) {
            assertEquals(
                    List.of(new MediaOffer.Payload(111, Codec.OPUS, -1), new MediaOffer.Payload(63, Codec.RED, -1)),
                    offer.sections().get(section).payloads());
        }
    }

    @Test
    void leavesRedOutWhereItIsNotOfferedOrNotToBe() {
        assertFalse(Offers.answer(Offers.negotiated(Offers.CHROMIUM, ENCRYPTED)).contains("red/48000"));
        assertFalse(Offers.answer(Offers.negotiated(Offers.FIREFOX, WITH_RED)).contains("red/48000"));
    }

    @Test
    void leavesOutRedOfAnythingButTheOpusThatIsTaken() {
        String other = Offers.edited(Offers.CHROMIUM, MICROPHONE, "a=fmtp:63 111/111", "a=fmtp:63 111/9");

        String microphone = Offers.section(Offers.answer(Offers.negotiated(other, WITH_RED)), MICROPHONE);

        assertTrue(microphone.startsWith("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"), microphone);
    }
}
