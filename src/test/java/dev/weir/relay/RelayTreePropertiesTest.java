package dev.weir.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.ShardId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards come, go, die in crowds and pass the origin on at random; what a tree promises holds after each change. */
class RelayTreePropertiesTest {
    private static final TreeLimits LIMITS = new TreeLimits(4, 3, 9);
    private static final String[] REGIONS = {"eu", "us", "asia", "africa", "oceania", "south"};

    private final Map<ShardId, Site> present = new LinkedHashMap<>();
    private final RelayTree tree = new RelayTree(LIMITS);
    /** What whoever opens and closes links has, by what he was told. */
    private final Set<Link> kept = new HashSet<>();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void whateverHappensTheTreeIsOneOfBoundedWidthAndDepthThatCrossesEachBorderOnce(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < 400; step++) {
            change(random);
            check("seed " + seed + ", step " + step);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void thoseWhoJoinMoveNobodyAndTheLostMoveOnlyWhatHungBelowThem(long seed) {
        Random random = new Random(seed);
        RelayTree wide = new RelayTree(TreeLimits.DEFAULT);
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Site site = anySite(random, 100);
            if (!wide.has(site.shard())) {
                Relinking joining = wide.join(site);
                assertEquals(Set.of(), joining.closed(), "seed " + seed);
                assertEquals(sites.isEmpty() ? 0 : 1, joining.opened().size(), "seed " + seed);
                sites.add(site);
            }
        }
        for (int round = 0; round < 10; round++) {
            Set<ShardId> lost = new HashSet<>();
            for (Site site : sites) {
                if (random.nextInt(20) == 0 && wide.has(site.shard())) {
                    lost.add(site.shard());
                }
            }
            long cutOff = lost.stream()
                    .flatMap(shard -> wide.below(shard).stream())
                    .filter(shard -> !lost.contains(shard))
                    .count();
            boolean originLost = lost.contains(wide.origin().orElseThrow());

            Relinking healing = wide.leave(lost);

            assertEquals(cutOff - (originLost ? 1 : 0), healing.opened().size(), "seed " + seed);
            assertTrue(
                    healing.closed().stream()
                            .allMatch(link -> lost.contains(link.first()) || lost.contains(link.second())),
                    "seed " + seed);
        }
    }

    private void change(Random random) {
        int what = random.nextInt(100);
        List<ShardId> all = List.copyOf(present.keySet());
        if (what < 70 || all.isEmpty()) {
            Site site = anySite(random, 40);
            present.put(site.shard(), site);
            note(tree.join(site));
        } else if (what < 85) {
            lose(Set.of(all.get(random.nextInt(all.size()))));
        } else if (what < 90) {
            lose(all.stream().filter(_ -> random.nextInt(8) == 0).collect(Collectors.toSet()));
        } else if (what < 93) {
            String node = all.get(random.nextInt(all.size())).node();
            lose(all.stream().filter(shard -> shard.node().equals(node)).collect(Collectors.toSet()));
        } else {
            note(tree.originAt(all.get(random.nextInt(all.size()))));
        }
    }

    private void lose(Set<ShardId> gone) {
        present.keySet().removeAll(gone);
        note(tree.leave(gone));
    }

    private void note(Relinking relinking) {
        assertTrue(kept.containsAll(relinking.closed()), "closes only what is open");
        kept.removeAll(relinking.closed());
        for (Link link : relinking.opened()) {
            assertTrue(kept.add(link), "opens nothing twice");
        }
    }

    private void check(String when) {
        assertEquals(present.keySet(), tree.shards(), when);
        assertEquals(kept, tree.links(), when + ": who follows the changes has the links of the tree");
        assertEquals(Math.max(0, present.size() - 1), tree.links().size(), when + ": one link for each but the origin");
        for (ShardId shard : present.keySet()) {
            assertTrue(tree.depth(shard) <= LIMITS.depth(), when + ": depth of " + shard);
            Map<Site.Distance, Integer> feeds = new HashMap<>();
            for (ShardId below : tree.below(shard)) {
                feeds.merge(present.get(shard).to(present.get(below)), 1, Integer::sum);
            }
            int within = feeds.getOrDefault(Site.Distance.WITHIN_NODE, 0);
            assertTrue(within <= LIMITS.fanOutWithinNode(), when + ": " + shard + " feeds " + feeds);
            assertTrue(tree.below(shard).size() - within <= LIMITS.fanOut(), when + ": " + shard + " feeds " + feeds);
        }
        // With as many links as members less one, being connected and having no cycle are the same.
        assertTrue(isConnected(present.keySet()), when + ": every shard is reached");
        units(site -> site.shard().node())
                .forEach((node, shards) ->
                        assertTrue(isConnected(shards), when + ": node " + node + " is entered more than once"));
        units(Site::region)
                .forEach((region, shards) ->
                        assertTrue(isConnected(shards), when + ": region " + region + " is entered more than once"));
    }

    private Map<String, Set<ShardId>> units(Function<Site, String> unit) {
        return present.values().stream()
                .collect(Collectors.groupingBy(unit, Collectors.mapping(Site::shard, Collectors.toSet())));
    }

    /** By links among those alone. */
    private boolean isConnected(Set<ShardId> shards) {
        if (shards.isEmpty()) {
            return true;
        }
        Set<ShardId> reached = new HashSet<>();
        List<ShardId> next = new ArrayList<>(List.of(shards.iterator().next()));
        while (!next.isEmpty()) {
            ShardId shard = next.removeLast();
            if (reached.add(shard)) {
                tree.below(shard).stream().filter(shards::contains).forEach(next::add);
                tree.above(shard).filter(shards::contains).ifPresent(next::add);
            }
        }
        return reached.equals(shards);
    }

    private static Site anySite(Random random, int nodes) {
        int node = random.nextInt(nodes);
        return new Site(new ShardId("n" + node, random.nextInt(4)), REGIONS[node % REGIONS.length]);
    }
}
