package dev.weir.relay;

/**
 * How wide and how deep a room's tree may be.
 *
 * @param fanOut the most nodes that one shard feeds, by links that cost a send each
 * @param fanOutWithinNode the most shards of its own node that it feeds; their queues cost little
 * @param depth the most links between the origin and any shard; kept as long as so many shards have places there
 */
public record TreeLimits(int fanOut, int fanOutWithinNode, int depth) {
    /**
     * Sixteen links of one 1080p stream are 80 Mbit/s and about 9,000 packets/s, a small part of a loop; two steps of
     * sixteen reach 256 nodes of a region, and each step costs no more than a hop of the network.
     */
    public static final TreeLimits DEFAULT = new TreeLimits(16, 16, 8);

    public TreeLimits {
        if (fanOut < 2 || fanOutWithinNode < 1 || depth < 1) {
            throw new IllegalArgumentException("such a tree cannot grow");
        }
    }

    /** Half of the links may leave the region, so that those within it always have a place left. */
    int fanOutAbroad() {
        return fanOut / 2;
    }
}
