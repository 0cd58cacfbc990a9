package dev.weir.branch;

import dev.weir.signal.ErrorCode;
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
    private final Map<String, Pending> waiting = new LinkedHashMap<>();
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
        if (session == null) {
            ask(branch.newSession(join), reply);
            return;
        }
        session.takeOver(join.socketId());
        if (session.in()) {
            resume(session, join.resume().seq(), reply);
        } else {
            ask(session, reply);
        }
    }

    /** The room let someone in. @return his session, or null when he does not sit here */
    Session entered(String participantId, Role role) {
        Pending pending = waiting.remove(participantId);
        if (pending == null) {
            return null;
        }
        pending.session().entered(role);
        pending.reply()
                .accept(branch.joined(
                        pending.session(), false, pending.session().seq()));
        return pending.session();
    }

    /** The room refused someone. @return his session, which has no more use, or null */
    Session refused(String participantId, ErrorCode code, String message) {
        Pending pending = waiting.remove(participantId);
        if (pending == null) {
            return null;
        }
        pending.reply().accept(new ShardAnswer.Refused(code, message));
        return pending.session();
    }

    /** The room is not where the directory said: all who wait are told to look again. */
    void close() {
        moved = true;
        List<Pending> all = List.copyOf(waiting.values());
        waiting.clear();
        all.forEach(pending -> pending.reply().accept(new ShardAnswer.Moved()));
    }

    boolean isClosed() {
        return moved;
    }

    boolean isWaiting(String participantId) {
        return waiting.containsKey(participantId);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    private void ask(Session session, Consumer<ShardAnswer> reply) {
        Pending before = waiting.put(session.participantId(), new Pending(session, reply));
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
        boolean resumed = session.reachesBackTo(seen);
        reply.accept(branch.joined(session, resumed, resumed ? seen : session.seq()));
        if (resumed) {
            session.repeatAfter(seen);
        }
    }
}
