package dev.weir.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.dtls.DtlsRole;
import dev.weir.rtp.MediaKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static final String HASH = "AB:".repeat(31) + "AB";
    private static final String TEXT = """
            v=0
            o=- 1 1 IN IP4 0.0.0.0
            s=-
            t=0 0
            a=group:BUNDLE 1 2 3
            a=ice-lite
            m=video 9 UDP/TLS/RTP/SAVPF 96 97
            a=mid:1
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789012345678901
            a=fingerprint:sha-256 %s
            a=setup:passive
            a=recvonly
            a=candidate:1 1 udp 2130706431 192.0.2.5 10000 typ host
            a=candidate:2 1 tcp 2130706430 192.0.2.5 9 typ host tcptype passive
            a=candidate:3 1 udp 2130706429 some-name.local 10000 typ host
            a=candidate:4 1 UDP 2130706428 2001:db8::1 10000 typ host
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            a=mid:2
            a=sendonly
            a=ssrc:4294967295 cname:x
            a=ssrc:4294967295 msid:a b
            m=video 9 UDP/TLS/RTP/SAVPF 96 97
            a=mid:3
            a=sendonly
            a=ssrc-group:FID 20 21
            a=ssrc:20 cname:x
            a=ssrc:21 cname:x
            """.formatted(HASH);

    @Test
    void readsWhatAConnectionNeeds() {
        Answer answer = Answer.parse(TEXT).orElseThrow();
        assertEquals("abcd", answer.ice().ufrag());
        assertEquals(HASH, answer.fingerprint().hex());
        assertEquals(DtlsRole.CLIENT, answer.role());
        assertEquals(
                List.of(
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.5"), 10_000),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 10_000)),
                answer.candidates());
        assertEquals(
                List.of(new Answer.Announced(MediaKind.AUDIO, -1, 0), new Answer.Announced(MediaKind.VIDEO, 20, 21)),
                answer.slots());
    }

    @Test
    void prefersTheAddressThatTheServersHttpIsAt() {
        Answer answer = Answer.parse(TEXT).orElseThrow();
        InetAddress second = InetAddress.ofLiteral("2001:db8::1");
        assertEquals(second, answer.best(second).getAddress());
        assertEquals(
                "192.0.2.5",
                answer.best(InetAddress.ofLiteral("198.51.100.1")).getAddress().getHostAddress());
    }

    @Test
    void isTheDtlsServerOfAnActiveOne() {
        assertEquals(
                DtlsRole.SERVER,
                Answer.parse(TEXT.replace("setup:passive", "setup:active"))
                        .orElseThrow()
                        .role());
    }

    @Test
    void refusesWhatLacksSomethingAndSurvivesGarbage() {
        assertFalse(Answer.parse("").isPresent());
        assertFalse(Answer.parse(TEXT.replace("a=ice-pwd", "a=x")).isPresent());
        assertFalse(Answer.parse(TEXT.replace("a=fingerprint", "a=x")).isPresent());
        assertFalse(Answer.parse(TEXT.replace("a=candidate", "a=x")).isPresent());
        SplittableRandom random = new SplittableRandom(6);
        int read = 0;
        for (int i = 0; i < 2_000; i++) {
            StringBuilder garbled = new StringBuilder(TEXT);
            for (int flips = 0; flips < 5; flips++) {
                garbled.setCharAt(random.nextInt(garbled.length()), (char) random.nextInt(32, 127));
            }
            garbled.setLength(random.nextInt(garbled.length()));
            read += Answer.parse(garbled.toString()).isPresent() ? 1 : 0;
        }
        assertTrue(read > 100, "some of it is still an answer");
    }
}
