package dev.weir.cluster;

import dev.weir.signal.RoomPlace;
import io.vertx.core.Future;
import java.util.Optional;

/** The table of rooms in Hazelcast's memory. */
final class SharedRooms implements RoomTable {
    private final SealedMap<RoomPlace> map;

    SharedRooms(SealedMap<RoomPlace> map) {
        this.map = map;
    }

    /** Takes out what a node of that name owned before it was started anew. */
    Future<?> forget(String node) {
        return map.all()
                .compose(all -> Future.join(all.stream()
                        .filter(place -> place.ownerShard().node().equals(node))
                        .map(this::remove)
                        .toList()));
    }

    @Override
    public Future<Optional<RoomPlace>> find(String room) {
        return map.get(room).map(entry -> entry.map(SealedMap.Entry::value));
    }

    @Override
    public Future<RoomPlace> putIfAbsent(RoomPlace place) {
        return map.putIfAbsent(place.room(), place);
    }

    @Override
    public Future<Boolean> replace(RoomPlace before, RoomPlace after) {
        return map.get(before.room())
                .compose(entry -> entry.filter(it -> it.value().equals(before))
                        .map(it -> map.replace(before.room(), it, after))
                        .orElseGet(() -> Future.succeededFuture(false)));
    }

    @Override
    public Future<?> remove(RoomPlace place) {
        return map.get(place.room())
                .compose(entry -> entry.filter(it -> it.value().equals(place))
                        .map(it -> map.remove(place.room(), it))
                        .orElseGet(() -> Future.succeededFuture(false)));
    }
}
