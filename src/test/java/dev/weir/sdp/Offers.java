package dev.weir.sdp;

import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Offers recorded from browsers, and others made from them. Both recordings have mids 0 (microphone), 1 (camera with
 * rids q, h, f), 2 (audio slot), 3 (video slot) and 4 (data channel).
 */
final class Offers {
    static final String CHROMIUM = recorded("chromium-156-offer.sdp");
    static final String FIREFOX = recorded("firefox-153-offer.sdp");

    static final Negotiation.Options OPTIONS =
            new Negotiation.Options(List.of(Codec.VP8, Codec.H264, Codec.VP9, Codec.AV1), false, true, 256);

    static final MediaOffer.Hash FINGERPRINT = new MediaOffer.Hash("sha-256", "0F:" + "A0:".repeat(30) + "B1");

    private Offers() {}

    static Negotiation.Negotiated negotiated(String offer) {
        return negotiated(offer, OPTIONS);
    }

    static Negotiation.Negotiated negotiated(String offer, Negotiation.Options options) {
        return switch (Negotiation.negotiate(offer, options)) {
            case Negotiation.Negotiated negotiated -> negotiated;
            case Negotiation.Refused refused -> throw new AssertionError(refused.sentence());
        };
    }

    /** The sentence of the refusal. */
    static String refused(String offer) {
        return switch (Negotiation.negotiate(offer, OPTIONS)) {
            case Negotiation.Negotiated _ -> throw new AssertionError("not refused");
            case Negotiation.Refused refused -> refused.sentence();
        };
    }

    static SessionDescription parsed(String text) {
        return switch (SessionDescription.parse(text)) {
            case SessionDescription description -> description;
            case Parsed.Malformed malformed -> throw new AssertionError(malformed.sentence());
        };
    }

    /** What a shard could say: two candidates, and slots with SSRCs that need their unsigned form. */
    static MediaAnswer shardAnswer(MediaOffer offer) {
        List<MediaAnswer.Slot> slots = new ArrayList<>();
        for (MediaOffer.Section section : offer.sections()) {
            if (!section.sending()) {
                int ssrc = 0xf000_0000 + slots.size();
                slots.add(new MediaAnswer.Slot(
                        section.mid(), ssrc, section.kind() == MediaKind.VIDEO ? ssrc + 0x10_0000 : 0));
            }
        }
        return new MediaAnswer(
                "weirUfrag",
                "weirPasswordOf24Letters+",
                FINGERPRINT,
                List.of(
                        new MediaAnswer.Candidate("1", 2_130_706_431L, "192.0.2.1", 10_000),
                        new MediaAnswer.Candidate("2", 2_130_706_175L, "2001:db8::1", 10_000)),
                slots,
                "weir");
    }

    static String answer(Negotiation.Negotiated negotiated) {
        return negotiated.answer(shardAnswer(negotiated.mediaOffer()), 1);
    }

    /** The text of an m-line of a description, by its place from 0; -1 is the session's own part. */
    static String section(String description, int place) {
        String[] parts = description.split("(?m)^(?=m=)");
        return parts[place + 1];
    }

    /** The description with another text for one m-line. */
    static String with(String description, int place, String section) {
        String[] parts = description.split("(?m)^(?=m=)");
        parts[place + 1] = section;
        return String.join("", parts);
    }

    /** The description with a replacement made in one m-line, where it has to change something. */
    static String edited(String description, int place, String what, String replacement) {
        String section = section(description, place);
        String edited = section.replace(what, replacement);
        if (edited.equals(section)) {
            throw new AssertionError("nothing to replace: " + what);
        }
        return with(description, place, edited);
    }

    /** The recorded offer with more slots behind its m-lines, as after an SDK added transceivers. */
    static String grown(String offer, int audioSlots, int videoSlots) {
        StringBuilder text = new StringBuilder();
        StringBuilder mids = new StringBuilder("a=group:BUNDLE 0 1 2 3 4");
        for (int i = 0; i < audioSlots + videoSlots; i++) {
            String mid = Integer.toString(5 + i);
            mids.append(' ').append(mid);
            String slot = section(offer, i < audioSlots ? 2 : 3);
            text.append(slot.replaceFirst("a=mid:\\d", "a=mid:" + mid));
        }
        return offer.replace("a=group:BUNDLE 0 1 2 3 4", mids) + text;
    }

    static String recorded(String name) {
        try (InputStream stream = Offers.class.getResourceAsStream("/sdp/" + name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
