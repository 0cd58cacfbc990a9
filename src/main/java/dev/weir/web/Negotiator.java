package dev.weir.web;

import dev.weir.rtp.Codec;
import dev.weir.sdp.MediaAnswer;
import dev.weir.sdp.MediaOffer;
import java.util.List;

/** Makes of an offer's text what a shard understands, and of the shard's answer the text. */
interface Negotiator {

    /** @param videoCodecs that the room takes, in its order of preference */
    Outcome negotiate(String offerSdp, List<Codec> videoCodecs);

    /** What became of an offer. */
    sealed interface Outcome {
        record Agreed(MediaOffer offer, AnswerText text) implements Outcome {}

        record Refused(String sentence) implements Outcome {}
    }

    /** Writes the answer. */
    interface AnswerText {
        /** @param version rises with every answer on a connection */
        String write(MediaAnswer answer, long version);
    }
}
