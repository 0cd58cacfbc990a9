package dev.weir.branch;

import dev.weir.signal.Event;
import dev.weir.signal.Role;
import dev.weir.signal.Snapshot;

/** Whom an event of the room is told: not who did it, of a recorder nobody, and some only those in the same place or role. */
final class Audience {
    private Audience() {}

    /** Whose coming, going or changing an event is, or null. */
    static String subject(Event event) {
        return switch (event) {
            case Event.ParticipantJoin join -> join.participantId();
            case Event.ParticipantLeave leave -> leave.participantId();
            case Event.ParticipantUpdate update -> update.participantId();
            case Event.TrackPublish publish -> publish.track().participantId();
            case Event.TrackUnpublish unpublish -> unpublish.participantId();
            case Event.TrackMute mute -> mute.participantId();
            case Event.TrackCodec codec -> codec.participantId();
            case Event.SpeakerChange _,
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
                    Event.RoomEnd _ -> null;
        };
    }

    /** @param subject as the roster knows or knew him, or null */
    static boolean includes(Snapshot.Member listener, Event event, Snapshot.Member subject) {
        boolean own = subject != null && subject.participantId().equals(listener.participantId());
        if (subject != null && subject.role() == Role.RECORDER && !own) {
            return false;
        }
        return switch (event) {
            case Event.ParticipantJoin _, Event.ParticipantLeave _, Event.TrackPublish _, Event.TrackUnpublish _ ->
                !own;
            case Event.TrackMute mute -> !own || mute.byHost();
            case Event.TrackCodec _ -> false;
            case Event.SpeakerChange change -> listener.whereabouts().equals(change.breakout());
            case Event.Chat chat -> listener.whereabouts().equals(chat.breakout());
            case Event.Reaction reaction -> listener.whereabouts().equals(reaction.breakout());
            case Event.WaitingRequest _, Event.WaitingLeave _ -> listener.role().isHosting();
            case Event.ParticipantUpdate _,
                    Event.SlotChange _,
                    Event.PublishLayers _,
                    Event.PublishCodec _,
                    Event.TrackUndecodable _,
                    Event.UnmuteRequest _,
                    Event.WaitingDenied _,
                    Event.Hand _,
                    Event.BreakoutOpened _,
                    Event.BreakoutAssigned _,
                    Event.BreakoutMessage _,
                    Event.BreakoutClosing _,
                    Event.BreakoutClosed _,
                    Event.RoomUpdate _,
                    Event.RoomEnd _ -> true;
        };
    }
}
