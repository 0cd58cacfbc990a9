package dev.weir.web;

import dev.weir.rtp.Codec;
import dev.weir.sdp.Negotiation;
import java.util.List;

/** Negotiates with {@code sdp}. */
final class SdpNegotiator implements Negotiator {
    /** Slots of the largest client and a few tracks. */
    private static final int MAX_SECTIONS = 256;

    @Override
    public Outcome negotiate(String offerSdp, List<Codec> videoCodecs) {
        return switch (Negotiation.negotiate(offerSdp, new Negotiation.Options(videoCodecs, MAX_SECTIONS))) {
            case Negotiation.Refused(var sentence) -> new Outcome.Refused(sentence);
            case Negotiation.Negotiated agreed -> new Outcome.Agreed(agreed.mediaOffer(), agreed::answer);
        };
    }
}
