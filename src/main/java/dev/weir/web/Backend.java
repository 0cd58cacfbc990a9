package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.signal.ShardId;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What stands behind the outer face.
 *
 * @param draining true once this server takes no new rooms; asked often, from any thread
 */
public record Backend(Bus bus, Directory directory, BooleanSupplier draining) {
    /** This node's. */
    List<ShardId> shards() {
        return directory.shards();
    }
}
