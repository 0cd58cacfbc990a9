package dev.weir.branch;

import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What others are told of new tracks. */
final class Announcement {
    private Announcement() {}

    /** In the order of the offer. @param added by mid */
    static List<Snapshot.Track> of(String participantId, MediaOffer offer, Map<String, Publication> added) {
        List<Snapshot.Track> tracks = new ArrayList<>();
        for (MediaOffer.Section section : offer.sections()) {
            Publication publication = added.get(section.mid());
            if (publication != null) {
                tracks.add(new Snapshot.Track(
                        participantId,
                        publication.track().trackId(),
                        publication.source(),
                        false,
                        Integer.toUnsignedLong(publication.track().csrc()),
                        section.payloads().getFirst().codec().encodingName(),
                        section.rids()));
            }
        }
        return tracks;
    }
}
