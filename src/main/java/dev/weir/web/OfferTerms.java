package dev.weir.web;

import dev.weir.sdp.MediaOffer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Source;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether what a client says that it sends fits the m-lines that it offers. */
final class OfferTerms {
    private OfferTerms() {}

    /** A sentence that says what is wrong, or nothing. */
    static Optional<String> objection(MediaOffer offer, List<ClientMessage.Declaration> declarations) {
        Map<String, MediaOffer.Section> undeclared = new HashMap<>();
        for (MediaOffer.Section section : offer.sections()) {
            if (section.sending() && section.active()) {
                undeclared.put(section.mid(), section);
            }
        }
        Set<Source> sources = EnumSet.noneOf(Source.class);
        for (ClientMessage.Declaration declaration : declarations) {
            MediaOffer.Section section = undeclared.remove(declaration.mid());
            if (section == null) {
                return Optional.of(
                        "tracks names mid %s, which is not, or not once, an m-line that sends and that we take"
                                .formatted(declaration.mid()));
            }
            if (declaration.kind() != section.kind() || declaration.source().kind() != section.kind()) {
                return Optional.of("tracks says of mid %s a kind or source that its m-line cannot carry"
                        .formatted(declaration.mid()));
            }
            if (!sources.add(declaration.source())) {
                return Optional.of("tracks names the source %s twice"
                        .formatted(declaration.source().word()));
            }
        }
        return undeclared.keySet().stream()
                .sorted()
                .findFirst()
                .map("tracks does not say what mid %s sends"::formatted);
    }

    static List<ShardRequest.TrackDeclaration> forShard(List<ClientMessage.Declaration> declarations) {
        List<ShardRequest.TrackDeclaration> tracks = new ArrayList<>();
        for (ClientMessage.Declaration declaration : declarations) {
            tracks.add(new ShardRequest.TrackDeclaration(declaration.mid(), declaration.source()));
        }
        return tracks;
    }
}
