package dev.weir.sdp;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.SessionDescription.Extmap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes the answer to one offer (RFC 9429 section 5.3): as many m-lines as offered, in the same order.
 *
 * <p>There is no a=ice-options:trickle: all candidates of an ICE-lite server are known at once.
 */
final class AnswerWriter {
    private final SessionDescription offered;
    private final List<Section> sections;
    private final List<String> bundle;
    private final MediaAnswer answer;
    private final boolean inOneStream;
    private final Map<String, MediaAnswer.Slot> slots = new HashMap<>();
    private final StringBuilder text = new StringBuilder(4096);

    /**
     * @param bundle the mids taken, the tagged one first
     * @param inOneStream whether all slots are
     */
    AnswerWriter(
            SessionDescription offered,
            List<Section> sections,
            List<String> bundle,
            MediaAnswer answer,
            boolean inOneStream) {
        this.offered = offered;
        this.sections = sections;
        this.bundle = bundle;
        this.answer = answer;
        this.inOneStream = inOneStream;
        answer.slots().forEach(slot -> slots.put(slot.mid(), slot));
    }

    String write(long version) {
        line("v=0");
        // Browsers compare nothing of it but the version.
        line("o=- 1 " + version + " IN IP4 0.0.0.0");
        line("s=-");
        line("t=0 0");
        line("a=group:BUNDLE " + String.join(" ", bundle));
        line("a=ice-lite");
        if (offered.extmapAllowMixed()) {
            line("a=extmap-allow-mixed");
        }
        line("a=msid-semantic: WMS *");
        for (Section section : sections) {
            if (section.accepted()) {
                accepted(section);
            } else {
                rejected(section.offered());
            }
        }
        return text.toString();
    }

    private void rejected(SessionDescription.Media media) {
        line("m=" + media.kind() + " 0 " + media.protocol() + " " + media.formats());
        line("c=IN IP4 0.0.0.0");
        if (!media.mid().isEmpty()) {
            line("a=mid:" + media.mid());
        }
        line("a=inactive");
    }

    private void accepted(Section section) {
        SessionDescription.Media media = section.offered();
        StringBuilder payloadTypes = new StringBuilder();
        for (PayloadChoice choice : section.payloadsInAnswer()) {
            choice.payloadTypes().forEach(type -> payloadTypes.append(' ').append(type));
        }
        line("m=" + media.kind() + " 9 " + media.protocol() + payloadTypes);
        line("c=IN IP4 0.0.0.0");
        transport(section);
        line("a=mid:" + section.mid());
        line("a=" + section.direction().text());
        line("a=rtcp-mux");
        if (media.rtcpRsize()) {
            line("a=rtcp-rsize");
        }
        if (media.extmapAllowMixed() && !offered.extmapAllowMixed()) {
            line("a=extmap-allow-mixed");
        }
        section.extensions().forEach(this::extension);
        section.payloadsInAnswer().forEach(this::payload);
        rids(section);
        if (section.active() && !section.sending()) {
            slot(section);
        }
    }

    private void transport(Section section) {
        line("a=ice-ufrag:" + answer.iceUfrag());
        line("a=ice-pwd:" + answer.icePwd());
        line("a=fingerprint:" + answer.fingerprint().algorithm() + " "
                + answer.fingerprint().hex());
        line("a=setup:" + (section.offered().transport().setup().equals("passive") ? "active" : "passive"));
        if (!section.mid().equals(bundle.getFirst())) {
            return;
        }
        answer.candidates().forEach(candidate -> line("a=" + candidate.text()));
        line("a=end-of-candidates");
    }

    /** Without a direction in the offer there is none in the answer; else it is mirrored (RFC 8285 section 7). */
    private void extension(Extension extension, Extmap extmap) {
        Direction mirrored = extmap.direction().mirrored();
        line("a=extmap:" + extmap.id() + (mirrored == Direction.SENDRECV ? "" : "/" + mirrored.text()) + " "
                + extension.uri());
    }

    private void payload(PayloadChoice choice) {
        Codec codec = choice.codec();
        int type = choice.payloadType();
        line("a=rtpmap:" + type + " " + codec.encodingName() + "/" + codec.clockRate()
                + (codec.kind() == MediaKind.AUDIO ? "/2" : ""));
        if (!choice.fmtp().isEmpty()) {
            line("a=fmtp:" + type + " " + choice.fmtp());
        }
        choice.feedback().forEach(feedback -> line("a=rtcp-fb:" + type + " " + feedback.text()));
        if (choice.rtx() >= 0) {
            line("a=rtpmap:" + choice.rtx() + " rtx/" + codec.clockRate());
            line("a=fmtp:" + choice.rtx() + " apt=" + type);
        }
    }

    /** What the browser has paused stays so: Chromium 156 switches on whatever an answer does not call paused. */
    private void rids(Section section) {
        if (section.rids().isEmpty()) {
            return;
        }
        section.rids().forEach(rid -> line("a=rid:" + rid + " recv"));
        line("a=simulcast:recv "
                + section.rids().stream()
                        .map(rid -> section.paused(rid) ? "~" + rid : rid)
                        .collect(Collectors.joining(";")));
    }

    /** Mostly each slot is a stream of its own: browsers sync what shares a stream, and slots hold unrelated people. */
    private void slot(Section section) {
        MediaAnswer.Slot slot = slots.get(section.mid());
        if (slot == null) {
            throw new IllegalArgumentException("no slot for mid " + section.mid());
        }
        String msid = (inOneStream ? "watched" : "slot-" + section.mid()) + " track-" + section.mid();
        line("a=msid:" + msid);
        boolean rtx = slot.rtxSsrc() != 0 && section.payloads().stream().anyMatch(choice -> choice.rtx() >= 0);
        if (rtx) {
            line("a=ssrc-group:FID " + Integer.toUnsignedString(slot.ssrc()) + " "
                    + Integer.toUnsignedString(slot.rtxSsrc()));
        }
        ssrc(slot.ssrc(), msid);
        if (rtx) {
            ssrc(slot.rtxSsrc(), msid);
        }
    }

    private void ssrc(int ssrc, String msid) {
        String attribute = "a=ssrc:" + Integer.toUnsignedString(ssrc);
        line(attribute + " cname:" + answer.cname());
        line(attribute + " msid:" + msid);
    }

    private void line(String line) {
        text.append(line).append("\r\n");
    }
}
