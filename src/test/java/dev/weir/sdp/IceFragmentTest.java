package dev.weir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.rtp.MediaKind;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IceFragmentTest {
    /** The example of RFC 9725 section 4.3.2 in shape. */
    private static final String TRICKLED = String.join(
            "\r\n",
            "a=ice-ufrag:EsAw",
            "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
            "m=audio 9 UDP/TLS/RTP/SAVPF 0",
            "a=mid:0",
            "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw network-id 1",
            "a=candidate:473322822 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0",
            "a=end-of-candidates",
            "");

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n"})
    void readsTheCredentialsThatStandBeforeTheCandidatesOrInTheMLine(String lineEnd) {
        IceFragment.Read expected = new IceFragment.Read(new IceFragment("EsAw", "P2uYro0UCOQ4zxjKXaWCBui1"));

        assertEquals(expected, IceFragment.read(TRICKLED.replace("\r\n", lineEnd)));
        String[] lines = TRICKLED.split("\r\n");
        String inside = String.join(lineEnd, lines[2], lines[3], lines[0], lines[1], lines[4]);
        assertEquals(expected, IceFragment.read(inside));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a=ice-ufrag:EsAw",
                "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1",
                "a=ice-ufrag:Es",
                "a=ice-ufrag:E s A w",
                "a=ice-pwd:short",
                "nothing",
                "{}",
                "a=ice-ufrag:EsAw\na=ice-ufrag:Other",
                "a=candidate:1 1 udp"
            })
    void saysWhatIsWrong(String text) {
        assertInstanceOf(IceFragment.Malformed.class, IceFragment.read(text));
    }

    @Test
    void writesARestartThatItCouldRead() {
        MediaAnswer answer = new MediaAnswer(
                "weirUfrag",
                "weirPasswordOf24Letters+",
                Offers.FINGERPRINT,
                List.of(new MediaAnswer.Candidate("1", 2_130_706_431L, "192.0.2.1", 10_000)),
                List.of(),
                "weir");

        String text = IceFragment.write(answer, MediaKind.VIDEO, "video0");
        assertEquals("""
                a=ice-lite
                a=ice-ufrag:weirUfrag
                a=ice-pwd:weirPasswordOf24Letters+
                m=video 9 UDP/TLS/RTP/SAVPF 0
                a=mid:video0
                a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host
                a=end-of-candidates
                """, text.replace("\r", ""));
        assertEquals(
                new IceFragment.Read(new IceFragment("weirUfrag", "weirPasswordOf24Letters+")), IceFragment.read(text));
    }

    @Test
    void garbageIsAValueOrARefusal() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(TRICKLED);
            for (int edits = random.nextInt(1, 6); edits > 0; edits--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x180));
            }
            text.setLength(random.nextInt(text.length() + 1));
            switch (IceFragment.read(text.toString())) {
                case IceFragment.Read(var fragment) ->
                    assertEquals(
                            true,
                            fragment.ufrag().length() >= 4 && fragment.pwd().length() >= 22);
                case IceFragment.Malformed(var sentence) -> assertEquals(false, sentence.isEmpty());
            }
        }
    }
}
