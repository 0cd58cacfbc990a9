package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.cluster.NodeRecord;
import dev.weir.cluster.Passports;
import dev.weir.signal.ShardId;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What stands behind the outer face.
 *
 * @param draining true once this server takes no new rooms; asked often, from any thread
 * @param others what the other nodes last said of themselves; the same
 * @param passports by which people of a lost node are known; empty: there is one node only
 */
public record Backend(
        Bus bus,
        Directory directory,
        BooleanSupplier draining,
        Supplier<List<NodeRecord>> others,
        Optional<Passports> passports) {
    /** More than this no client tries in turn. */
    private static final int MOST_URLS = 8;

    /** Of a node that is alone. */
    public Backend(Bus bus, Directory directory, BooleanSupplier draining) {
        this(bus, directory, draining, List::of, Optional.empty());
    }

    /** This node's. */
    List<ShardId> shards() {
        return directory.shards();
    }

    /** Where a client that loses this node may go. */
    List<String> otherUrls() {
        return others.get().stream()
                .filter(node -> node.state().equals(NodeRecord.READY))
                .flatMap(node -> node.urls().stream())
                .limit(MOST_URLS)
                .toList();
    }
}
