package dev.weir.branch;

import dev.weir.signal.CloseCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ways out of a branch: by oneself, by the room's word, and as the room ends. Shares the branch's own books. */
final class Departures {
    private final Branch branch;
    private final Entrance entrance;
    private final Map<String, Session> sessions;
    private final Map<String, Session> byParticipant;

    Departures(Branch branch, Entrance entrance, Map<String, Session> sessions, Map<String, Session> byParticipant) {
        this.branch = branch;
        this.entrance = entrance;
        this.sessions = sessions;
        this.byParticipant = byParticipant;
    }

    /** He left, or is gone, or waits no more; the session may come back while its resume time lasts. */
    void leave(long now, Session session, LeaveReason reason) {
        boolean wasIn = session.in();
        session.left(now);
        if (wasIn) {
            byParticipant.remove(session.participantId());
            note(session, reason);
        } else {
            entrance.givesUp(session.participantId());
        }
        branch.toRoom(new RoomCommand.Leave(session.participantId(), reason));
    }

    /** What the time says of a session. @return whether it goes on */
    boolean review(long now, Session session) {
        if (sessions.get(session.sessionId()) != session) {
            return false;
        }
        if (branch.stage() == null) {
            return true;
        }
        Optional<LeaveReason> reason = session.departure(now);
        if (reason.isPresent()) {
            leave(now, session, reason.get());
        }
        session.takeLost(now)
                .ifPresent(lost -> branch.toRoom(new RoomCommand.Connection(
                        session.participantId(), lost ? Snapshot.Member.LOST : Snapshot.Member.OK)));
        if (session.over(now) && !entrance.isAsking(session.participantId())) {
            sessions.remove(session.sessionId());
            return false;
        }
        return true;
    }

    /** The room says that somebody left. Who did not by himself was sent away, and his session knows it. */
    void removed(long now, Event.ParticipantLeave leave) {
        Session session = byParticipant.remove(leave.participantId());
        if (session != null) {
            session.dismiss(now, CloseCode.REMOVED, "removed from the room");
            note(session, leave.reason());
        }
    }

    void changed(long now, Event.ParticipantUpdate update) {
        Session session = byParticipant.get(update.participantId());
        if (session != null && update.role() != null) {
            session.changeRole(now, update.role());
        }
    }

    /** Everybody is sent home, those at the door too, and who is about to come in looks for the room again. */
    void endRoom(long now) {
        entrance.close();
        for (Session session : List.copyOf(sessions.values())) {
            boolean in = session.in();
            session.dismiss(now, CloseCode.ROOM_ENDED, "the room has ended");
            if (in) {
                note(session, LeaveReason.ENDED);
            }
        }
        byParticipant.clear();
        sessions.clear();
    }

    private void note(Session session, LeaveReason reason) {
        branch.output().load(-1);
        branch.output().noted(session.participantId(), "left: " + reason.word());
    }
}
