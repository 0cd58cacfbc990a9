package dev.weir.scale;

import dev.weir.signal.ShardId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What goes over the tree's links, reckoned from who shows what beyond each. */
final class Traffic {
    /** A link towards one shard. */
    record Flow(SimShard from, SimShard to, double bps, double packetsPerSecond) {
        boolean isWithinNode() {
            return from.node == to.node;
        }

        boolean isWithinRegion() {
            return from.node.region.equals(to.node.region);
        }
    }

    final List<Flow> flows = new ArrayList<>();
    /** Of each shard: links from the source, and one-way time of the network to it. */
    final Map<SimShard, Integer> hops = new HashMap<>();

    final Map<SimShard, Long> delays = new HashMap<>();
    private final Audience audience;

    private Traffic(Audience audience) {
        this.audience = audience;
    }

    static Traffic of(Audience audience) {
        Traffic traffic = new Traffic(audience);
        audience.nodes
                .values()
                .forEach(node -> node.shards.forEach(shard -> {
                    shard.relayBps = 0;
                    shard.relayPacketsPerSecond = 0;
                }));
        traffic.walk(audience.overlay.source(), Optional.empty(), 0, 0);
        return traffic;
    }

    private Set<Plan.Layer> walk(SimShard shard, Optional<SimShard> from, int hop, long delay) {
        hops.put(shard, hop);
        delays.put(shard, delay);
        Set<Plan.Layer> wanted = new HashSet<>();
        shard.people.forEach(viewer -> wanted.add(viewer.layer));
        List<ShardId> neighbours = new ArrayList<>(audience.overlay.tree.below(shard.id));
        audience.overlay.tree.above(shard.id).ifPresent(neighbours::add);
        for (ShardId id : neighbours) {
            SimShard next = audience.shard(id);
            if (from.filter(next::equals).isEmpty()) {
                long way = next.node == shard.node ? 0 : audience.map.oneWayNanos(shard.node.region, next.node.region);
                Set<Plan.Layer> beyond = walk(next, Optional.of(shard), hop + 1, delay + way);
                flow(shard, next, beyond);
                wanted.addAll(beyond);
            }
        }
        return wanted;
    }

    private void flow(SimShard from, SimShard to, Set<Plan.Layer> layers) {
        double bps =
                Plan.AUDIO_BPS + layers.stream().mapToDouble(Plan.Layer::bps).sum();
        double packets = Plan.AUDIO_PACKETS_PER_SECOND
                + layers.stream().mapToDouble(Plan.Layer::packetsPerSecond).sum();
        Flow flow = new Flow(from, to, bps, packets);
        flows.add(flow);
        if (!flow.isWithinNode()) {
            from.relayBps += bps;
            from.relayPacketsPerSecond += packets;
        }
    }
}
