package dev.weir.scale;

import dev.weir.cluster.Landing;
import dev.weir.cluster.Newcomer;
import dev.weir.cluster.NodeLoad;
import dev.weir.cluster.Placement;
import dev.weir.cluster.PlacementLimits;
import dev.weir.shard.JoinQueue;
import dev.weir.signal.ShardId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * One broadcast, simulated: viewers come by the real placement and the real join queues to shards that the real tree
 * feeds; nodes die, and what becomes of everybody is counted. Media are not sent but reckoned. Deterministic.
 */
final class Audience {
    private static final long TICK_NANOS = 5 * Timeline.MS;
    private static final long CONNECT_TIMEOUT_NANOS = Timeline.SECOND;
    /** Of the SDK: the first try after a loss comes by chance within this time. */
    private static final long BACKOFF_NANOS = 250 * Timeline.MS;

    final Plan plan;
    final Timeline time = new Timeline();
    final Map<String, SimNode> nodes = new LinkedHashMap<>();
    final List<Viewer> viewers = new ArrayList<>();
    final Overlay overlay;
    final Samples waits = new Samples();
    final Samples firstMedia = new Samples();
    final Samples backAgain = new Samples();
    final Samples cutOff = new Samples();
    final Placement placement;
    long refused;
    long noPlace;
    int mostQueued;

    private final Random random;
    final Geography map;
    private final Set<ShardId> asked = new HashSet<>();
    private Optional<SimNode> addressed = Optional.empty();
    ShardId owner;

    Audience(Plan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed());
        this.map = new Geography(plan);
        this.placement = new Placement(PlacementLimits.DEFAULT, new Random(plan.seed() + 1));
        this.overlay = new Overlay(time, map, this::shard, this::onFed);
        for (Plan.Region region : plan.regions()) {
            for (int number = 0; number < region.nodes(); number++) {
                SimNode node = new SimNode(region.name(), number, plan.loopsPerNode());
                nodes.put(node.name, node);
                node.speak(plan);
                time.after(random.nextLong(plan.costs().recordsNanos()), () -> speak(node));
            }
        }
        publish(plan.regions().getFirst().name());
    }

    SimShard shard(ShardId id) {
        return nodes.get(id.node()).shards.get(id.index());
    }

    // The stream.

    private void publish(String region) {
        SimNode landing = anyNode(region);
        Optional<ShardId> place = landing.alive
                ? placement.forPerson(
                        known(landing), new Landing(landing.name, region), Newcomer.SENDER, overlay.tree.shards())
                : Optional.empty();
        if (place.isEmpty() || !shard(place.get()).node.alive) {
            time.after(CONNECT_TIMEOUT_NANOS, () -> publish(region));
            return;
        }
        owner = owner == null ? place.get() : owner;
        if (asked.add(place.get())) {
            overlay.join(shard(place.get()));
        }
        overlay.publishAt(shard(place.get()));
    }

    // People.

    /** Lets them come: more each second up to the peak, then so many until all are there. */
    void fill() {
        double at = 0;
        for (int number = 0; number < plan.viewers(); number++) {
            double rate = plan.joinsPerSecond() * Math.min(1, Math.max(at / plan.rampSeconds(), 0.02));
            // Of people who come each for himself the times between are exponentially distributed.
            at += -Math.log(1 - random.nextDouble()) / rate;
            Viewer viewer = new Viewer(
                    pick(plan.regions(), Plan.Region::share).name(), pick(plan.layers(), Plan.Layer::share), (long)
                            (at * Timeline.SECOND));
            viewers.add(viewer);
            time.after(viewer.since - time.now(), () -> arrive(viewer));
        }
        time.runUntil((long) ((at + 10) * Timeline.SECOND));
    }

    /** So many people come within a moment, beside those who are there, and all of them to one node's address. */
    void storm(SimNode node, int people, long withinNanos) {
        addressed = Optional.of(node);
        for (int number = 0; number < people; number++) {
            comes(node.region, time.now() + random.nextLong(withinNanos));
        }
        time.runUntil(time.now() + withinNanos + 60 * Timeline.SECOND);
        addressed = Optional.empty();
    }

    private void comes(String region, long when) {
        Viewer viewer = new Viewer(region, pick(plan.layers(), Plan.Layer::share), when);
        viewers.add(viewer);
        time.after(when - time.now(), () -> arrive(viewer));
    }

    private void arrive(Viewer viewer) {
        SimNode landing = addressed.orElseGet(() -> anyNode(viewer.region));
        if (!landing.alive) {
            retry(viewer, CONNECT_TIMEOUT_NANOS + random.nextLong(BACKOFF_NANOS));
            return;
        }
        Optional<ShardId> place = placement.forPerson(
                known(landing), new Landing(landing.name, landing.region), Newcomer.VIEWER, overlay.tree.shards());
        if (place.isEmpty()) {
            noPlace++;
            retry(viewer, Timeline.SECOND + random.nextLong(Timeline.SECOND));
            return;
        }
        landing.sent.sent(place.get());
        SimShard shard = shard(place.get());
        long way = landing == shard.node ? 0 : map.oneWayNanos(landing.region, shard.node.region);
        time.after(2 * Geography.ACCESS_NANOS + way, () -> ask(viewer, shard));
    }

    private void retry(Viewer viewer, long nanos) {
        time.after(nanos, () -> arrive(viewer));
    }

    private void ask(Viewer viewer, SimShard shard) {
        if (!shard.node.alive) {
            retry(viewer, CONNECT_TIMEOUT_NANOS);
            return;
        }
        viewer.askedShardAt = time.now();
        shard.joins.offer(time.now(), viewer.wasIn, new JoinQueue.Join() {
            @Override
            public void begin(long now) {
                Audience.this.begin(viewer, shard);
            }

            @Override
            public void refuse(long retryAfterMs) {
                refused++;
                viewer.refusals++;
                long asked = retryAfterMs * Timeline.MS;
                retry(viewer, asked + random.nextLong(asked / 4 + 1));
            }
        });
        mostQueued = Math.max(mostQueued, shard.joins.queued());
        tick(shard);
    }

    private void tick(SimShard shard) {
        if (!shard.ticking && shard.joins.queued() > 0) {
            shard.ticking = true;
            time.after(TICK_NANOS, () -> {
                shard.ticking = false;
                shard.joins.onTick(time.now(), false);
                tick(shard);
            });
        }
    }

    private void begin(Viewer viewer, SimShard shard) {
        if (!shard.node.alive) {
            retry(viewer, CONNECT_TIMEOUT_NANOS);
            return;
        }
        // A join is dearer on a loop that has much else to do: it shares the core with packets.
        long cost = (long)
                (plan.costs().joinNanos() * (0.5 + random.nextDouble()) / Math.max(0.1, 1 - shard.busy(plan.costs())));
        shard.joins.spent(cost);
        shard.work(cost);
        shard(owner).work(plan.costs().ownerJoinNanos());
        waits.add(time.now() - viewer.askedShardAt);
        viewer.shard = shard;
        viewer.connected = false;
        viewer.watching = false;
        shard.people.add(viewer);
        if (asked.add(shard.id)) {
            long way = map.oneWayNanos(shard.node.region, nodes.get(owner.node()).region);
            time.after(way, () -> {
                if (shard.node.alive) {
                    overlay.join(shard);
                }
            });
        }
        // The answer to the join, the offer and its answer, the check, and the handshake of two round trips.
        time.after(cost + plan.costs().handshakeNanos() + 8 * Geography.ACCESS_NANOS, () -> connected(viewer, shard));
    }

    private void connected(Viewer viewer, SimShard shard) {
        if (viewer.shard == shard && shard.node.alive) {
            viewer.connected = true;
            if (shard.fed) {
                watches(viewer);
            }
        }
    }

    private void watches(Viewer viewer) {
        if (!viewer.watching) {
            viewer.watching = true;
            (viewer.wasIn ? backAgain : firstMedia).add(time.now() + Geography.ACCESS_NANOS - viewer.since);
        }
    }

    private void onFed(SimShard shard) {
        for (Viewer viewer : shard.people) {
            if (viewer.watching && shard.unfedSince >= 0) {
                cutOff.add(time.now() - shard.unfedSince);
            } else if (viewer.connected) {
                watches(viewer);
            }
        }
    }

    // Nodes.

    private void speak(SimNode node) {
        if (node.alive) {
            node.speak(plan);
            nodes.values().forEach(other -> other.sent.heardOf(node.name));
            time.after(plan.costs().recordsNanos(), () -> speak(node));
        }
    }

    private List<NodeLoad> known(SimNode by) {
        return nodes.values().stream()
                .filter(node -> node.said != null)
                .map(node -> by.sent.addTo(node.said))
                .toList();
    }

    /** As a balancer of connections does: any of those that it believes alive. */
    private SimNode anyNode(String region) {
        List<SimNode> there = nodes.values().stream()
                .filter(node -> node.region.equals(region) && node.said != null)
                .toList();
        return there.get(random.nextInt(there.size()));
    }

    List<SimNode> anyNodes(int count, boolean withOwner) {
        List<SimNode> drawn = new ArrayList<>();
        SimNode origin = nodes.get(owner.node());
        if (withOwner) {
            drawn.add(origin);
        }
        List<SimNode> all = List.copyOf(nodes.values());
        while (drawn.size() < count) {
            SimNode node = all.get(random.nextInt(all.size()));
            if (node.alive && node != origin && node != overlay.source().node && !drawn.contains(node)) {
                drawn.add(node);
            }
        }
        return drawn;
    }

    /** These nodes die now. @return the viewers who sat there */
    int lose(List<SimNode> lost) {
        Set<ShardId> gone = new HashSet<>();
        int people = 0;
        boolean sourceLost = lost.contains(overlay.source().node);
        for (SimNode node : lost) {
            node.alive = false;
            for (SimShard shard : node.shards) {
                gone.add(shard.id);
                people += shard.people.size();
                List.copyOf(shard.people).forEach(this::loses);
                shard.people.clear();
            }
        }
        overlay.onLoss();
        if (sourceLost) {
            String region = overlay.source().node.region;
            time.after(plan.costs().noticeNanos() / 2, () -> publish(region));
        }
        time.after(plan.costs().detectionNanos(), () -> {
            lost.forEach(node -> {
                node.said = null;
                nodes.values().forEach(other -> other.sent.heardOf(node.name));
            });
            boolean ownerLost = gone.contains(owner);
            time.after(ownerLost ? plan.costs().takeOverNanos() : 0, () -> heal(gone));
        });
        return people;
    }

    private void loses(Viewer viewer) {
        viewer.since = time.now();
        viewer.wasIn = true;
        viewer.watching = false;
        viewer.connected = false;
        viewer.shard = null;
        retry(viewer, random.nextLong(plan.costs().noticeNanos()) + random.nextLong(BACKOFF_NANOS));
    }

    private void heal(Set<ShardId> gone) {
        overlay.leave(gone);
        asked.removeAll(gone);
        Map<ShardId, Integer> people = new LinkedHashMap<>();
        overlay.tree.shards().stream()
                .sorted()
                .forEach(shard -> people.put(shard, shard(shard).people.size()));
        List<NodeLoad> known = nodes.values().stream()
                .map(node -> node.said)
                .filter(said -> said != null)
                .toList();
        placement.forOrigin(known, owner, people).ifPresent(next -> owner = next);
        if (asked.add(owner)) {
            overlay.join(shard(owner));
        }
        overlay.originAt(owner);
    }

    private <T> T pick(List<T> all, ToDoubleFunction<T> share) {
        double left = random.nextDouble();
        for (T one : all) {
            left -= share.applyAsDouble(one);
            if (left < 0) {
                return one;
            }
        }
        return all.getLast();
    }
}
