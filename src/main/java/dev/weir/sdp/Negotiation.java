package dev.weir.sdp;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.SessionDescription.Extmap;
import dev.weir.sdp.SessionDescription.Transport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Offer and answer (RFC 3264, RFC 9429) for a server that is ICE-lite and takes one bundled transport. It is DTLS
 * passive, but where the offer leaves only the active role, as that of FFmpeg 8 does.
 *
 * <p>M-lines are taken or rejected one by one: data channels, unknown kinds, stopped m-lines and those without a codec
 * of ours are answered with port 0. What is taken must share the offer's first BUNDLE group; the group's first mid that
 * is taken is the tagged one, whose ICE and DTLS parameters count (RFC 9143 section 7.3.1). An offer that we can't
 * serve as a whole is refused with a sentence for the client's developer.
 */
public final class Negotiation {
    private Negotiation() {}

    /**
     * What the room allows.
     *
     * @param videoCodecs in the order of the answer's payload types; audio is always Opus
     * @param red whether audio may carry redundancy; not where payloads are encrypted end to end
     * @param simulcast whether layers are taken; where not, an offer of them is answered without (RFC 8853 section
     *     5.3.2), and a browser sends its first encoding alone
     * @param maxSections m-lines of an offer, rejected ones too; offers with more are refused, and
     *     so are those with more than 256 in any case
     */
    public record Options(List<Codec> videoCodecs, boolean red, boolean simulcast, int maxSections) {
        public Options {
            videoCodecs = videoCodecs.stream().distinct().toList();
            if (videoCodecs.stream().anyMatch(codec -> codec.kind() != MediaKind.VIDEO)) {
                throw new IllegalArgumentException("not all are video codecs: " + videoCodecs);
            }
        }
    }

    /** What comes of an offer. */
    public sealed interface Result permits Negotiated, Refused {}

    /** @param sentence names what is missing or wrong */
    public record Refused(Fault fault, String sentence) implements Result {}

    /** How an offer is at fault. */
    public enum Fault {
        /** It is no description of a WebRTC session. */
        MALFORMED,
        /** It is one, of a kind that we do not do. */
        UNSUPPORTED,
        /** Nothing, or not enough, of it can be taken. */
        UNACCEPTABLE
    }

    /** An offer that can be answered; stays with the socket while a shard looks at the {@link MediaOffer}. */
    public static final class Negotiated implements Result {
        private final SessionDescription offered;
        private final List<Section> sections;
        private final List<String> bundle;
        private final MediaOffer mediaOffer;

        private Negotiated(
                SessionDescription offered, List<Section> sections, List<String> bundle, Transport transport) {
            this.offered = offered;
            this.sections = sections;
            this.bundle = bundle;
            this.mediaOffer = new MediaOffer(
                    transport.iceUfrag(),
                    transport.icePwd(),
                    transport.fingerprints(),
                    transport.setup().equals("passive"),
                    sections.stream()
                            .filter(Section::accepted)
                            .map(Section::toOffer)
                            .toList());
        }

        public MediaOffer mediaOffer() {
            return mediaOffer;
        }

        /** The m-lines that are offered open and that we reject, as a refusal names them. */
        public List<String> rejected() {
            return sections.stream()
                    .filter(section -> !section.accepted() && section.isOffered())
                    .map(section -> section.offered().name())
                    .toList();
        }

        /**
         * The answer's text, with CRLF line ends; each slot is in a stream of its own.
         *
         * @param answer with a slot for each active section of the offer where the browser receives; slots of other
         *     mids are passed over
         * @param version of the session: not less than that of an earlier answer on the same connection, and more when
         *     anything changed (RFC 3264 section 8)
         * @throws IllegalArgumentException if a slot is missing
         */
        public String answer(MediaAnswer answer, long version) {
            return new AnswerWriter(offered, sections, bundle, answer, false).write(version);
        }

        /** As {@link #answer}, with the slots in one stream, since they show one person: browsers play it lip-synced. */
        public String answerInOneStream(MediaAnswer answer, long version) {
            return new AnswerWriter(offered, sections, bundle, answer, true).write(version);
        }
    }

    /** Answers an offer as far as it can be done without a shard. */
    public static Result negotiate(String offerSdp, Options options) {
        return switch (SessionDescription.parse(offerSdp)) {
            case Parsed.Malformed malformed -> new Refused(Fault.MALFORMED, malformed.sentence());
            case SessionDescription offered -> negotiate(offered, options);
        };
    }

    private static Result negotiate(SessionDescription offered, Options options) {
        if (offered.media().size() > options.maxSections()) {
            return new Refused(
                    Fault.UNACCEPTABLE,
                    "the offer has " + offered.media().size() + " m-lines, at most " + options.maxSections()
                            + " are taken");
        }
        if (offered.iceLite()) {
            return new Refused(Fault.UNSUPPORTED, "the offer is ice-lite, and so is the server");
        }
        List<Section> sections = offered.media().stream()
                .map(media -> Section.of(media, options))
                .toList();
        List<Section> accepted = sections.stream().filter(Section::accepted).toList();
        if (accepted.isEmpty()) {
            return new Refused(Fault.UNACCEPTABLE, "the offer has no audio or video m-line that can be taken");
        }
        String problem = sectionsProblem(offered, accepted);
        if (problem != null) {
            return new Refused(Fault.UNSUPPORTED, problem);
        }
        Map<String, Section> byMid = new HashMap<>();
        accepted.forEach(section -> byMid.put(section.mid(), section));
        List<String> bundle =
                offered.bundle().stream().filter(byMid::containsKey).distinct().toList();
        Transport transport = byMid.get(bundle.getFirst()).offered().transport();
        problem = transportProblem(transport);
        if (problem != null) {
            return new Refused(Fault.MALFORMED, problem);
        }
        return switch (transport.setup()) {
            case "actpass", "active", "passive" -> new Negotiated(offered, sections, bundle, transport);
            default ->
                new Refused(
                        Fault.UNSUPPORTED,
                        "a=setup is " + Tokens.quoted(transport.setup()) + ": it has to be actpass, active or passive");
        };
    }

    /** What is wrong with the m-lines that we take, or null. */
    private static String sectionsProblem(SessionDescription offered, List<Section> accepted) {
        Set<String> mids = new HashSet<>();
        for (SessionDescription.Media media : offered.media()) {
            if (!media.mid().isEmpty() && !mids.add(media.mid())) {
                return "mid " + media.mid() + " stands twice";
            }
        }
        Set<String> bundled = Set.copyOf(offered.bundle());
        for (Section section : accepted) {
            if (section.mid().isEmpty()) {
                return section.offered().name() + " has no a=mid";
            }
            if (!bundled.contains(section.mid())) {
                return section.offered().name() + " is not bundled";
            }
            if (!section.offered().rtcpMux()) {
                return section.offered().name() + " has no a=rtcp-mux";
            }
        }
        return collision(accepted);
    }

    /** In a bundle, extension ids and payload types mean the same on all m-lines (RFC 9143 section 9.1.1). */
    private static String collision(List<Section> accepted) {
        Map<Integer, Extension> extensions = new HashMap<>();
        Map<Integer, String> formats = new HashMap<>();
        for (Section section : accepted) {
            for (Map.Entry<Extension, Extmap> entry : section.extensions().entrySet()) {
                int id = entry.getValue().id();
                if (extensions.merge(id, entry.getKey(), (first, second) -> first) != entry.getKey()) {
                    return "extmap id " + id + " of " + section.offered().name()
                            + " stands for another extension before";
                }
            }
            for (PayloadChoice choice : section.payloads()) {
                for (int payloadType : choice.payloadTypes()) {
                    String format = choice.codec() + (payloadType == choice.rtx() ? " RTX" : "");
                    if (!formats.merge(payloadType, format, (first, second) -> first)
                            .equals(format)) {
                        return "payload type " + payloadType + " of "
                                + section.offered().name() + " stands for another codec before";
                    }
                }
            }
        }
        return null;
    }

    /** What is wrong with the parameters of the bundle's transport, or null. */
    private static String transportProblem(Transport transport) {
        if (transport.iceUfrag().isEmpty()) {
            return "the offer has no a=ice-ufrag";
        }
        if (transport.icePwd().isEmpty()) {
            return "the offer has no a=ice-pwd";
        }
        if (transport.fingerprints().isEmpty()) {
            return "the offer has no a=fingerprint of sha-256, sha-384 or sha-512";
        }
        return transport.setup().isEmpty() ? "the offer has no a=setup" : null;
    }
}
