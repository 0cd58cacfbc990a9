package dev.weir.relay;

import dev.weir.signal.ShardId;

/**
 * Two shards that pass each other a room's tracks, in both directions; which of them is nearer to the origin does not
 * matter to the link.
 *
 * @param first the smaller of the two
 */
public record Link(ShardId first, ShardId second) {
    public Link {
        if (first.compareTo(second) >= 0) {
            throw new IllegalArgumentException(first + " has to be smaller than " + second);
        }
    }

    public static Link between(ShardId one, ShardId other) {
        return one.compareTo(other) < 0 ? new Link(one, other) : new Link(other, one);
    }

    public boolean touches(ShardId shard) {
        return first.equals(shard) || second.equals(shard);
    }
}
