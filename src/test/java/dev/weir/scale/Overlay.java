package dev.weir.scale;

import dev.weir.relay.Link;
import dev.weir.relay.RelayTree;
import dev.weir.relay.Relinking;
import dev.weir.relay.Site;
import dev.weir.relay.TreeLimits;
import dev.weir.signal.ShardId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** The real tree, and its links as they come up and go down: which shards the room's media reach at the moment. */
final class Overlay {
    /** From the word to open a link until its first packet: the two agree (one round trip), then the store is sent. */
    private static final double ROUND_TRIPS = 1.5;

    final RelayTree tree = new RelayTree(TreeLimits.DEFAULT);
    final Samples linksOpened = new Samples();

    private final Timeline time;
    private final Geography map;
    private final Function<ShardId, SimShard> shards;
    private final Consumer<SimShard> onFed;
    private final Set<Link> wanted = new HashSet<>();
    private final Set<Link> up = new HashSet<>();
    private SimShard source;

    Overlay(Timeline time, Geography map, Function<ShardId, SimShard> shards, Consumer<SimShard> onFed) {
        this.time = time;
        this.map = map;
        this.shards = shards;
        this.onFed = onFed;
    }

    void publishAt(SimShard shard) {
        source = shard;
        review();
    }

    SimShard source() {
        return source;
    }

    void join(SimShard shard) {
        apply(tree.join(new Site(shard.id, shard.node.region)));
    }

    int leave(Set<ShardId> gone) {
        Relinking healing = tree.leave(gone);
        apply(healing);
        return healing.opened().size();
    }

    void originAt(ShardId shard) {
        apply(tree.originAt(shard));
    }

    /** Nodes died: nothing comes over their links any more, though nobody has noticed. */
    void onLoss() {
        up.removeIf(link -> !isAlive(link));
        review();
    }

    private void apply(Relinking relinking) {
        wanted.removeAll(relinking.closed());
        up.removeAll(relinking.closed());
        for (Link link : relinking.opened()) {
            wanted.add(link);
            String one = shards.apply(link.first()).node.region;
            String other = shards.apply(link.second()).node.region;
            String owner = shards.apply(tree.origin().orElseThrow()).node.region;
            long said = Math.max(map.oneWayNanos(owner, one), map.oneWayNanos(owner, other));
            long agreed = link.first().node().equals(link.second().node())
                    ? 0
                    : (long) (ROUND_TRIPS * 2 * map.oneWayNanos(one, other));
            linksOpened.add(said + agreed);
            time.after(said + agreed, () -> onUp(link));
        }
        review();
    }

    private void onUp(Link link) {
        if (wanted.contains(link) && isAlive(link)) {
            up.add(link);
            review();
        }
    }

    private boolean isAlive(Link link) {
        return shards.apply(link.first()).node.alive && shards.apply(link.second()).node.alive;
    }

    /** Walks from where the stream is published over the links that are up. */
    private void review() {
        Map<ShardId, List<ShardId>> neighbours = new HashMap<>();
        for (Link link : up) {
            neighbours.computeIfAbsent(link.first(), _ -> new ArrayList<>()).add(link.second());
            neighbours.computeIfAbsent(link.second(), _ -> new ArrayList<>()).add(link.first());
        }
        Set<ShardId> reached = new HashSet<>();
        ArrayDeque<ShardId> next = new ArrayDeque<>();
        if (source != null && source.node.alive) {
            next.add(source.id);
        }
        while (!next.isEmpty()) {
            ShardId shard = next.remove();
            if (reached.add(shard)) {
                next.addAll(neighbours.getOrDefault(shard, List.of()));
            }
        }
        for (ShardId id : tree.shards().stream().sorted().toList()) {
            SimShard shard = shards.apply(id);
            boolean now = reached.contains(id);
            if (now && !shard.fed) {
                shard.fed = true;
                onFed.accept(shard);
                shard.unfedSince = -1;
            } else if (!now && shard.fed) {
                shard.fed = false;
                shard.unfedSince = time.now();
            }
        }
    }
}
