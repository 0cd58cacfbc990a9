package dev.weir.branch;

import dev.weir.media.Track;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What one participant publishes, by the m-lines of his offers. */
final class Publications {
    private final Map<String, Publication> byMid = new LinkedHashMap<>();

    List<Publication> all() {
        return List.copyOf(byMid.values());
    }

    boolean isEmpty() {
        return byMid.isEmpty();
    }

    /** Null: he publishes no such track. */
    Publication of(String trackId) {
        return byMid.values().stream()
                .filter(publication -> publication.track().trackId().equals(trackId))
                .findFirst()
                .orElse(null);
    }

    Map<String, Track> tracksByMid() {
        Map<String, Track> tracks = new LinkedHashMap<>();
        byMid.forEach((mid, publication) -> tracks.put(mid, publication.track()));
        return tracks;
    }

    void remove(Publication publication) {
        byMid.remove(publication.mid());
    }

    /**
     * Finds what the offer does not send any more, or sends as something else.
     *
     * @param taken takes it back
     */
    void withdraw(MediaOffer offer, Map<String, Source> declared, Consumer<Publication> taken) {
        for (Publication publication : all()) {
            boolean sent = offer.sections().stream()
                    .anyMatch(section ->
                            section.mid().equals(publication.mid()) && section.sending() && section.active());
            if (!sent || declared.get(publication.mid()) != publication.source()) {
                taken.accept(publication);
            }
        }
    }

    /** Adds what the offer sends that is not there. @return that, by mid */
    Map<String, Publication> publish(
            MediaOffer offer,
            Map<String, Source> declared,
            String participantId,
            Track.Publisher publisher,
            Branch branch) {
        Map<String, Publication> added = new LinkedHashMap<>();
        for (MediaOffer.Section section : offer.sections()) {
            Source source = declared.get(section.mid());
            if (!section.sending() || !section.active() || source == null || byMid.containsKey(section.mid())) {
                continue;
            }
            Publication publication = Publication.of(section, source, participantId, publisher, branch);
            byMid.put(section.mid(), publication);
            added.put(section.mid(), publication);
        }
        return added;
    }
}
