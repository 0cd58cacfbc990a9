package dev.weir.room;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A room's door: whom it lets in, who waits before it, and who may not come back. */
final class Door {
    /** More are turned away. */
    static final int MAX_WAITING = 500;

    /** The removed of the last half minute are far fewer; of more, the first are forgotten. */
    private static final int MAX_BARRED = 1_000;

    /** Someone who waits. @param role the one that he will have */
    record Knock(ShardId shard, RoomCommand.Join join, Role role) {}

    private final Map<String, Knock> waiting = new LinkedHashMap<>();
    private final Set<String> barred = new LinkedHashSet<>();

    /** Who comes back within his resume time was let in before. */
    Optional<ShardAnswer.Refused> objection(RoomOptions options, RoomCommand.Join join, Role role) {
        if (barred.contains(join.participantId())) {
            return refused(ErrorCode.FORBIDDEN, "You were removed from this room.");
        }
        if (options.locked() && join.formerRole() == null && !hasKey(role)) {
            return refused(ErrorCode.FORBIDDEN, "The room is locked.");
        }
        if (mustWait(options, join, role) && waiting.size() >= MAX_WAITING) {
            return refused(ErrorCode.ROOM_FULL, "Too many people wait to come in.");
        }
        return Optional.empty();
    }

    boolean mustWait(RoomOptions options, RoomCommand.Join join, Role role) {
        return options.waitingRoom() && join.formerRole() == null && !hasKey(role);
    }

    void add(Knock knock) {
        waiting.put(knock.join().participantId(), knock);
    }

    Optional<Knock> knock(String participantId) {
        return Optional.ofNullable(waiting.get(participantId));
    }

    /** In the order of knocking. */
    List<Knock> all() {
        return List.copyOf(waiting.values());
    }

    /** @return whether he waited */
    boolean remove(String participantId) {
        return waiting.remove(participantId) != null;
    }

    void bar(String participantId) {
        barred.add(participantId);
        if (barred.size() > MAX_BARRED) {
            barred.remove(barred.iterator().next());
        }
    }

    private static boolean hasKey(Role role) {
        return role.isHosting() || role == Role.RECORDER;
    }

    private static Optional<ShardAnswer.Refused> refused(ErrorCode code, String sentence) {
        return Optional.of(new ShardAnswer.Refused(code, sentence));
    }
}
