package dev.weir.cluster;

import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The other nodes, as the directory of this one needs them. */
public interface Neighbours {
    /** As long as people may come back by their resume tokens. */
    long LOST_NANOS = 30_000_000_000L;

    Neighbours NONE = new Neighbours() {
        @Override
        public boolean have(ShardId shard) {
            return false;
        }

        @Override
        public boolean areThere(String node) {
            return false;
        }

        @Override
        public boolean wereLostLately(String node) {
            return false;
        }

        @Override
        public List<ShardId> shards() {
            return List.of();
        }

        @Override
        public Future<Optional<RoomPlace>> makeRoom(String room) {
            return Future.succeededFuture(Optional.empty());
        }
    };

    /** Whether that shard is one of a node that is there. */
    boolean have(ShardId shard);

    /** Whether a node of that name is a member now, even if it has said nothing of itself yet. */
    boolean areThere(String node);

    /** Whether a node of that name was lost within the time in which its people may come back. */
    boolean wereLostLately(String node);

    /** Those of all nodes that are there. */
    List<ShardId> shards();

    /** Has one that has room make it; empty when all are full. */
    Future<Optional<RoomPlace>> makeRoom(String room);
}
