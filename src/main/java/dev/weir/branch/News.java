package dev.weir.branch;

import dev.weir.signal.Event;
import dev.weir.signal.Snapshot;
import dev.weir.signal.ToSocket;
import java.util.ArrayList;
import java.util.List;

/** Follows what the room says happened: keeps the replica, tells those whom it concerns, and does what it means here. */
final class News {
    private final Branch branch;

    News(Branch branch) {
        this.branch = branch;
    }

    void happened(long now, Event event) {
        String subjectId = Audience.subject(event);
        Snapshot.Member before = subjectId == null ? null : branch.roster().member(subjectId);
        Touched touched = Touched.by(event, branch.roster());
        branch.roster().apply(event);
        Snapshot.Member subject =
                before != null || subjectId == null ? before : branch.roster().member(subjectId);
        tell(now, event, subject);
        switch (event) {
            case Event.ParticipantJoin join -> branch.entered(join);
            case Event.ParticipantLeave leave -> {
                branch.departures().removed(now, leave);
                review(now, touched);
            }
            case Event.TrackUnpublish(var id, var trackId) -> {
                takeBack(now, id, trackId);
                review(now, touched);
            }
            case Event.TrackPublish _, Event.SpeakerChange _ -> review(now, touched);
            case Event.ParticipantUpdate update -> changed(now, update);
            case Event.TrackMute mute -> {
                if (branch.stage().silence(mute.trackId(), mute.muted() && mute.byHost())) {
                    review(now, touched);
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

    /** One message for all whom it concerns, in which each has his own number. */
    private void tell(long now, Event event, Snapshot.Member subject) {
        List<ToSocket.Letter> letters = new ArrayList<>();
        for (Session session : branch.inRoom()) {
            Snapshot.Member listener = branch.roster().member(session.participantId());
            boolean concerned = listener != null && Audience.includes(listener, event, subject);
            if (concerned && session.presence().isEmpty()) {
                session.line().tell(now, event, letters);
            }
        }
        if (!letters.isEmpty()) {
            branch.output().toSockets(letters);
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

    /** Those who show what changed fill their slots anew; what can be heard may concern anybody. */
    private void review(long now, Touched touched) {
        boolean sounds = touched.sounds();
        for (Session session : branch.inRoom()) {
            if (touched.isShownBy(session)) {
                session.showNow(now);
            } else if (sounds) {
                session.hearNow(now);
            }
        }
    }

    private void showAll(long now) {
        branch.inRoom().forEach(session -> session.showNow(now));
    }
}
