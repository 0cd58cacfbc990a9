package dev.weir.branch;

import dev.weir.signal.Event;
import dev.weir.signal.Snapshot;

/** Follows what the room says happened: keeps the replica, tells those whom it concerns, and does what it means here. */
final class News {
    private final Branch branch;

    News(Branch branch) {
        this.branch = branch;
    }

    void happened(long now, Event event) {
        String subjectId = Audience.subject(event);
        Snapshot.Member before = subjectId == null ? null : branch.roster().member(subjectId);
        branch.roster().apply(event);
        Snapshot.Member subject =
                before != null || subjectId == null ? before : branch.roster().member(subjectId);
        for (Session session : branch.inRoom()) {
            Snapshot.Member listener = branch.roster().member(session.participantId());
            if (listener != null && Audience.includes(listener, event, subject)) {
                session.tell(now, event);
            }
        }
        switch (event) {
            case Event.ParticipantJoin join -> branch.entered(join);
            case Event.ParticipantLeave leave -> {
                branch.departures().removed(now, leave);
                showAll(now);
            }
            case Event.TrackUnpublish(var id, var trackId) -> {
                takeBack(now, id, trackId);
                showAll(now);
            }
            case Event.TrackPublish _, Event.SpeakerChange _ -> showAll(now);
            case Event.ParticipantUpdate update -> changed(now, update);
            case Event.TrackMute mute -> {
                if (branch.stage().silence(mute.trackId(), mute.muted() && mute.byHost())) {
                    showAll(now);
                }
            }
            case Event.BreakoutClosed _ -> branch.stage().keepOnly(Snapshot.Member.MAIN);
            case Event.RoomUpdate(var room) -> branch.options(room);
            case Event.RoomEnd _ -> branch.end(now);
            case Event.WaitingRequest _,
                    Event.WaitingLeave _,
                    Event.WaitingDenied _,
                    Event.UnmuteRequest _,
                    Event.Chat _,
                    Event.Hand _,
                    Event.Reaction _,
                    Event.BreakoutOpened _,
                    Event.BreakoutAssigned _,
                    Event.BreakoutMessage _,
                    Event.BreakoutClosing _,
                    Event.PublishLayers _,
                    Event.PublishCodec _,
                    Event.TrackUndecodable _,
                    Event.TrackCodec _,
                    Event.SlotChange _ -> {}
        }
    }

    /** The room took a track back that we still have: its publisher may not send any more. */
    private void takeBack(long now, String participantId, String trackId) {
        Session session = branch.participant(participantId);
        Publication publication = session == null ? null : session.publication(trackId);
        if (publication != null) {
            session.unpublish(now, publication);
        }
    }

    private void changed(long now, Event.ParticipantUpdate update) {
        branch.departures().changed(now, update);
        if (update.breakout() != null) {
            branch.stage().move(update.participantId(), update.breakout());
            showAll(now);
        }
    }

    private void showAll(long now) {
        branch.inRoom().forEach(session -> session.showNow(now));
    }
}
