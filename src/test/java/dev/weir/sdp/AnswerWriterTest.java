package dev.weir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerWriterTest {
    @Test
    void writesTheSessionsPart() {
        Negotiation.Negotiated negotiated = Offers.negotiated(Offers.CHROMIUM);

        String session = Offers.section(negotiated.answer(Offers.shardAnswer(negotiated.mediaOffer()), 7), -1);

        assertEquals("""
            v=0
            o=- 1 7 IN IP4 0.0.0.0
            s=-
            t=0 0
            a=group:BUNDLE 0 1 2 3
            a=ice-lite
            a=extmap-allow-mixed
            a=msid-semantic: WMS *
            """, session.replace("\r\n", "\n"));
    }

    @Test
    void writesAMicrophonesMLineWithTheTransport() {
        String microphone = Offers.section(Offers.answer(Offers.negotiated(Offers.CHROMIUM)), 0);

        assertEquals("""
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            c=IN IP4 0.0.0.0
            a=ice-ufrag:weirUfrag
            a=ice-pwd:weirPasswordOf24Letters+
            a=fingerprint:sha-256 %s
            a=setup:passive
            a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host
            a=candidate:2 1 udp 2130706175 2001:db8::1 10000 typ host
            a=end-of-candidates
            a=mid:0
            a=recvonly
            a=rtcp-mux
            a=rtcp-rsize
            a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
            a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1
            a=rtcp-fb:111 transport-cc
            """.formatted(Offers.FINGERPRINT.hex()), microphone.replace("\r\n", "\n"));
    }

    @Test
    void mirrorsSimulcastAndExtensionDirections() {
        String camera = Offers.section(Offers.answer(Offers.negotiated(Offers.FIREFOX)), 1);

        assertHolds(
                camera,
                "m=video 9 UDP/TLS/RTP/SAVPF 120 124 121 125 99 100",
                "a=recvonly",
                "a=extmap-allow-mixed",
                "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=extmap:9/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
                "a=rid:q recv",
                "a=rid:h recv",
                "a=rid:f recv",
                "a=simulcast:recv q;h;f",
                "a=rtcp-fb:120 ccm fir",
                "a=fmtp:124 apt=120");
        assertFalse(camera.contains("a=candidate"));
        assertFalse(camera.contains("a=ssrc"));
    }

    @Test
    void writesSlotsWithFixedUnsignedSsrcsEachInAStreamOfItsOwn() {
        String answer = Offers.answer(Offers.negotiated(Offers.CHROMIUM));

        String audioSlot = Offers.section(answer, 2);
        assertHolds(
                audioSlot,
                "a=sendonly",
                "a=msid:slot-2 track-2",
                "a=ssrc:4026531840 cname:weir",
                "a=ssrc:4026531840 msid:slot-2 track-2");
        assertFalse(audioSlot.contains("FID"));
        assertHolds(
                Offers.section(answer, 3),
                "a=sendonly",
                "a=msid:slot-3 track-3",
                "a=ssrc-group:FID 4026531841 4027580417",
                "a=ssrc:4026531841 cname:weir",
                "a=ssrc:4026531841 msid:slot-3 track-3",
                "a=ssrc:4027580417 cname:weir",
                "a=ssrc:4027580417 msid:slot-3 track-3");
    }

    @Test
    void rejectsADataChannelInItsPlace() {
        String stopped = Offers.edited(Offers.CHROMIUM, 1, "m=video 9 ", "m=video 0 ");
        String answer = Offers.answer(Offers.negotiated(stopped));

        assertEquals(
                "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:4\r\na=inactive\r\n",
                Offers.section(answer, 4));
        assertTrue(Offers.section(answer, 1).startsWith("m=video 0 UDP/TLS/RTP/SAVPF 96 97 102 "));
        assertTrue(answer.contains("a=group:BUNDLE 0 2 3\r\n"));
    }

    @Test
    void putsCandidatesWhereTheBundleIsTagged() {
        String stopped = Offers.edited(Offers.CHROMIUM, 0, "m=audio 34906 ", "m=audio 0 ");
        String answer = Offers.answer(Offers.negotiated(stopped));

        assertFalse(Offers.section(answer, 0).contains("a=candidate"));
        assertTrue(Offers.section(answer, 1).contains("a=candidate"));
        assertFalse(Offers.section(answer, 2).contains("a=candidate"));
    }

    @Test
    void writesFormatParameters() {
        String answer = Offers.answer(Offers.negotiated(Offers.CHROMIUM));
        assertHolds(
                Offers.section(answer, 3),
                "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
                "a=fmtp:98 profile-id=0",
                "a=fmtp:45 level-idx=5;profile=0;tier=0");
        assertHolds(
                Offers.section(Offers.answer(Offers.negotiated(Offers.FIREFOX)), 0),
                "a=fmtp:109 minptime=10;useinbandfec=1;usedtx=1;stereo=1");
    }

    @Test
    void saysNothingOfRtcpRsizeAndMixedHeadersThatWereNotOffered() {
        String offer = Offers.CHROMIUM.replace("a=rtcp-rsize\r\n", "").replace("a=extmap-allow-mixed\r\n", "");
        String answer = Offers.answer(Offers.negotiated(offer));

        assertFalse(answer.contains("rtcp-rsize"));
        assertFalse(answer.contains("extmap-allow-mixed"));
    }

    @Test
    void answersInactiveWithInactiveAndNeedsNoSlotForIt() {
        String offer = Offers.edited(Offers.CHROMIUM, 3, "a=recvonly", "a=inactive");
        String slot = Offers.section(Offers.answer(Offers.negotiated(offer)), 3);

        assertHolds(slot, "m=video 9 UDP/TLS/RTP/SAVPF 96 97 108 109 98 99 45 46", "a=inactive");
        assertFalse(slot.contains("a=ssrc"));
    }

    @Test
    void failsWhenAShardForgotASlot() {
        Negotiation.Negotiated negotiated = Offers.negotiated(Offers.CHROMIUM);
        MediaAnswer whole = Offers.shardAnswer(negotiated.mediaOffer());
        MediaAnswer answer = new MediaAnswer(
                whole.iceUfrag(), whole.icePwd(), whole.fingerprint(), whole.candidates(), List.of(), whole.cname());

        assertThrows(IllegalArgumentException.class, () -> negotiated.answer(answer, 1));
    }

    @Test
    void writesWhatItsOwnParserReads() {
        for (String offer : List.of(Offers.CHROMIUM, Offers.FIREFOX, Offers.grown(Offers.CHROMIUM, 2, 5))) {
            Negotiation.Negotiated negotiated = Offers.negotiated(offer);
            SessionDescription answer = Offers.parsed(Offers.answer(negotiated));

            SessionDescription offered = Offers.parsed(offer);
            assertTrue(answer.iceLite());
            assertEquals(
                    negotiated.mediaOffer().sections().stream()
                            .map(MediaOffer.Section::mid)
                            .toList(),
                    answer.bundle());
            assertEquals(
                    offered.media().stream().map(SessionDescription.Media::mid).toList(),
                    answer.media().stream().map(SessionDescription.Media::mid).toList());
            for (SessionDescription.Media media : answer.media()) {
                assertEquals(offered.media().get(media.number() - 1).kind(), media.kind());
            }
            for (MediaOffer.Section section : negotiated.mediaOffer().sections()) {
                assertReads(section, answer);
            }
            assertEquals(List.of("q", "h", "f"), answer.media().get(1).simulcastRecv());
            assertEquals(Set.of("q", "h", "f"), answer.media().get(1).recvRids());
        }
    }

    private static void assertReads(MediaOffer.Section section, SessionDescription answer) {
        SessionDescription.Media media = answer.media().stream()
                .filter(each -> each.mid().equals(section.mid()))
                .findAny()
                .orElseThrow();
        assertEquals(section.sending() ? Direction.RECVONLY : Direction.SENDONLY, media.direction());
        assertEquals("passive", media.transport().setup());
        assertEquals(List.of(Offers.FINGERPRINT), media.transport().fingerprints());
        assertEquals(section.extensions().size(), media.extmaps().size());
        assertEquals(
                section.payloads().stream().map(MediaOffer.Payload::payloadType).toList(),
                media.payloads().stream()
                        .filter(payload -> !payload.encoding().equals("rtx"))
                        .map(SessionDescription.Payload::payloadType)
                        .toList());
        assertEquals(section.sending() ? 0 : 1, media.ssrcs().size());
    }

    private static void assertHolds(String section, String... lines) {
        List<String> held = section.lines().toList();
        for (String line : lines) {
            assertTrue(held.contains(line), () -> line + " is missing in\n" + section);
        }
    }
}
