package dev.weir.branch;

import dev.weir.rtp.MediaKind;
import dev.weir.signal.Event;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tracks that an event changes something for. Only who shows one of them looks at his slots again, so that what an
 * event costs a viewer does not grow with what he does not see.
 */
record Touched(List<Snapshot.Track> tracks) {
    private static final Touched NOTHING = new Touched(List.of());

    /** @param before the room as it was when the event came */
    static Touched by(Event event, Roster before) {
        return switch (event) {
            case Event.TrackPublish(var track) -> new Touched(List.of(track));
            case Event.TrackUnpublish unpublish -> track(before, unpublish.trackId());
            case Event.TrackMute mute -> track(before, mute.trackId());
            case Event.ParticipantLeave leave -> new Touched(before.tracksOf(leave.participantId()));
            case Event.SpeakerChange change ->
                speakers(before, before.speaker(change.breakout()), change.participantId());
            case Event.ParticipantJoin _,
                    Event.ParticipantUpdate _,
                    Event.TrackCodec _,
                    Event.SlotChange _,
                    Event.PublishLayers _,
                    Event.PublishCodec _,
                    Event.TrackUndecodable _,
                    Event.UnmuteRequest _,
                    Event.WaitingRequest _,
                    Event.WaitingLeave _,
                    Event.WaitingDenied _,
                    Event.Chat _,
                    Event.Hand _,
                    Event.Reaction _,
                    Event.BreakoutOpened _,
                    Event.BreakoutAssigned _,
                    Event.BreakoutMessage _,
                    Event.BreakoutClosing _,
                    Event.BreakoutClosed _,
                    Event.RoomUpdate _,
                    Event.RoomEnd _ -> NOTHING;
        };
    }

    private static Touched track(Roster roster, String trackId) {
        return new Touched(Stream.ofNullable(roster.track(trackId)).toList());
    }

    private static Touched speakers(Roster roster, Snapshot.Speaker former, String now) {
        return new Touched(
                Stream.concat(Stream.ofNullable(former).map(Snapshot.Speaker::participantId), Stream.ofNullable(now))
                        .flatMap(id -> roster.tracksOf(id).stream())
                        .toList());
    }

    /** Whether one is a voice or the sound of a screen, which nobody asks for by name. */
    boolean sounds() {
        return tracks.stream().anyMatch(track -> track.source().kind() == MediaKind.AUDIO);
    }

    /** Whether this session's view names one of them; a player that follows the room may show any. */
    boolean isShownBy(Session session) {
        return session.presence().flatMap(MediaPresence::focus).isPresent()
                || tracks.stream().anyMatch(track -> session.view().names(track.trackId()));
    }
}
