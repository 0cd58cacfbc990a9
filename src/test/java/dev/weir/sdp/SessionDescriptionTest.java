package dev.weir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionDescriptionTest {
    @Test
    void readsChromiumsOffer() {
        SessionDescription offer = Offers.parsed(Offers.CHROMIUM);

        assertEquals(List.of("0", "1", "2", "3", "4"), offer.bundle());
        assertTrue(offer.extmapAllowMixed());
        assertFalse(offer.iceLite());
        SessionDescription.Media camera = offer.media().get(1);
        assertEquals(2, camera.number());
        assertEquals(Direction.SENDONLY, camera.direction());
        assertTrue(camera.rtcpMux() && camera.rtcpRsize());
        assertEquals("cuTv", camera.transport().iceUfrag());
        assertEquals("4eYNWBCyqw5/kiz+aqrk3YOp", camera.transport().icePwd());
        assertEquals("actpass", camera.transport().setup());
        assertEquals(Set.of("q", "h", "f"), camera.sendRids());
        assertEquals(List.of("q", "h", "f"), camera.simulcastSend());
        assertEquals("- e94700df-3c1c-4c4f-948b-1772030fe011", camera.msid());
        assertEquals(
                new SessionDescription.Payload(96, "vp8", 90_000, 1, "", EnumSet.allOf(Feedback.class)),
                camera.payloads().getFirst());
        assertEquals(23, camera.payloads().size());
        assertEquals(
                List.of(new MediaOffer.Ssrc(1_574_874_052, 0)),
                offer.media().getFirst().ssrcs());
    }

    @Test
    void readsFirefoxsOfferWithItsAttributesOfTheSession() {
        SessionDescription offer = Offers.parsed(Offers.FIREFOX);

        assertFalse(offer.extmapAllowMixed());
        SessionDescription.Media camera = offer.media().get(1);
        assertTrue(camera.extmapAllowMixed());
        assertTrue(camera.bundleOnly());
        assertEquals(0, camera.port());
        assertEquals(
                "9C:EC:BE", camera.transport().fingerprints().getFirst().hex().substring(0, 8));
        assertEquals(
                List.of(
                        new MediaOffer.Ssrc(1_519_665_971, (int) 3_649_708_578L),
                        new MediaOffer.Ssrc(176_589_398, 285_529_661),
                        new MediaOffer.Ssrc((int) 3_881_839_957L, 1_986_802_189)),
                camera.ssrcs());
        assertEquals(Direction.SENDRECV, offer.media().get(4).direction());
    }

    @Test
    void inheritsWhatTheSessionSaysUnlessAnMLineSaysOtherwise() {
        SessionDescription description = Offers.parsed("""
            v=0
            a=ice-ufrag:session
            a=ice-pwd:sessionsessionsessionsession
            a=setup:active
            a=recvonly
            a=extmap:5 uri:five
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            a=ice-ufrag:media
            a=ice-pwd:mediamediamediamediamedia
            a=setup:actpass
            a=sendonly
            """);

        SessionDescription.Media first = description.media().get(0);
        SessionDescription.Media second = description.media().get(1);
        assertEquals("session", first.transport().iceUfrag());
        assertEquals("active", first.transport().setup());
        assertEquals(Direction.RECVONLY, first.direction());
        assertEquals(List.of(new SessionDescription.Extmap(5, Direction.SENDRECV, "uri:five")), first.extmaps());
        assertEquals("media", second.transport().iceUfrag());
        assertEquals("actpass", second.transport().setup());
        assertEquals(Direction.SENDONLY, second.direction());
    }

    @Test
    void takesLfAndCrlf() {
        assertEquals(Offers.parsed(Offers.CHROMIUM), Offers.parsed(Offers.CHROMIUM.replace("\r\n", "\n")));
        assertEquals(Offers.parsed(Offers.FIREFOX), Offers.parsed(Offers.FIREFOX.replace("\r\n", "\n")));
        assertEquals(Offers.parsed(Offers.FIREFOX), Offers.parsed(Offers.FIREFOX.strip()));
    }

    @Test
    void readsAlternativesAndPausedStreamsOfSimulcast() {
        SessionDescription.Media media = Offers.parsed("""
            v=0
            m=video 9 UDP/TLS/RTP/SAVPF 96
            a=rid:q send max-width=320
            a=rid:h send
            a=rid:f recv
            a=simulcast:recv f send q,h;~h,~q
            """).media().getFirst();

        assertEquals(List.of("q", "h"), media.simulcastSend());
        assertEquals(List.of("f"), media.simulcastRecv());
        assertEquals(Set.of("q", "h"), media.sendRids());
        assertEquals(Set.of("f"), media.recvRids());
    }

    @Test
    void readsExtmapDirectionsAndFeedbackForAllPayloadTypes() {
        SessionDescription.Media media = Offers.parsed("""
            v=0
            m=video 9 UDP/TLS/RTP/SAVPF 96 97
            a=extmap:1/recvonly uri:one vad=on
            a=extmap:2 uri:two
            a=rtcp-fb:* nack pli
            a=rtcp-fb:96 nack
            a=rtcp-fb:96 trr-int 100
            a=rtpmap:96 VP8/90000
            a=rtpmap:97 VP9/90000
            """).media().getFirst();

        assertEquals(
                List.of(
                        new SessionDescription.Extmap(1, Direction.RECVONLY, "uri:one"),
                        new SessionDescription.Extmap(2, Direction.SENDRECV, "uri:two")),
                media.extmaps());
        assertEquals(
                EnumSet.of(Feedback.NACK, Feedback.NACK_PLI),
                media.payloads().get(0).feedback());
        assertEquals(EnumSet.of(Feedback.NACK_PLI), media.payloads().get(1).feedback());
    }

    @Test
    void refusesWhatIsMalformed() {
        assertEquals("the description is empty", malformed(""));
        assertEquals("the description does not begin with v=0", malformed("v=1\n"));
        assertEquals("line 2 is not a letter, an equals sign and a value", malformed("v=0\nhello\n"));
        assertEquals("line 2 holds a control character", malformed("v=0\ns=a\rb\n"));
        assertEquals("line 2 is not an m-line of kind, port, protocol and formats", malformed("v=0\nm=audio x Y 1\n"));
        assertEquals("line 2: \"128\" is not a payload type", malformed("v=0\nm=audio 9 RTP/SAVPF 128\n"));
        assertEquals("line 3: the extmap is not of id, direction and URI", malformedAttribute("extmap:1/up uri:one"));
        assertEquals(
                "line 3: the rtpmap is not of payload type, encoding and clock rate",
                malformedAttribute("rtpmap:96 VP8"));
        assertEquals("line 3: the ssrc is not a number of 32 bits", malformedAttribute("ssrc:4294967296 cname:a"));
        assertEquals(
                "line 3: the ssrc-group FID is not of two numbers of 32 bits",
                malformedAttribute("ssrc-group:FID 1 1"));
        assertEquals("line 3: the simulcast is not of a direction and rids", malformedAttribute("simulcast:send q;;h"));
        assertEquals("line 3: the ice-pwd is not of 22 to 256 ICE characters", malformedAttribute("ice-pwd:short"));
        assertEquals(
                "line 3: the ice-ufrag is not of 4 to 256 ICE characters",
                malformedAttribute("ice-ufrag:" + "a".repeat(257)));
        assertEquals(
                "line 3: the fingerprint is not of 32 hexadecimal pairs with colons",
                malformedAttribute("fingerprint:sha-256 AB:CD"));
    }

    @Test
    void refusesMidsAndRidsThatDoNotFitAHeaderExtension() {
        String mid = "line 3: the mid \"%s\" is not a token of 1 to 16 characters";
        assertEquals(mid.formatted(""), malformedAttribute("mid:"));
        assertEquals(mid.formatted("a b"), malformedAttribute("mid:a b"));
        assertEquals(mid.formatted("<b>"), malformedAttribute("mid:<b>"));
        assertEquals(mid.formatted("12345678901234567"), malformedAttribute("mid:12345678901234567"));
        String rid = "line 3: the rid \"%s\" is not of 1 to 16 letters, digits, - and _, and a direction";
        assertEquals(rid.formatted(""), malformedAttribute("rid:"));
        assertEquals(rid.formatted("é"), malformedAttribute("rid:é send"));
        assertEquals(rid.formatted("12345678901234567"), malformedAttribute("rid:12345678901234567 send"));
        assertEquals("line 3: rid q is neither send nor recv", malformedAttribute("rid:q both"));
        assertEquals("line 4: rid q stands twice", malformedAttribute("rid:q send\na=rid:q send"));
    }

    @Test
    void refusesWhatIsOversized() {
        assertEquals(
                "the description is longer than 1048576 characters",
                malformed("v=0\n" + "a=x\n".repeat(SessionParser.MAX_TEXT / 4)));
        assertEquals("line 2 is longer than 8192 characters", malformed("v=0\na=" + "x".repeat(8191)));
        assertEquals(
                "the description has more than 256 m-lines",
                malformed("v=0\n" + "m=audio 9 RTP/SAVPF 0\n".repeat(257)));
        StringBuilder ssrcs = new StringBuilder("ssrc:0 a");
        for (int i = 1; i <= 64; i++) {
            ssrcs.append("\na=ssrc:").append(i).append(" a");
        }
        assertEquals("line 67: more than 64 SSRCs", malformedAttribute(ssrcs.toString()));
    }

    private static String malformedAttribute(String attribute) {
        return malformed("v=0\nm=video 9 UDP/TLS/RTP/SAVPF 96\na=" + attribute + "\n");
    }

    private static String malformed(String text) {
        return assertInstanceOf(Parsed.Malformed.class, SessionDescription.parse(text))
                .sentence();
    }
}
