package dev.weir.branch;

import dev.weir.media.Forwarder;
import dev.weir.media.Track;
import dev.weir.rtp.Codec;
import dev.weir.signal.Capabilities;
import dev.weir.signal.Event;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who shows and decodes what on a branch, at one moment. What people elsewhere decode is known by what they said when
 * they joined; of those here the slots tell.
 *
 * @param sessions those in the room, by participant
 */
record BranchPictures(
        long now,
        RoomOptions options,
        Roster roster,
        Stage stage,
        Map<String, Session> sessions,
        Consumer<RoomCommand> toRoom)
        implements CodecAccord.Pictures {

    /** Looked at ten times a second for every slot, and nearly always nothing. */
    @Override
    public List<CodecAccord.Undecodable> undecodable() {
        List<CodecAccord.Undecodable> undecodable = List.of();
        for (Map.Entry<String, Session> entry : sessions.entrySet()) {
            List<Forwarder> slots = entry.getValue().forwarders();
            for (int i = 0; i < slots.size(); i++) {
                Track track = slots.get(i).track();
                Codec codec = track == null || !track.isVideo() ? null : liveCodec(track);
                if (codec != null && !slots.get(i).stream().takes(codec)) {
                    undecodable = undecodable.isEmpty() ? new ArrayList<>() : undecodable;
                    undecodable.add(new CodecAccord.Undecodable(entry.getKey(), track.trackId(), codec));
                }
            }
        }
        return undecodable;
    }

    @Override
    public List<String> published() {
        List<String> published = new ArrayList<>();
        for (Session session : sessions.values()) {
            for (Publication publication : session.publications()) {
                if (publication.track().isVideo()) {
                    published.add(publication.track().trackId());
                }
            }
        }
        return published;
    }

    @Override
    public boolean isHere(String viewer) {
        return sessions.containsKey(viewer);
    }

    @Override
    public boolean isPublished(String trackId) {
        return stage.track(trackId) != null;
    }

    @Override
    public Optional<Codec> codecOf(String trackId) {
        return Optional.ofNullable(stage.track(trackId)).map(this::liveCodec);
    }

    /** Of the lowest layer that flows, or null: one that was switched off still has the codec of its time. */
    private Codec liveCodec(Track track) {
        for (int i = 0; i < track.layers().size(); i++) {
            if (track.layers().get(i).live(now)) {
                return track.layers().get(i).codec();
            }
        }
        return null;
    }

    @Override
    public Optional<Codec> alternative(String trackId) {
        Track track = stage.track(trackId);
        Session publisher = track == null ? null : sessions.get(track.participantId());
        Publication publication = publisher == null ? null : publisher.publication(trackId);
        if (publication == null) {
            return Optional.empty();
        }
        List<Codec> order = codecs(options.codecs());
        List<Set<Codec>> viewers = roster.members().stream()
                .filter(member -> !member.participantId().equals(track.participantId()))
                .flatMap(member -> decodable(member).stream())
                .toList();
        return CodecChoice.of(order, publisher.codecs().sentOn(publication.mid()), viewers);
    }

    /** Empty for one who watches nothing, or of whom nothing is known. */
    private Optional<Set<Codec>> decodable(Snapshot.Member member) {
        Session session = sessions.get(member.participantId());
        if (session != null && session.peer() != null) {
            return session.codecs().watching() ? Optional.of(session.codecs().taken()) : Optional.empty();
        }
        Capabilities said = member.capabilities();
        return said.slots().video() == 0 || said.codecs().isEmpty()
                ? Optional.empty()
                : Optional.of(Set.copyOf(codecs(said.codecs())));
    }

    private static List<Codec> codecs(List<String> names) {
        return names.stream().flatMap(name -> Codec.video(name).stream()).toList();
    }

    @Override
    public void tellUndecodable(String viewer, String trackId, Codec codec) {
        sessions.get(viewer).tell(now, new Event.TrackUndecodable(trackId, codec.encodingName()));
    }

    @Override
    public void askForCodec(String trackId, Codec codec) {
        sessions.get(stage.track(trackId).participantId())
                .tell(now, new Event.PublishCodec(trackId, codec.encodingName()));
    }

    @Override
    public void announce(String trackId, Codec codec) {
        toRoom.accept(new RoomCommand.Codec(stage.track(trackId).participantId(), trackId, codec.encodingName()));
    }
}
