package dev.weir.sdp;

import java.util.List;

/**
 * What a shard says to a {@link MediaOffer}: everything that the text of the answer needs beyond the negotiation.
 *
 * @param iceUfrag ours, as is the password
 * @param fingerprint of our certificate
 * @param candidates host candidates of the shard's port, best first
 * @param slots one for each receiving m-line of the offer
 * @param cname of all streams that we send on this connection
 */
public record MediaAnswer(
        String iceUfrag,
        String icePwd,
        MediaOffer.Hash fingerprint,
        List<Candidate> candidates,
        List<Slot> slots,
        String cname) {
    public MediaAnswer {
        candidates = List.copyOf(candidates);
        slots = List.copyOf(slots);
    }

    /** A host candidate over UDP, component 1 (RFC 8839 section 5.1). The address is a literal, IPv4 or IPv6. */
    public record Candidate(String foundation, long priority, String address, int port) {
        /** As an attribute's text. */
        String text() {
            return "candidate:" + foundation + " 1 udp " + priority + " " + address + " " + port + " typ host";
        }
    }

    /**
     * A slot's fixed streams (PROTOCOL section 5).
     *
     * @param rtxSsrc 0 for audio
     */
    public record Slot(String mid, int ssrc, int rtxSsrc) {}
}
