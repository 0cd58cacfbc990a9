package dev.weir.web;

import dev.weir.rtp.Codec;
import java.util.List;

/** Negotiates with {@code sdp}. */
final class SdpNegotiator implements Negotiator {
    @Override
    public Outcome negotiate(String offerSdp, List<Codec> videoCodecs) {
        return new Outcome.Refused("no media yet");
    }
}
