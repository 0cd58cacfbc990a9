package dev.weir.signal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is in a room and what they publish: the room's own at its owner, and a replica in each branch that applies the
 * same events in the same order. One owner each; not shared.
 */
public final class Roster {
    private final Map<String, Snapshot.Member> members = new LinkedHashMap<>();
    private final Map<String, Snapshot.Track> tracks = new LinkedHashMap<>();
    private Snapshot.Speaker speaker;

    /** Starts over from a full state. */
    public void reset(List<Snapshot.Member> allMembers, List<Snapshot.Track> allTracks, Snapshot.Speaker current) {
        members.clear();
        tracks.clear();
        allMembers.forEach(member -> members.put(member.participantId(), member));
        allTracks.forEach(track -> tracks.put(track.trackId(), track));
        speaker = current;
    }

    public void apply(Event event) {
        switch (event) {
            case Event.ParticipantJoin(var id, var name, var role, var capabilities) ->
                members.put(id, new Snapshot.Member(id, name, role, capabilities, false, Snapshot.Member.OK, null));
            case Event.ParticipantLeave leave -> remove(leave.participantId());
            case Event.ParticipantUpdate update ->
                members.computeIfPresent(update.participantId(), (_, member) -> updated(member, update));
            case Event.TrackPublish(var track) -> tracks.put(track.trackId(), track);
            case Event.TrackUnpublish unpublish -> tracks.remove(unpublish.trackId());
            case Event.TrackMute mute ->
                tracks.computeIfPresent(mute.trackId(), (_, track) -> track.withMuted(mute.muted()));
            case Event.SpeakerChange(var id, var level) ->
                speaker = id == null ? null : new Snapshot.Speaker(id, level);
            case Event.RoomEnd _,
                    Event.RoomUpdate _,
                    Event.SlotChange _,
                    Event.PublishLayers _,
                    Event.PublishCodec _,
                    Event.TrackUndecodable _ -> {}
        }
    }

    public Snapshot.Member member(String participantId) {
        return members.get(participantId);
    }

    public Snapshot.Track track(String trackId) {
        return tracks.get(trackId);
    }

    /** In the order of joining. */
    public List<Snapshot.Member> members() {
        return new ArrayList<>(members.values());
    }

    /** In the order of publishing. */
    public List<Snapshot.Track> tracks() {
        return new ArrayList<>(tracks.values());
    }

    public List<Snapshot.Track> tracksOf(String participantId) {
        return tracks.values().stream()
                .filter(track -> track.participantId().equals(participantId))
                .toList();
    }

    /** Null: nobody. */
    public Snapshot.Speaker speaker() {
        return speaker;
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    private void remove(String participantId) {
        members.remove(participantId);
        tracks.values().removeIf(track -> track.participantId().equals(participantId));
        if (speaker != null && speaker.participantId().equals(participantId)) {
            speaker = null;
        }
    }

    private static Snapshot.Member updated(Snapshot.Member member, Event.ParticipantUpdate update) {
        return new Snapshot.Member(
                member.participantId(),
                member.displayName(),
                update.role() == null ? member.role() : update.role(),
                member.capabilities(),
                update.handRaised() == null ? member.handRaised() : update.handRaised(),
                update.connection() == null ? member.connection() : update.connection(),
                update.breakout() == null ? member.breakout() : update.breakout());
    }
}
