package dev.weir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.MediaKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NegotiationTest {
    @Test
    void negotiatesChromiumsOffer() {
        MediaOffer offer = Offers.negotiated(Offers.CHROMIUM).mediaOffer();

        assertEquals("cuTv", offer.iceUfrag());
        assertEquals("4eYNWBCyqw5/kiz+aqrk3YOp", offer.icePwd());
        assertEquals("sha-256", offer.fingerprints().getFirst().algorithm());
        assertEquals(List.of("0", "1", "2", "3"), mids(offer));
        assertEquals(
                new MediaOffer.Section(
                        "0",
                        MediaKind.AUDIO,
                        true,
                        true,
                        List.of(new MediaOffer.Payload(111, Codec.OPUS, -1)),
                        Map.of(
                                Extension.AUDIO_LEVEL, 1,
                                Extension.ABS_SEND_TIME, 2,
                                Extension.TRANSPORT_CC, 3,
                                Extension.MID, 4),
                        List.of(),
                        List.of(new MediaOffer.Ssrc(1_574_874_052, 0))),
                offer.sections().get(0));
        assertEquals(
                new MediaOffer.Section(
                        "1",
                        MediaKind.VIDEO,
                        true,
                        true,
                        List.of(
                                new MediaOffer.Payload(96, Codec.VP8, 97),
                                new MediaOffer.Payload(108, Codec.H264, 109),
                                new MediaOffer.Payload(98, Codec.VP9, 99),
                                new MediaOffer.Payload(45, Codec.AV1, 46)),
                        Map.of(
                                Extension.ABS_SEND_TIME, 2,
                                Extension.TRANSPORT_CC, 3,
                                Extension.MID, 4,
                                Extension.RID, 10,
                                Extension.REPAIRED_RID, 11,
                                Extension.DEPENDENCY_DESCRIPTOR, 12),
                        List.of("q", "h", "f"),
                        List.of()),
                offer.sections().get(1));
        MediaOffer.Section slot = offer.sections().get(3);
        assertTrue(!slot.sending() && slot.active());
        assertEquals(10, slot.extensions().get(Extension.RID), "else Chromium sends no simulcast on a later m-line");
    }

    @Test
    void negotiatesFirefoxsOfferWithItsExtensionDirections() {
        MediaOffer offer = Offers.negotiated(Offers.FIREFOX).mediaOffer();

        assertEquals(List.of("0", "1", "2", "3"), mids(offer));
        MediaOffer.Section camera = offer.sections().get(1);
        assertEquals(
                List.of(
                        new MediaOffer.Payload(120, Codec.VP8, 124),
                        new MediaOffer.Payload(121, Codec.VP9, 125),
                        new MediaOffer.Payload(99, Codec.AV1, 100)),
                camera.payloads());
        assertEquals(8, camera.extensions().get(Extension.DEPENDENCY_DESCRIPTOR));
        assertEquals(9, camera.extensions().get(Extension.RID));
        assertEquals(3, camera.ssrcs().size());
        // It marks the dependency descriptor sendonly on its recvonly m-lines too, which says that it can't read it.
        MediaOffer.Section slot = offer.sections().get(3);
        assertEquals(
                Map.of(Extension.MID, 3, Extension.ABS_SEND_TIME, 4, Extension.TRANSPORT_CC, 7), slot.extensions());
        assertEquals(List.of(), slot.ssrcs());
    }

    @Test
    void usesExtensionsOnlyInTheDirectionOfTheOffer() {
        String mid = "a=extmap:4 " + Extension.MID.uri();
        for (int sendingOrSlot : new int[] {1, 3}) {
            String way = sendingOrSlot == 1 ? "sendonly" : "recvonly";
            String other = sendingOrSlot == 1 ? "recvonly" : "sendonly";
            assertEquals(4, midExtension(sendingOrSlot, mid, mid));
            assertEquals(4, midExtension(sendingOrSlot, mid, mid.replace(":4", ":4/" + way)));
            assertEquals(4, midExtension(sendingOrSlot, mid, mid.replace(":4", ":4/sendrecv")));
            assertEquals(0, midExtension(sendingOrSlot, mid, mid.replace(":4", ":4/" + other)));
            assertEquals(0, midExtension(sendingOrSlot, mid, mid.replace(":4", ":4/inactive")));
            assertEquals(0, midExtension(sendingOrSlot, mid, mid.replace(":4", ":15")));
            assertEquals(0, midExtension(sendingOrSlot, mid, mid.replace(":4", ":4096")));
            assertEquals(200, midExtension(sendingOrSlot, mid, mid.replace(":4", ":200")));
        }
    }

    private static int midExtension(int place, String recorded, String line) {
        String offer = Offers.with(
                Offers.CHROMIUM, place, Offers.section(Offers.CHROMIUM, place).replace(recorded, line));
        return Offers.negotiated(offer)
                .mediaOffer()
                .sections()
                .get(place)
                .extensions()
                .getOrDefault(Extension.MID, 0);
    }

    @Test
    void choosesConstrainedBaselineWithPacketizationMode1() {
        assertEquals(108, h264("42e01f", "42001f"));
        assertEquals(108, h264("42E01F", "42001f"));
        assertEquals(108, h264("42e028", "42001f"));
        assertEquals(102, h264("64001f", "42001f"));
        assertEquals(102, h264("42001f", "42e01f"));
        assertEquals(-1, h264("64001f", "4d001f"));
    }

    /** The payload type taken, where 108 is offered with the one profile and 102 with the other. */
    private static int h264(String profileOf108, String profileOf102) {
        String section = Offers.section(Offers.CHROMIUM, 1)
                .replace("packetization-mode=1;profile-level-id=42e01f", "packetization-mode=1;profile-level-id=first")
                .replace("packetization-mode=1;profile-level-id=42001f", "packetization-mode=1;profile-level-id=second")
                .replace("first", profileOf108)
                .replace("second", profileOf102);
        Negotiation.Options options = new Negotiation.Options(List.of(Codec.H264, Codec.VP8), false, true, 256);
        return Offers.negotiated(Offers.with(Offers.CHROMIUM, 1, section), options)
                .mediaOffer()
                .sections()
                .get(1)
                .payloads()
                .stream()
                .filter(payload -> payload.codec() == Codec.H264)
                .mapToInt(MediaOffer.Payload::payloadType)
                .findAny()
                .orElse(-1);
    }

    @Test
    void takesVideoCodecsInTheRoomsOrder() {
        Negotiation.Options options = new Negotiation.Options(List.of(Codec.AV1, Codec.VP8), false, true, 256);

        MediaOffer offer = Offers.negotiated(Offers.CHROMIUM, options).mediaOffer();

        assertEquals(
                List.of(new MediaOffer.Payload(45, Codec.AV1, 46), new MediaOffer.Payload(96, Codec.VP8, 97)),
                offer.sections().get(1).payloads());
    }

    @Test
    void takesRtxOnlyIfOffered() {
        String offer = Offers.edited(Offers.CHROMIUM, 1, "a=fmtp:97 apt=96\r\n", "");

        assertEquals(
                new MediaOffer.Payload(96, Codec.VP8, -1),
                Offers.negotiated(offer)
                        .mediaOffer()
                        .sections()
                        .get(1)
                        .payloads()
                        .getFirst());
    }

    @Test
    void passesOverPayloadTypesThatReadAsRtcp() {
        String offer = Offers.edited(Offers.CHROMIUM, 0, "111", "72");

        assertEquals(List.of("1", "2", "3"), mids(Offers.negotiated(offer).mediaOffer()));
    }

    @Test
    void rejectsWhatItCannotServeAndTakesTheRest() {
        assertEquals(List.of("1", "2", "3"), midsWith(0, "m=audio 34906 ", "m=audio 0 "));
        assertEquals(List.of("1", "2", "3"), midsWith(0, "opus/48000/2", "speex/16000"));
        assertEquals(List.of("1", "2", "3"), midsWith(0, "UDP/TLS/RTP/SAVPF", "RTP/AVP"));
        assertEquals(List.of("1", "2", "3"), midsWith(0, "m=audio", "m=text"));
        assertEquals(
                List.of("0", "2"),
                mids(Offers.negotiated(Offers.CHROMIUM, new Negotiation.Options(List.of(), false, true, 256))
                        .mediaOffer()));
    }

    private static List<String> midsWith(int place, String what, String replacement) {
        return mids(Offers.negotiated(Offers.edited(Offers.CHROMIUM, place, what, replacement))
                .mediaOffer());
    }

    @Test
    void takesTransportParametersFromTheFirstBundledMLineThatIsTaken() {
        String offer = Offers.edited(Offers.CHROMIUM, 0, "m=audio 34906 ", "m=audio 0 ");
        String other = Offers.edited(offer, 1, "a=ice-ufrag:cuTv", "a=ice-ufrag:other");

        assertEquals("other", Offers.negotiated(other).mediaOffer().iceUfrag());
    }

    @Test
    void readsDirections() {
        MediaOffer.Section both = camera("a=sendonly", "a=sendrecv");
        assertTrue(both.sending() && both.active());
        MediaOffer.Section inactive = camera("a=sendonly", "a=inactive");
        assertTrue(inactive.sending() && !inactive.active());
        MediaOffer.Section slot = camera("a=sendonly", "a=recvonly");
        assertTrue(!slot.sending() && slot.active());
        assertEquals(List.of(), slot.rids());
    }

    @Test
    void takesNoSimulcastThatIsNotOfferedOrCannotBeToldApart() {
        assertEquals(List.of(), camera("a=simulcast:send q;h;f", "a=x").rids());
        assertEquals(List.of(), camera(Extension.RID.uri(), "urn:other").rids());
        assertEquals(List.of("q", "f"), camera("a=rid:h send", "a=x").rids());
        assertEquals(List.of("q", "h"), camera("send q;h;f", "send ~q,f;~h").rids());
    }

    @Test
    void takesNoLayersWhereTheRoomHasNoSimulcast() {
        Negotiation.Options options = new Negotiation.Options(List.of(Codec.VP8), false, false, 256);
        Negotiation.Negotiated negotiated = Offers.negotiated(Offers.CHROMIUM, options);

        assertEquals(List.of(), negotiated.mediaOffer().sections().get(1).rids());
        String camera = Offers.section(Offers.answer(negotiated), 1);
        assertTrue(!camera.contains("a=rid") && !camera.contains("a=simulcast"), camera);
        assertTrue(camera.contains("a=recvonly"), "its first encoding is taken");
    }

    @Test
    void repeatsTheLimitsByWhichFirefoxKnowsItsCodecs() {
        String camera = Offers.section(Offers.answer(Offers.negotiated(Offers.FIREFOX)), 1);

        assertTrue(camera.contains("a=fmtp:120 max-fs=12288;max-fr=60\r\n"), camera);
        assertTrue(camera.contains("a=fmtp:121 max-fs=12288;max-fr=60\r\n"), camera);
    }

    @Test
    void leavesPausedWhatTheBrowserHasPaused() {
        String offer = Offers.edited(Offers.CHROMIUM, 1, "send q;h;f", "send q;~h;~f");
        Negotiation.Negotiated negotiated = Offers.negotiated(offer);

        assertEquals(
                List.of("q", "h", "f"),
                negotiated.mediaOffer().sections().get(1).rids());
        String camera = Offers.section(Offers.answer(negotiated), 1);
        assertTrue(camera.contains("a=simulcast:recv q;~h;~f\r\n"), camera);
    }

    @Test
    void takesLayersThatAreBoundToAPayloadType() {
        String offer = Offers.edited(Offers.CHROMIUM, 1, "a=rid:h send", "a=rid:h send pt=98");

        assertEquals(
                List.of("q", "h", "f"),
                Offers.negotiated(offer).mediaOffer().sections().get(1).rids());
    }

    @Test
    void takesFourLayersAtMost() {
        assertEquals(
                List.of("a", "q", "h", "f"),
                camera("a=simulcast:send q;h;f", "a=rid:a send\r\na=rid:b send\r\na=simulcast:send a;q;h;f;b")
                        .rids());
    }

    private static MediaOffer.Section camera(String what, String replacement) {
        return Offers.negotiated(Offers.edited(Offers.CHROMIUM, 1, what, replacement))
                .mediaOffer()
                .sections()
                .get(1);
    }

    @Test
    void keepsMidsWhenSlotsAreAdded() {
        MediaOffer first = Offers.negotiated(Offers.CHROMIUM).mediaOffer();
        MediaOffer second =
                Offers.negotiated(Offers.grown(Offers.CHROMIUM, 1, 3)).mediaOffer();

        assertEquals(first.sections(), second.sections().subList(0, 4));
        assertEquals(List.of("0", "1", "2", "3", "5", "6", "7", "8"), mids(second));
    }

    @Test
    void refusesWithASentence() {
        String fingerprint = "the offer has no a=fingerprint of sha-256, sha-384 or sha-512";
        assertEquals("the offer has no a=ice-ufrag", refusedWithout("a=ice-ufrag:"));
        assertEquals("the offer has no a=ice-pwd", refusedWithout("a=ice-pwd:"));
        assertEquals(fingerprint, refusedWithout("a=fingerprint:"));
        assertEquals(fingerprint, Offers.refused(Offers.FIREFOX.replace("a=fingerprint:", "a=x:")));
        assertEquals(fingerprint, Offers.refused(Offers.CHROMIUM.replace("sha-256", "sha-1")));
        assertEquals("the offer has no a=setup", refusedWithout("a=setup:"));
        assertEquals(
                "a=setup is \"holdconn\": it has to be actpass, active or passive",
                Offers.refused(Offers.CHROMIUM.replace("a=setup:actpass", "a=setup:holdconn")));
        assertEquals("m-line 1 (mid 0) is not bundled", refusedWithout("a=group:"));
        assertEquals(
                "m-line 3 (mid 2) is not bundled", Offers.refused(Offers.CHROMIUM.replace("0 1 2 3 4", "0 1 3 4")));
        assertEquals("m-line 1 (mid 0) has no a=rtcp-mux", refusedWithout("a=rtcp-mux"));
        assertEquals("m-line 1 has no a=mid", refusedWithout("a=mid:"));
        assertEquals("mid 1 stands twice", Offers.refused(Offers.CHROMIUM.replace("a=mid:3", "a=mid:1")));
        assertEquals(
                "the offer is ice-lite, and so is the server",
                Offers.refused(Offers.CHROMIUM.replace("s=-", "s=-\r\na=ice-lite")));
        assertEquals(
                "the offer has no audio or video m-line that can be taken",
                Offers.refused(Offers.CHROMIUM.replace("UDP/TLS/RTP", "UDP")));
        assertEquals(
                "extmap id 1 of m-line 2 (mid 1) stands for another extension before",
                Offers.refused(Offers.edited(Offers.CHROMIUM, 1, "a=extmap:2 ", "a=extmap:1 ")));
        assertEquals(
                "payload type 111 of m-line 2 (mid 1) stands for another codec before",
                Offers.refused(Offers.edited(Offers.CHROMIUM, 1, "96", "111")));
    }

    private static String refusedWithout(String attribute) {
        return Offers.refused(Offers.CHROMIUM.replace(attribute, "a=x"));
    }

    @Test
    void refusesMoreMLinesThanTheOptionsAllow() {
        assertEquals(
                new Negotiation.Refused(Negotiation.Fault.UNACCEPTABLE, "the offer has 5 m-lines, at most 4 are taken"),
                Negotiation.negotiate(Offers.CHROMIUM, new Negotiation.Options(List.of(Codec.VP8), false, true, 4)));
    }

    @Test
    void negotiatesFiftyVideoSlotsQuickly() {
        String offer = Offers.grown(Offers.CHROMIUM, 3, 50);
        long bestNanos = Long.MAX_VALUE;
        int answerLength = 0;
        for (int i = 0; i < 40; i++) {
            long start = System.nanoTime();
            answerLength = Offers.answer(Offers.negotiated(offer)).length();
            bestNanos = Math.min(bestNanos, System.nanoTime() - start);
        }
        System.out.printf(
                "an offer of %,d characters negotiated and answered (%,d) in %.1f ms%n",
                offer.length(), answerLength, bestNanos / 1e6);
        assertTrue(bestNanos < 50_000_000, "took " + bestNanos + " ns");
    }

    private static List<String> mids(MediaOffer offer) {
        return offer.sections().stream().map(MediaOffer.Section::mid).toList();
    }
}
