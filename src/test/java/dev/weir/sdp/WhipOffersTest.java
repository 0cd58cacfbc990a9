package dev.weir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.rtp.Codec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Offers of encoders that are no browsers. That of GStreamer is recorded; those of OBS and FFmpeg are made by hand after
 * their documentation, as the files say.
 */
class WhipOffersTest {
    private static final String OBS = Offers.recorded("obs-30-whip-offer.sdp");
    private static final String FFMPEG = Offers.recorded("ffmpeg-8-whip-offer.sdp");
    private static final String GSTREAMER = Offers.recorded("gstreamer-1.22-whip-offer.sdp");

    @Test
    void takesFromObsTheTransportOfTheSessionAndH264Alone() {
        Negotiation.Negotiated negotiated = Offers.negotiated(OBS);
        MediaOffer offer = negotiated.mediaOffer();

        assertEquals("obsU", offer.iceUfrag());
        assertEquals("obsPasswordOf22Chars00", offer.icePwd());
        assertEquals(1, offer.fingerprints().size());
        assertFalse(offer.dtlsPassive());
        assertEquals(List.of(), negotiated.rejected());
        MediaOffer.Section video = offer.sections().get(1);
        assertEquals(List.of(new MediaOffer.Payload(96, Codec.H264, -1)), video.payloads());
        assertEquals(List.of(new MediaOffer.Ssrc(1002, 0)), video.ssrcs());
        assertEquals(Map.of(), video.extensions());
        assertEquals(List.of(), video.rids());
        assertTrue(video.remb(), "it has no other feedback on its path");
        assertTrue(Offers.answer(negotiated).contains("a=setup:passive"));
    }

    @Test
    void beginsTheHandshakeWithFfmpegWhichOnlyWaits() {
        Negotiation.Negotiated negotiated = Offers.negotiated(FFMPEG);
        MediaOffer offer = negotiated.mediaOffer();

        assertTrue(offer.dtlsPassive());
        assertEquals("ff00ff00", offer.iceUfrag());
        MediaOffer.Section video = offer.sections().get(1);
        assertEquals(List.of(new MediaOffer.Payload(106, Codec.H264, 105)), video.payloads());
        assertEquals(List.of(new MediaOffer.Ssrc(2002, 2003)), video.ssrcs());
        String answer = Offers.answer(negotiated);
        assertEquals(3, answer.split("a=setup:active", -1).length);
        assertFalse(answer.contains("a=setup:passive"));
        assertTrue(answer.contains("m=video 9 UDP/TLS/RTP/SAVPF 106 105"), answer);
    }

    @Test
    void takesFromGstreamerTheMLineThatWaitsForItsBundle() {
        Negotiation.Negotiated negotiated = Offers.negotiated(GSTREAMER);

        assertEquals(List.of(), negotiated.rejected());
        assertEquals(
                List.of("video0", "audio1"),
                negotiated.mediaOffer().sections().stream()
                        .map(MediaOffer.Section::mid)
                        .toList());
        assertTrue(negotiated.mediaOffer().sections().stream()
                .allMatch(section ->
                        section.extensions().isEmpty() && section.ssrcs().size() == 1));
    }

    @ParameterizedTest
    @CsvSource({
        "42e01f,true",
        "42c01f,true",
        "42c015,true",
        "42001e,true",
        "4200ff,true",
        "420f1f,false",
        "640028,false",
        "4d001f,false"
    })
    void takesH264OfTheBaselineHoweverItsFlagsAreWritten(String profileLevelId, boolean taken) {
        String offer = FFMPEG.replace("42c01f", profileLevelId);

        assertEquals(
                taken ? List.of() : List.of("m-line 2 (mid 1)"),
                Offers.negotiated(offer).rejected());
    }

    @Test
    void anMLineThatTheClientHasStoppedIsNoneThatWeReject() {
        String stopped = OBS.replace("m=video 9 ", "m=video 0 ").replace("a=group:BUNDLE 0 1", "a=group:BUNDLE 0");

        assertEquals(List.of(), Offers.negotiated(stopped).rejected());
    }

    @Test
    void slotsOfOnePersonAreInOneStream() {
        String playing = GSTREAMER.replace("a=sendonly", "a=recvonly");
        Negotiation.Negotiated negotiated = Offers.negotiated(playing);

        String answer = negotiated.answerInOneStream(Offers.shardAnswer(negotiated.mediaOffer()), 1);
        assertTrue(answer.contains("a=msid:watched track-video0\r\n"), answer);
        assertTrue(answer.contains("a=msid:watched track-audio1\r\n"), answer);
    }
}
