package dev.weir.sdp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes in, the result is an answer that parses or a refusal of one line. */
class GarbageTest {
    private static final long SEED = 0x5d9;

    @Test
    void survivesTruncation() {
        for (String offer : List.of(Offers.CHROMIUM, Offers.FIREFOX, Offers.CHROMIUM.replace("\r\n", "\n"))) {
            for (int length = 0; length < offer.length(); length += 37) {
                check(offer.substring(0, length), "length " + length);
            }
        }
    }

    @Test
    void survivesFlippedBits() {
        Random random = new Random(SEED);
        for (int round = 0; round < 3_000; round++) {
            StringBuilder offer = new StringBuilder(round % 2 == 0 ? Offers.CHROMIUM : Offers.FIREFOX);
            for (int flips = random.nextInt(1, 20); flips > 0; flips--) {
                int at = random.nextInt(offer.length());
                offer.setCharAt(at, (char) (offer.charAt(at) ^ 1 << random.nextInt(8)));
            }
            check(offer.toString(), "seed " + SEED + ", round " + round);
        }
    }

    @Test
    void survivesLinesInAnyOrder() {
        Random random = new Random(SEED);
        for (int round = 0; round < 1_000; round++) {
            String[] lines = Offers.CHROMIUM.split("\r\n");
            for (int swaps = random.nextInt(1, 30); swaps > 0; swaps--) {
                int first = random.nextInt(1, lines.length);
                int second = random.nextInt(1, lines.length);
                String line = lines[first];
                lines[first] = lines[second];
                lines[second] = line;
            }
            check(String.join("\r\n", lines), "seed " + SEED + ", round " + round);
        }
    }

    @Test
    void survivesShortAttributes() {
        for (String name : List.of(
                "mid",
                "rid",
                "simulcast",
                "extmap",
                "rtpmap",
                "fmtp",
                "rtcp-fb",
                "ssrc",
                "ssrc-group",
                "fingerprint",
                "ice-ufrag",
                "ice-pwd",
                "setup",
                "group",
                "msid")) {
            for (String value :
                    List.of("", ":", ": ", ":/", ":1", ":1 ", ":1 /", ":1 //", ":*", ":send", ":FID", ":;", ":1 ;")) {
                check("v=0\nm=video 9 UDP/TLS/RTP/SAVPF 1\na=" + name + value + "\n", name + value);
                check("v=0\na=" + name + value + "\nm=video 9 UDP/TLS/RTP/SAVPF 1\n", name + value);
            }
        }
    }

    @Test
    void readsTheLargestDescriptionsInTime() {
        String head = "v=0\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\n";
        for (String line : List.of(
                "a=rtcp-fb:* nack\n", "a=fmtp:96 a=b\n", "m=a 9 b c\n", "a=group:BUNDLE 1 2\n", "\n", "a=mid:1\n")) {
            String offer = head + line.repeat((SessionParser.MAX_TEXT - head.length()) / line.length());
            assertTimeout(Duration.ofSeconds(5), () -> check(offer, line));
        }
    }

    private static void check(String offer, String what) {
        switch (Negotiation.negotiate(offer, Offers.OPTIONS)) {
            case Negotiation.Negotiated negotiated -> {
                try {
                    Offers.parsed(Offers.answer(negotiated));
                } catch (AssertionError e) {
                    throw new AssertionError(what, e);
                }
            }
            case Negotiation.Refused refused ->
                assertFalse(
                        refused.sentence().isBlank()
                                || refused.sentence().lines().count() > 1,
                        what);
        }
    }
}
