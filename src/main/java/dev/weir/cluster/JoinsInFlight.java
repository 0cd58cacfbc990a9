package dev.weir.cluster;

import dev.weir.signal.ShardId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Whom one decider has sent to which shard since that shard's node last spoke of itself. The node's next word counts
 * them, so they are forgotten with it; the few that are on their way at that moment are missing for one round. Without
 * this a burst would be placed by one and the same old figures. Owned by its decider.
 */
public final class JoinsInFlight {
    private final Map<String, Map<Integer, Integer>> byNode = new HashMap<>();

    public void sent(ShardId shard) {
        byNode.computeIfAbsent(shard.node(), _ -> new HashMap<>()).merge(shard.index(), 1, Integer::sum);
    }

    /** A node has spoken of itself, or is gone. */
    public void heardOf(String node) {
        byNode.remove(node);
    }

    /** What the node said, and those sent since. */
    public NodeLoad addTo(NodeLoad load) {
        Map<Integer, Integer> sent = byNode.get(load.node());
        if (sent == null) {
            return load;
        }
        List<LoopLoad> loops = IntStream.range(0, load.loops().size())
                .mapToObj(index -> {
                    LoopLoad loop = load.loops().get(index);
                    int more = sent.getOrDefault(index, 0);
                    return new LoopLoad(loop.people(), loop.joinsInFlight() + more, loop.busyRatio());
                })
                .toList();
        return new NodeLoad(
                load.node(), load.region(), load.duty(), load.draining(), load.rooms(), load.maxRooms(), loops);
    }
}
