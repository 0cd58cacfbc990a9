package dev.weir.room;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.List;
import java.util.function.Predicate;

/** What people publish, and mute, and have muted by a host. */
final class Publications {
    /** Tracks that one participant may publish: one of each source. */
    static final int MAX_EACH = 4;

    private final Roster roster;

    Publications(Roster roster) {
        this.roster = roster;
    }

    void publish(Snapshot.Track track, Voice voice) {
        Snapshot.Member member = roster.member(track.participantId());
        if (member != null
                && member.role().maySend()
                && roster.tracksOf(track.participantId()).size() < MAX_EACH) {
            voice.all(new Event.TrackPublish(track));
        }
    }

    void unpublish(String participantId, String trackId, Voice voice) {
        if (owns(participantId, trackId)) {
            voice.all(new Event.TrackUnpublish(participantId, trackId));
        }
    }

    /** He may not send any more. */
    void unpublishAll(String participantId, Voice voice) {
        for (Snapshot.Track track : roster.tracksOf(participantId)) {
            voice.all(new Event.TrackUnpublish(participantId, track.trackId()));
        }
    }

    void codec(String participantId, String trackId, String codec, Voice voice) {
        if (owns(participantId, trackId) && !roster.track(trackId).codec().equals(codec)) {
            voice.all(new Event.TrackCodec(participantId, trackId, codec));
        }
    }

    void mute(String participantId, String trackId, boolean muted, Voice voice) {
        if (owns(participantId, trackId) && roster.track(trackId).muted() != muted) {
            voice.all(new Event.TrackMute(participantId, trackId, muted, false));
        }
    }

    /** Mutes by a host; what its owner has muted already stays his own. Nobody is unmuted: he is asked to do it. */
    ShardAnswer mute(Snapshot.Member host, RoomRequest.HostMute wish, Voice voice) {
        String asker = host.participantId();
        List<String> whom = wish.participantId().map(List::of).orElseGet(() -> roster.members().stream()
                .map(Snapshot.Member::participantId)
                .filter(id -> !id.equals(asker))
                .toList());
        if (whom.size() == 1 && roster.member(whom.getFirst()) == null) {
            return new ShardAnswer.Refused(ErrorCode.NOT_FOUND, "Nobody of that id is in the room.");
        }
        for (String id : whom) {
            if (wish.muted()) {
                silence(id, wish::covers, voice);
            } else if (tracks(id, wish).stream().anyMatch(Snapshot.Track::muted)) {
                voice.one(id, new Event.UnmuteRequest(wish.kind(), asker));
            }
        }
        return new ShardAnswer.Done();
    }

    void silence(String participantId, Predicate<Source> which, Voice voice) {
        for (Snapshot.Track track : roster.tracksOf(participantId)) {
            if (which.test(track.source()) && !track.muted()) {
                voice.all(new Event.TrackMute(participantId, track.trackId(), true, true));
            }
        }
    }

    private List<Snapshot.Track> tracks(String participantId, RoomRequest.HostMute wish) {
        return roster.tracksOf(participantId).stream()
                .filter(track -> wish.covers(track.source()))
                .toList();
    }

    private boolean owns(String participantId, String trackId) {
        Snapshot.Track track = roster.track(trackId);
        return track != null && track.participantId().equals(participantId);
    }
}
