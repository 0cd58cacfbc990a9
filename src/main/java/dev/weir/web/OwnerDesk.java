package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.OwnerRequest;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.RoomState;
import dev.weir.signal.ShardId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** The way to rooms' owners for administrators' calls. Keeps nothing; all futures fail with a {@link Refusal} or ours. */
final class OwnerDesk {
    /** The directory may be behind once, and a room may just be ending. */
    private static final int TRIES = 3;

    private static final long ELSEWHERE_TIMEOUT_MS = 2_000;

    private final Bus bus;
    private final Directory directory;
    private final List<ShardId> shards;
    private final BooleanSupplier draining;

    OwnerDesk(Backend backend) {
        this.bus = backend.bus();
        this.directory = backend.directory();
        this.shards = backend.shards();
        this.draining = backend.draining();
    }

    /** What became of a creation. */
    record Creation(RoomState state, boolean isNew) {}

    Future<Creation> create(RoomOptions options) {
        return create(options, TRIES);
    }

    private Future<Creation> create(RoomOptions options, int triesLeft) {
        boolean closing = draining.getAsBoolean();
        Future<Optional<RoomPlace>> place =
                closing ? directory.find(options.name()) : directory.findOrCreate(options.name());
        return place.compose(found -> {
                    if (found.isEmpty()) {
                        throw closing
                                ? Refusal.of(
                                        ErrorCode.UNAVAILABLE, "This server is about to stop and takes no new rooms.")
                                : Refusal.of(ErrorCode.ROOM_LIMIT, "This server has as many rooms as it takes.");
                    }
                    return bus.askOwner(found.get().ownerShard(), new OwnerRequest.Create(found.get(), options));
                })
                .compose(answer -> switch (answer) {
                    case OwnerAnswer.Created(var state) -> Future.succeededFuture(new Creation(state, true));
                    case OwnerAnswer.Described(var state) -> Future.succeededFuture(new Creation(state, false));
                    case OwnerAnswer.NotHere _ when triesLeft > 1 -> create(options, triesLeft - 1);
                    case OwnerAnswer other -> Future.failedFuture(refusal(other));
                });
    }

    Future<RoomState> describe(String room) {
        return ask(room, place -> new OwnerRequest.Describe(room, place.epoch()))
                .map(OwnerDesk::state);
    }

    /** As {@link #describe}; empty where there is no such room. */
    Future<Optional<RoomState>> find(String room) {
        return ask(room, place -> new OwnerRequest.Describe(room, place.epoch()))
                .map(answer -> answer instanceof OwnerAnswer.NotHere
                        ? Optional.empty()
                        : Optional.of(OwnerDesk.state(answer)));
    }

    /** Changes what the options are at the moment, also when another does so at the same time. */
    Future<RoomState> change(String room, Function<RoomOptions, RoomOptions> how) {
        return change(room, how, TRIES);
    }

    private Future<RoomState> change(String room, Function<RoomOptions, RoomOptions> how, int triesLeft) {
        return describe(room).compose(state -> {
            RoomOptions before = state.options();
            RoomOptions after = how.apply(before);
            return ask(room, place -> new OwnerRequest.Change(room, place.epoch(), before, after))
                    .compose(answer -> answer instanceof OwnerAnswer.Stale && triesLeft > 1
                            ? change(room, how, triesLeft - 1)
                            : Future.succeededFuture(state(answer)));
        });
    }

    /** A call whose answer, when it is no refusal, says nothing more. */
    Future<OwnerAnswer> order(String room, Function<RoomPlace, OwnerRequest> request) {
        return ask(room, request).map(answer -> switch (answer) {
            case OwnerAnswer.Done _, OwnerAnswer.Described _ -> answer;
            case OwnerAnswer other -> throw refusal(other);
        });
    }

    Future<List<OwnerAnswer.Summary>> list() {
        List<Future<OwnerAnswer>> answers = new ArrayList<>();
        for (ShardId shard : shards) {
            answers.add(bus.askOwner(shard, new OwnerRequest.ListRooms()));
        }
        // A node that is just going away is left out, so that the others' rooms are still seen.
        for (ShardId shard : directory.shardsElsewhere()) {
            answers.add(bus.askOwner(shard, new OwnerRequest.ListRooms())
                    .timeout(ELSEWHERE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .otherwise(new OwnerAnswer.Listed(List.of())));
        }
        return Future.all(answers).map(_ -> {
            List<OwnerAnswer.Summary> rooms = new ArrayList<>();
            for (Future<OwnerAnswer> answer : answers) {
                if (answer.result() instanceof OwnerAnswer.Listed(var listed)) {
                    rooms.addAll(listed);
                }
            }
            rooms.sort(Comparator.comparing(room -> room.options().name()));
            return rooms;
        });
    }

    private Future<OwnerAnswer> ask(String room, Function<RoomPlace, OwnerRequest> request) {
        return directory
                .find(room)
                .compose(place -> place.isEmpty()
                        ? Future.succeededFuture(new OwnerAnswer.NotHere())
                        : bus.askOwner(place.get().ownerShard(), request.apply(place.get())));
    }

    private static RoomState state(OwnerAnswer answer) {
        if (answer instanceof OwnerAnswer.Described(var state)) {
            return state;
        }
        throw refusal(answer);
    }

    private static Refusal refusal(OwnerAnswer answer) {
        return switch (answer) {
            case OwnerAnswer.Refused(var code, var sentence) -> Refusal.of(code, sentence);
            case OwnerAnswer.NotHere _ -> Refusal.of(ErrorCode.NOT_FOUND, "There is no such room.");
            case OwnerAnswer.Stale _ -> Refusal.of(ErrorCode.CONFLICT, "Others change the room at the same time.");
            case OwnerAnswer.Listed _, OwnerAnswer.Described _, OwnerAnswer.Created _, OwnerAnswer.Done _ ->
                Refusal.of(ErrorCode.UNAVAILABLE, "The room's owner gave no fitting answer.");
        };
    }
}
