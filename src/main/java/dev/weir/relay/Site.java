package dev.weir.relay;

import dev.weir.signal.ShardId;

/** A shard that has people of a room, and the region of its node. */
public record Site(ShardId shard, String region) {
    /** How dear a link between two sites is: a link over a border is used only where no nearer one would do. */
    enum Distance {
        WITHIN_NODE,
        WITHIN_REGION,
        ABROAD
    }

    Distance to(Site other) {
        if (shard.node().equals(other.shard.node())) {
            return Distance.WITHIN_NODE;
        }
        return region.equals(other.region) ? Distance.WITHIN_REGION : Distance.ABROAD;
    }
}
