package dev.weir.branch;

import dev.weir.signal.CloseCode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The way into a branch: who asks waits here until the room has said yes or no, and who comes back is known again. */
final class Entrance {
    private record Pending(Session session, Consumer<ShardAnswer> reply) {}

    private final Branch branch;
    private final Map<String, Pending> asking = new LinkedHashMap<>();
    private final Map<String, Session> atTheDoor = new LinkedHashMap<>();
    private boolean moved;

    Entrance(Branch branch) {
        this.branch = branch;
    }

    /** Takes a join; the answer may come at once or with the room's. */
    void join(long now, ShardRequest.Join join, Consumer<ShardAnswer> reply) {
        if (moved) {
            reply.accept(new ShardAnswer.Moved());
            return;
        }
        Session session =
                join.resume() == null ? null : branch.redeemed(join.resume().token());
        if (session == null
                && join.former() != null
                && branch.participant(join.former().participantId()) != null) {
            reply.accept(new ShardAnswer.Refused(ErrorCode.CONFLICT, "You are back already."));
            return;
        }
        if (session == null) {
            ask(newcomer(join), reply);
            return;
        }
        if (session.barred()) {
            reply.accept(new ShardAnswer.Refused(ErrorCode.FORBIDDEN, "You were removed from this room."));
            return;
        }
        session.line().takeOver(join.socketId());
        if (session.in()) {
            resume(session, join.resume().seq(), reply);
        } else if (session.waits()) {
            reply.accept(waiting(session));
        } else {
            ask(session, reply);
        }
    }

    /** The room let someone in. @return his session, or null when he does not sit here */
    Session entered(String participantId, Role role) {
        Session admitted = atTheDoor.remove(participantId);
        if (admitted != null) {
            admitted.entered(role);
            ClientLine line = admitted.line();
            // The token that he waits with stays good: he may not be there to get another.
            line.admitted(branch.joined(admitted, line.resumeToken(), false, line.startOver()));
            return admitted;
        }
        Pending pending = asking.remove(participantId);
        if (pending == null) {
            return null;
        }
        pending.session().entered(role);
        Session session = pending.session();
        pending.reply().accept(branch.joined(session, session.line().newResumeToken(), false, session.seq()));
        return pending.session();
    }

    /** The room lets someone wait. */
    void waits(String participantId) {
        Pending pending = asking.remove(participantId);
        if (pending != null) {
            pending.session().waitsNow();
            atTheDoor.put(participantId, pending.session());
            pending.reply().accept(waiting(pending.session()));
        }
    }

    /** No host lets him in. */
    void denied(long now, String participantId) {
        Session session = atTheDoor.remove(participantId);
        if (session != null) {
            session.tell(now, new Event.WaitingDenied());
            session.dismiss(now, CloseCode.REMOVED, "not admitted");
        }
    }

    /** He does not want to wait any more, or cannot. */
    void givesUp(String participantId) {
        atTheDoor.remove(participantId);
    }

    /** The room refused someone. @return his session, which has no more use, or null */
    Session refused(String participantId, ErrorCode code, String message) {
        Pending pending = asking.remove(participantId);
        if (pending == null) {
            return null;
        }
        pending.reply().accept(new ShardAnswer.Refused(code, message));
        return pending.session();
    }

    /** The room is not where the directory said: all who wait are told to look again. */
    void close() {
        moved = true;
        List<Pending> all = List.copyOf(asking.values());
        asking.clear();
        all.forEach(pending -> pending.reply().accept(new ShardAnswer.Moved()));
    }

    boolean isClosed() {
        return moved;
    }

    boolean isAsking(String participantId) {
        return asking.containsKey(participantId);
    }

    boolean isEmpty() {
        return asking.isEmpty();
    }

    private Session newcomer(ShardRequest.Join join) {
        if (join.former() == null) {
            return branch.newSession(join, branch.settings().newId());
        }
        Session returned = branch.newSession(join, join.former().participantId());
        returned.was(join.former().role());
        return returned;
    }

    private void ask(Session session, Consumer<ShardAnswer> reply) {
        Pending before = asking.put(session.participantId(), new Pending(session, reply));
        if (before != null) {
            before.reply().accept(new ShardAnswer.Refused(ErrorCode.CONFLICT, "joined again meanwhile"));
            return;
        }
        branch.toRoom(new RoomCommand.Join(
                session.participantId(),
                session.identity(),
                session.displayName(),
                session.capabilities(),
                session.role()));
    }

    private void resume(Session session, long seen, Consumer<ShardAnswer> reply) {
        branch.toRoom(new RoomCommand.Connection(session.participantId(), Snapshot.Member.OK));
        boolean resumed = session.line().reachesBackTo(seen);
        String token = session.line().newResumeToken();
        reply.accept(branch.joined(session, token, resumed, resumed ? seen : session.seq()));
        if (resumed) {
            session.line().repeatAfter(seen);
        }
    }

    private static ShardAnswer waiting(Session session) {
        return new ShardAnswer.Waiting(
                session.sessionId(), session.participantId(), session.line().newResumeToken(), session.seq());
    }
}
