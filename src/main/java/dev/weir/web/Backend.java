package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import java.util.function.BooleanSupplier;

/**
 * What stands behind the outer face.
 *
 * @param shards media event loops of this node
 * @param draining true once this server takes no new rooms; asked often, from any thread
 */
public record Backend(Bus bus, Directory directory, int shards, BooleanSupplier draining) {}
