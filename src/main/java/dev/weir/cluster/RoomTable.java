package dev.weir.cluster;

import dev.weir.signal.RoomPlace;
import io.vertx.core.Future;
import java.util.Optional;

/** Where all nodes together keep which shard owns which room. It may lose and revive entries: epochs decide. */
public interface RoomTable {
    /** Of a node that is alone, which has its own rooms in its own memory. */
    RoomTable ALONE = new RoomTable() {
        @Override
        public Future<Optional<RoomPlace>> find(String room) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<RoomPlace> putIfAbsent(RoomPlace place) {
            return Future.succeededFuture(place);
        }

        @Override
        public Future<Boolean> replace(RoomPlace before, RoomPlace after) {
            return Future.succeededFuture(true);
        }

        @Override
        public Future<?> remove(RoomPlace place) {
            return Future.succeededFuture();
        }
    };

    Future<Optional<RoomPlace>> find(String room);

    /** @return the entry that stands now: this one or the one that was there */
    Future<RoomPlace> putIfAbsent(RoomPlace place);

    /** @return false when the entry is not {@code before} any more */
    Future<Boolean> replace(RoomPlace before, RoomPlace after);

    /** Takes the entry out if it still is this one. */
    Future<?> remove(RoomPlace place);
}
