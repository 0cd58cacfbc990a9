package dev.weir.sdp;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.MediaKind;
import dev.weir.sdp.SessionDescription.Extmap;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One m-line of an offer and what we make of it.
 *
 * @param payloads the best first, RED behind its Opus; empty: the m-line is rejected
 * @param extensions as in the offer, with the directions that the browser wrote
 * @param rids the simulcast layers that we take; empty without simulcast, which leaves the browser one encoding
 */
record Section(
        SessionDescription.Media offered,
        List<PayloadChoice> payloads,
        Map<Extension, Extmap> extensions,
        List<String> rids) {
    /**
     * Nothing shows more layers of one picture, and an answer may take fewer than were offered (RFC 8853 section
     * 5.3.2): the first four of the offer's order, as the browser stops sending those that are not answered.
     */
    private static final int MAX_RIDS = 4;

    private static final Set<String> PROTOCOLS = Set.of("RTP/SAVPF", "RTP/SAVP");

    /** In one-byte headers 15 is reserved, and from 256 on ids are for the offer only (RFC 8285 sections 4.2, 7). */
    private static final int RESERVED_ID = 15;

    private static final int MAX_ID = 255;

    static Section of(SessionDescription.Media offered, Negotiation.Options options) {
        List<Codec> codecs =
                switch (offered.kind()) {
                    case "audio" -> options.red() ? List.of(Codec.OPUS, Codec.RED) : List.of(Codec.OPUS);
                    case "video" -> options.videoCodecs();
                    default -> List.of();
                };
        List<PayloadChoice> payloads = isOpen(offered) ? PayloadChoice.choose(offered.payloads(), codecs) : List.of();
        Map<Extension, Extmap> extensions = payloads.isEmpty() ? Map.of() : extensions(offered);
        if (!extensions.containsKey(Extension.TRANSPORT_CC)) {
            payloads = payloads.stream()
                    .map(PayloadChoice::withoutTransportFeedback)
                    .toList();
        }
        boolean simulcast =
                options.simulcast() && isSending(offered.direction()) && extensions.containsKey(Extension.RID);
        List<String> rids = simulcast ? rids(offered) : List.of();
        return new Section(offered, payloads, extensions, rids);
    }

    /** Port 0 is a stopped m-line (RFC 9429 section 5.2.2) or one that waits for its bundle (RFC 9143 section 6). */
    boolean isOffered() {
        return isOffered(offered);
    }

    private static boolean isOffered(SessionDescription.Media offered) {
        return offered.port() != 0 || offered.bundleOnly();
    }

    private static boolean isOpen(SessionDescription.Media offered) {
        String protocol = offered.protocol();
        return isOffered(offered)
                && PROTOCOLS.stream().anyMatch(end -> protocol.equals(end) || protocol.endsWith("/" + end));
    }

    private static Map<Extension, Extmap> extensions(SessionDescription.Media offered) {
        Map<Extension, Extmap> extensions = new EnumMap<>(Extension.class);
        Set<Integer> ids = new HashSet<>();
        for (Extension extension : Extension.values()) {
            for (Extmap extmap : offered.extmaps()) {
                if (extmap.uri().equals(extension.uri())
                        && isUsable(offered, extension, extmap)
                        && !extensions.containsKey(extension)
                        && ids.add(extmap.id())) {
                    extensions.put(extension, extmap);
                }
            }
        }
        return extensions;
    }

    private static boolean isUsable(SessionDescription.Media offered, Extension extension, Extmap extmap) {
        boolean sending = isSending(offered.direction());
        boolean fits =
                switch (extension) {
                    case AUDIO_LEVEL -> offered.kind().equals("audio");
                    // On slots too, where nothing has a rid: Chromium 156 offers a later m-line only what the earlier
                    // ones of its kind negotiated, and refuses to send simulcast without.
                    case RID, REPAIRED_RID, DEPENDENCY_DESCRIPTOR ->
                        offered.kind().equals("video");
                    case MID, TRANSPORT_CC, ABS_SEND_TIME -> true;
                };
        boolean directed =
                sending ? extmap.direction().sends() : extmap.direction().receives();
        return fits && directed && extmap.id() <= MAX_ID && extmap.id() != RESERVED_ID;
    }

    private static List<String> rids(SessionDescription.Media offered) {
        return offered.simulcastSend().stream()
                .filter(offered.sendRids()::contains)
                .limit(MAX_RIDS)
                .toList();
    }

    /** An inactive m-line counts as sending, so that it is no slot: only what was published becomes inactive. */
    private static boolean isSending(Direction direction) {
        return direction != Direction.RECVONLY;
    }

    boolean accepted() {
        return !payloads.isEmpty();
    }

    boolean sending() {
        return isSending(offered.direction());
    }

    boolean active() {
        return offered.direction() != Direction.INACTIVE;
    }

    /** Of the answer: we never both send and receive on one m-line. */
    Direction direction() {
        if (!active()) {
            return Direction.INACTIVE;
        }
        return sending() ? Direction.RECVONLY : Direction.SENDONLY;
    }

    /** Whether the browser offers this layer as one that it does not send now. */
    boolean paused(String rid) {
        return offered.pausedSend().contains(rid);
    }

    String mid() {
        return offered.mid();
    }

    /** A browser sends the first format that it can, and RED only where it stands before Opus. */
    List<PayloadChoice> payloadsInAnswer() {
        return payloads.getLast().codec() == Codec.RED ? payloads.reversed() : payloads;
    }

    MediaOffer.Section toOffer() {
        Map<Extension, Integer> ids = new EnumMap<>(Extension.class);
        extensions.forEach((extension, extmap) -> ids.put(extension, extmap.id()));
        return new MediaOffer.Section(
                mid(),
                offered.kind().equals("audio") ? MediaKind.AUDIO : MediaKind.VIDEO,
                sending(),
                active(),
                payloads.stream().map(PayloadChoice::payload).toList(),
                ids,
                rids,
                sending() ? offered.ssrcs() : List.of(),
                takesRemb());
    }

    private boolean takesRemb() {
        Set<Feedback> feedback = payloads.getFirst().feedback();
        return sending() && feedback.contains(Feedback.GOOG_REMB) && !feedback.contains(Feedback.TRANSPORT_CC);
    }
}
