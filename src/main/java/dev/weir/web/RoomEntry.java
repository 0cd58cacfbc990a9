package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.cluster.Passports;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Former;
import dev.weir.signal.Role;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The way into a room: finds the shard where a newcomer sits, or where the session sits that he takes up again. */
final class RoomEntry {
    /** The directory may be behind once; a second time something is wrong. */
    private static final int LOOKUPS = 2;

    private final Bus bus;
    private final Directory directory;
    private final BooleanSupplier draining;
    private final boolean onlyCreated;
    private final Optional<Passports> passports;

    /** @param onlyCreated whether joining makes no room */
    RoomEntry(Backend backend, boolean onlyCreated) {
        this.onlyCreated = onlyCreated;
        this.bus = backend.bus();
        this.directory = backend.directory();
        this.draining = backend.draining();
        this.passports = backend.passports();
    }

    /** The shard that answered, for what is to be asked later (null: none was asked), and what it said. */
    record Entered(ShardId shard, ShardAnswer answer) {}

    /** @param join complete but for its place */
    Future<Entered> enter(String room, ShardRequest.Join join) {
        if (join.resume() == null) {
            return lookUp(room, join, Optional.empty(), LOOKUPS);
        }
        ResumeToken token = ResumeToken.parse(join.resume().token());
        ShardRequest.Resume resume =
                new ShardRequest.Resume(token.ofShard(), join.resume().seq());
        ShardRequest.Join returning = returning(join, resume, former(room, join, token));
        return lookUp(room, returning, token.shard().filter(directory::knows), LOOKUPS);
    }

    private Future<Entered> lookUp(
            String room, ShardRequest.Join join, Optional<ShardId> sessionShard, int lookupsLeft) {
        return placeOf(room).compose(place -> {
            if (place.isEmpty()) {
                return onlyCreated
                        ? refused(ErrorCode.NOT_FOUND, "There is no such room; it has to be created first.")
                        : refused(
                                draining.getAsBoolean() ? ErrorCode.UNAVAILABLE : ErrorCode.ROOM_LIMIT,
                                draining.getAsBoolean()
                                        ? "This server is about to stop and takes no new rooms."
                                        : "This server has as many rooms as it takes.");
            }
            if (sessionShard.isPresent()
                    && !sessionShard.get().equals(place.get().mediaShard())) {
                return askSessionShard(place.get(), join, sessionShard.get(), lookupsLeft);
            }
            return ask(place.get(), join).compose(entered -> again(room, join, entered, lookupsLeft - 1));
        });
    }

    private Future<Optional<RoomPlace>> placeOf(String room) {
        return onlyCreated || draining.getAsBoolean() ? directory.find(room) : directory.findOrCreate(room);
    }

    /** The session may have stayed where it began while newcomers to the room are sent elsewhere. */
    private Future<Entered> askSessionShard(RoomPlace place, ShardRequest.Join join, ShardId shard, int lookupsLeft) {
        RoomPlace there = new RoomPlace(place.room(), place.ownerShard(), shard, place.epoch());
        return ask(there, join)
                .recover(_ -> Future.succeededFuture(new Entered(shard, new ShardAnswer.Moved())))
                .compose(entered -> again(place.room(), join, entered, lookupsLeft));
    }

    private Future<Entered> again(String room, ShardRequest.Join join, Entered entered, int lookupsLeft) {
        if (!(entered.answer() instanceof ShardAnswer.Moved)) {
            return Future.succeededFuture(entered);
        }
        return lookupsLeft > 0
                ? lookUp(room, join, Optional.empty(), lookupsLeft)
                : refused(ErrorCode.UNAVAILABLE, "The room is just moving; try again.");
    }

    /** A join in flight counts as load, so that a burst of new rooms does not land on one shard. */
    private Future<Entered> ask(RoomPlace place, ShardRequest.Join join) {
        ShardRequest.Join placed = new ShardRequest.Join(
                place,
                RoomOptions.defaults(place.room()),
                join.socketId(),
                join.identity(),
                join.displayName(),
                join.capabilities(),
                join.resume(),
                join.former());
        directory.addLoad(place.mediaShard(), 1);
        return bus.ask(place.mediaShard(), placed)
                .map(answer -> new Entered(place.mediaShard(), answer))
                .onComplete(_ -> directory.addLoad(place.mediaShard(), -1));
    }

    private static Future<Entered> refused(ErrorCode code, String sentence) {
        return Future.succeededFuture(new Entered(null, new ShardAnswer.Refused(code, sentence)));
    }

    /** Who he was, if the node where he sat was lost just now. A role in his token now beats the one he had. */
    private Former former(String room, ShardRequest.Join join, ResumeToken token) {
        return token.shard()
                .filter(shard -> directory.wasLostLately(shard.node()))
                .flatMap(_ -> passports.flatMap(all -> all.read(room, token.passport())))
                .map(was -> join.identity().role() == null
                        ? was
                        : new Former(was.participantId(), join.identity().role()))
                .orElse(null);
    }

    private static ShardRequest.Join returning(ShardRequest.Join join, ShardRequest.Resume resume, Former former) {
        return new ShardRequest.Join(
                join.place(),
                join.options(),
                join.socketId(),
                join.identity(),
                join.displayName(),
                join.capabilities(),
                resume,
                former);
    }

    /** The token as the client gets it. */
    String tokenFor(String room, String participantId, Role role, String ofShard) {
        return passports
                .map(all -> ofShard + "." + all.issue(room, new Former(participantId, role)))
                .orElse(ofShard);
    }
}
