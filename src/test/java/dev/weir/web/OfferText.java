package dev.weir.web;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Offers as short as they may be. */
final class OfferText {
    private OfferText() {}

    /** @param lines {@code audio sendonly} or the like, whose mids count up from 0 */
    static String of(String... lines) {
        List<String> text = new ArrayList<>(List.of("v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0"));
        StringBuilder mids = new StringBuilder("a=group:BUNDLE");
        for (int mid = 0; mid < lines.length; mid++) {
            mids.append(' ').append(mid);
        }
        text.add(mids.toString());
        for (int mid = 0; mid < lines.length; mid++) {
            String[] words = lines[mid].split(" ");
            boolean audio = words[0].equals("audio");
            text.add("m=" + words[0] + " 9 UDP/TLS/RTP/SAVPF " + (audio ? "111" : "96 97"));
            text.addAll(List.of(
                    "c=IN IP4 0.0.0.0",
                    "a=mid:" + mid,
                    "a=" + words[1],
                    "a=rtcp-mux",
                    "a=ice-ufrag:them",
                    "a=ice-pwd:0123456789012345678901",
                    "a=fingerprint:sha-256 " + "AA:".repeat(31) + "AA",
                    "a=setup:actpass"));
            text.addAll(
                    audio
                            ? List.of("a=rtpmap:111 opus/48000/2")
                            : List.of("a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"));
        }
        return String.join("\r\n", text) + "\r\n";
    }

    /** As a browser wrote it. */
    static String recorded(String name) throws IOException {
        try (InputStream stream = OfferText.class.getResourceAsStream("/sdp/" + name + ".sdp")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The same with its slots, mid 2 for audio and mid 3 for video, several times over. */
    static String withSlots(String offer, int audio, int video) {
        String[] parts = offer.split("(?m)^(?=m=)");
        List<String> slots = new ArrayList<>();
        StringBuilder mids = new StringBuilder();
        for (int slot = 0; slot < audio + video; slot++) {
            String mid = "slot" + slot;
            slots.add(parts[slot < audio ? 3 : 4].replaceFirst("a=mid:\\d", "a=mid:" + mid));
            mids.append(' ').append(mid);
        }
        return parts[0].replaceFirst("(a=group:BUNDLE[^\r]*)", "$1" + mids)
                + parts[1]
                + parts[2]
                + String.join("", slots);
    }

    /** The message that offers it. */
    static String request(String sdp, String tracks) {
        return "{\"type\":\"offer\",\"id\":\"o\",\"sdp\":%s,\"tracks\":[%s]}".formatted(TextNode.valueOf(sdp), tracks);
    }
}
