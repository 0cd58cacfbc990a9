package dev.weir.scale;

import dev.weir.cluster.LoopLoad;
import dev.weir.shard.JoinLimits;
import dev.weir.shard.JoinQueue;
import dev.weir.signal.ShardId;
import java.util.ArrayList;
import java.util.List;

/** One loop: the real join queue before it, and in place of media what they would cost. */
final class SimShard {
    final ShardId id;
    final SimNode node;
    final JoinQueue joins = new JoinQueue(JoinLimits.DEFAULT);
    final List<Viewer> people = new ArrayList<>();
    /** The shards that it sends the room's packets to, and what it sends to all of them and to its viewers. */
    double relayPacketsPerSecond;

    double relayBps;
    boolean ticking;
    /** Whether the room's media reach it, and since when not. */
    boolean fed;

    long unfedSince = -1;
    private long worked;
    private long workedAtRecord;

    SimShard(SimNode node, int index) {
        this.node = node;
        this.id = new ShardId(node.name, index);
    }

    void work(long nanos) {
        worked += nanos;
    }

    double viewerPacketsPerSecond() {
        double packets = 0;
        for (Viewer viewer : people) {
            packets += viewer.layer.packetsPerSecond() + Plan.AUDIO_PACKETS_PER_SECOND;
        }
        return packets;
    }

    double viewerBps() {
        double bps = 0;
        for (Viewer viewer : people) {
            bps += viewer.layer.bps() + Plan.AUDIO_BPS;
        }
        return bps;
    }

    double busy(Plan.Costs costs) {
        return (viewerPacketsPerSecond() + relayPacketsPerSecond) * costs.packetNanos() / 1e9;
    }

    /** What the node says of it: media, and the work of joins since it last said so. */
    LoopLoad load(Plan.Costs costs) {
        double joining = (double) (worked - workedAtRecord) / costs.recordsNanos();
        workedAtRecord = worked;
        return new LoopLoad(people.size(), joins.queued(), Math.min(1, busy(costs) + joining));
    }
}
