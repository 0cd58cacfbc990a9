package dev.weir.web;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.MediaOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads offers in a language of its own: {@code <mid> audio|video send|recv|inactive} in each line. */
final class FakeNegotiator implements Negotiator {
    volatile String thread = "";
    volatile List<Codec> codecs = List.of();

    @Override
    public Outcome negotiate(String offerSdp, List<Codec> videoCodecs) {
        thread = Thread.currentThread().getName();
        codecs = videoCodecs;
        if (offerSdp.startsWith("bad")) {
            return new Outcome.Refused("there is no fingerprint.");
        }
        List<MediaOffer.Section> sections = new ArrayList<>();
        offerSdp.lines().forEach(line -> {
            String[] words = line.split(" ");
            sections.add(new MediaOffer.Section(
                    words[0],
                    MediaKind.valueOf(words[1].toUpperCase(Locale.ROOT)),
                    !words[2].equals("recv"),
                    !words[2].equals("inactive"),
                    List.of(),
                    Map.of(),
                    List.of(),
                    List.of()));
        });
        return new Outcome.Agreed(
                new MediaOffer("theirs", "secret", List.of(), sections),
                (answer, version) -> answer.iceUfrag() + " " + version);
    }
}
