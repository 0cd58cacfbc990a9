package dev.weir.branch;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.ShardAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What participants here have asked of the room and it has not answered yet. */
final class Asks {
    /** More are refused: a room that does not answer is in trouble enough. */
    static final int MAX_OPEN = 10_000;

    private final Map<Long, Consumer<ShardAnswer>> open = new HashMap<>();
    private long lastId;

    void ask(Branch branch, String participantId, RoomRequest request, Consumer<ShardAnswer> reply) {
        if (open.size() >= MAX_OPEN) {
            reply.accept(new ShardAnswer.Refused(ErrorCode.UNAVAILABLE, "The room does not answer; try again."));
            return;
        }
        open.put(++lastId, reply);
        branch.toRoom(new RoomCommand.Ask(lastId, participantId, request));
    }

    void answered(long askId, ShardAnswer answer) {
        Consumer<ShardAnswer> reply = open.remove(askId);
        if (reply != null) {
            reply.accept(answer);
        }
    }

    /** The room is not there any more. */
    void close() {
        List<Consumer<ShardAnswer>> all = List.copyOf(open.values());
        open.clear();
        all.forEach(
                reply -> reply.accept(new ShardAnswer.Refused(ErrorCode.NOT_FOUND, "The room is not here any more.")));
    }
}
