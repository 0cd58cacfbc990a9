package dev.weir.sdp;

import dev.weir.rtp.Codec;
import dev.weir.rtp.Extension;
import dev.weir.rtp.MediaKind;
import java.util.List;
import java.util.Map;

/**
 * What a negotiated offer means to a shard: transport parameters and the m-lines that both sides take, each with just
 * the payload types and extensions of the answer. Rejected m-lines are not in it.
 *
 * @param iceUfrag the browser's, as is its password
 * @param fingerprints of the certificate that the browser will show, at least one, of a hash that we take
 * @param dtlsPassive whether the client only waits for a DTLS handshake, so that we have to begin it
 * @param sections in the offer's order
 */
public record MediaOffer(
        String iceUfrag, String icePwd, List<Hash> fingerprints, boolean dtlsPassive, List<Section> sections) {
    public MediaOffer {
        fingerprints = List.copyOf(fingerprints);
        sections = List.copyOf(sections);
    }

    /** Of one who begins the DTLS handshake himself, as nearly all do. */
    public MediaOffer(String iceUfrag, String icePwd, List<Hash> fingerprints, List<Section> sections) {
        this(iceUfrag, icePwd, fingerprints, false, sections);
    }

    /** The same after an ICE restart. */
    public MediaOffer withIce(String newUfrag, String newPwd) {
        return new MediaOffer(newUfrag, newPwd, fingerprints, dtlsPassive, sections);
    }

    /** A certificate's fingerprint (RFC 8122): the algorithm in lower case, upper-case hex pairs with colons. */
    public record Hash(String algorithm, String hex) {}

    /**
     * One accepted m-line.
     *
     * @param mid unique in the offer, 1 to 16 characters
     * @param sending true: the browser sends here; false: it receives, which makes it a slot. True when inactive
     * @param active false for an m-line whose direction is inactive: it keeps its place and carries nothing
     * @param payloads the best first, at least one; RED, where both take it, stands behind its Opus
     * @param extensions the ids, as the browser gave them
     * @param rids simulcast layers in the offer's order, lowest first by our SDK's custom; empty without simulcast
     * @param ssrcs those that the offer announces for this m-line, by a=ssrc; the fallback where mid is missing.
     *     Empty for a slot, whose a=ssrc in Firefox only names the browser's own RTCP reports
     * @param remb whether the browser sends here, takes REMB, and has no transport-wide feedback
     */
    public record Section(
            String mid,
            MediaKind kind,
            boolean sending,
            boolean active,
            List<Payload> payloads,
            Map<Extension, Integer> extensions,
            List<String> rids,
            List<Ssrc> ssrcs,
            boolean remb) {
        /** Without REMB, as nearly all are. */
        public Section(
                String mid,
                MediaKind kind,
                boolean sending,
                boolean active,
                List<Payload> payloads,
                Map<Extension, Integer> extensions,
                List<String> rids,
                List<Ssrc> ssrcs) {
            this(mid, kind, sending, active, payloads, extensions, rids, ssrcs, false);
        }

        public Section {
            payloads = List.copyOf(payloads);
            extensions = Map.copyOf(extensions);
            rids = List.copyOf(rids);
            ssrcs = List.copyOf(ssrcs);
        }
    }

    /**
     * A payload type of an m-line.
     *
     * @param payloadType 0 to 127
     * @param rtxPayloadType its RFC 4588 companion, or -1
     */
    public record Payload(int payloadType, Codec codec, int rtxPayloadType) {}

    /**
     * An announced SSRC.
     *
     * @param rtxSsrc its companion by ssrc-group FID, or 0
     */
    public record Ssrc(int ssrc, int rtxSsrc) {}
}
