package dev.weir.branch;

import dev.weir.media.Track;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Source;

/** Something that a participant publishes. */
record Publication(String mid, Source source, Track track) {

    /** A new one. @param publisher who can be asked for keyframes */
    static Publication of(
            MediaOffer.Section section, Source source, String participantId, Track.Publisher publisher, Branch branch) {
        Track track = new Track(
                branch.settings().newId(),
                participantId,
                section.kind(),
                branch.settings().newSsrc(),
                LayerPlans.of(section.rids(), branch.options().simulcast()),
                publisher,
                branch.settings().store());
        return new Publication(section.mid(), source, track);
    }
}
