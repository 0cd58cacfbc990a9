package dev.weir.scale;

import dev.weir.cluster.Duty;
import dev.weir.cluster.JoinsInFlight;
import dev.weir.cluster.LoopLoad;
import dev.weir.cluster.NodeLoad;
import java.util.ArrayList;
import java.util.List;

/** A machine with its loops, and what it knows of whom it has sent where. */
final class SimNode {
    private static final int MAX_ROOMS = 1_000;

    final String name;
    final String region;
    final List<SimShard> shards = new ArrayList<>();
    final JoinsInFlight sent = new JoinsInFlight();
    boolean alive = true;
    /** Its last word of itself; null once the others know that it is gone. */
    NodeLoad said;

    SimNode(String region, int number, int loops) {
        this.region = region;
        this.name = region + "_" + number;
        for (int index = 0; index < loops; index++) {
            shards.add(new SimShard(this, index));
        }
    }

    void speak(Plan plan) {
        double network = egressBps() / plan.nodeBps();
        said = new NodeLoad(
                name,
                region,
                Duty.ANYTHING,
                false,
                0,
                MAX_ROOMS,
                shards.stream()
                        .map(shard -> shard.load(plan.costs()))
                        // A node whose network is full has no use for idle loops.
                        .map(loop ->
                                new LoopLoad(loop.people(), loop.joinsInFlight(), Math.max(loop.busyRatio(), network)))
                        .toList());
    }

    double egressBps() {
        double bps = 0;
        for (SimShard shard : shards) {
            bps += shard.viewerBps() + shard.relayBps;
        }
        return bps;
    }
}
