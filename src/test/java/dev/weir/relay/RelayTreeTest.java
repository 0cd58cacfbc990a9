package dev.weir.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.ShardId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RelayTreeTest {
    private static final TreeLimits NARROW = new TreeLimits(4, 4, 6);

    private final RelayTree tree = new RelayTree(NARROW);

    @Test
    void theFirstShardIsTheOriginAndNeedsNoLink() {
        assertTrue(tree.join(site("eu", "a", 0)).isNothing());

        assertEquals(Optional.of(new ShardId("a", 0)), tree.origin());
        assertEquals(Optional.empty(), tree.above(new ShardId("a", 0)));
    }

    @Test
    void whoJoinsTwiceChangesNothing() {
        tree.join(site("eu", "a", 0));
        tree.join(site("eu", "b", 0));

        assertTrue(tree.join(site("eu", "b", 0)).isNothing());
    }

    @Test
    void theShardsOfANodeHangTogetherSoThatATrackEntersTheNodeOnce() {
        tree.join(site("eu", "a", 0));
        tree.join(site("eu", "b", 0));

        Relinking second = tree.join(site("eu", "b", 1));

        assertEquals(Set.of(Link.between(new ShardId("b", 0), new ShardId("b", 1))), second.opened());
        assertEquals(Set.of(), second.closed());
    }

    @Test
    void aRegionIsEnteredOnceHoweverManyOfItsNodesWatch() {
        tree.join(site("eu", "a", 0));
        for (int node = 0; node < 30; node++) {
            tree.join(site("us", "u" + node, 0));
        }

        assertEquals(1, crossings(Map.of("a", "eu"), "us"));
    }

    @Test
    void theHighestFreePlaceIsTakenFirst() {
        tree.join(site("eu", "a", 0));
        for (int node = 0; node < 5; node++) {
            tree.join(site("eu", "b" + node, 0));
        }

        assertEquals(4, tree.below(new ShardId("a", 0)).size());
        assertEquals(2, tree.depth(new ShardId("b4", 0)));
    }

    @Test
    void ofALostMiddleOnlyThoseRightBelowItMove() {
        tree.join(site("eu", "a", 0));
        for (int node = 0; node < 4; node++) {
            tree.join(site("eu", "b" + node, 0));
        }
        for (int node = 0; node < 8; node++) {
            tree.join(site("eu", "c" + node, 0));
        }
        ShardId lost = new ShardId("b0", 0);
        List<ShardId> orphans = tree.below(lost);
        assertEquals(2, orphans.size());

        Relinking healing = tree.leave(Set.of(lost));

        assertEquals(2, healing.opened().size());
        assertTrue(healing.opened().stream().allMatch(link -> orphans.stream().anyMatch(link::touches)));
        assertEquals(3, healing.closed().size());
        assertTrue(healing.closed().stream().allMatch(link -> link.touches(lost)));
    }

    @Test
    void aLeafThatGoesMovesNobody() {
        tree.join(site("eu", "a", 0));
        tree.join(site("eu", "b", 0));

        Relinking leaving = tree.leave(Set.of(new ShardId("b", 0)));

        assertEquals(Set.of(), leaving.opened());
        assertEquals(1, leaving.closed().size());
        assertFalse(tree.has(new ShardId("b", 0)));
    }

    @Test
    void aLostOriginIsReplacedByTheTopOfTheLargestPart() {
        tree.join(site("eu", "a", 0));
        tree.join(site("us", "u0", 0));
        tree.join(site("eu", "b", 0));
        tree.join(site("us", "u1", 0));

        Relinking healing = tree.leave(Set.of(new ShardId("a", 0)));

        assertEquals(Optional.of(new ShardId("u0", 0)), tree.origin());
        assertEquals(Set.of(Link.between(new ShardId("b", 0), new ShardId("u0", 0))), healing.opened());
    }

    @Test
    void anOriginThatMovesTurnsItsLinksAroundAndOpensNone() {
        tree.join(site("eu", "a", 0));
        tree.join(site("us", "u0", 0));
        tree.join(site("us", "u1", 0));
        Set<Link> before = tree.links();

        Relinking moved = tree.originAt(new ShardId("u1", 0));

        assertTrue(moved.isNothing());
        assertEquals(before, tree.links());
        assertEquals(2, tree.depth(new ShardId("a", 0)));
    }

    @Test
    void theLastShardLeavesAnEmptyTreeThatCanStartAnew() {
        tree.join(site("eu", "a", 0));
        tree.leave(Set.of(new ShardId("a", 0)));
        assertEquals(Optional.empty(), tree.origin());

        tree.join(site("us", "u", 3));

        assertEquals(Optional.of(new ShardId("u", 3)), tree.origin());
    }

    private int crossings(Map<String, String> homes, String elsewhere) {
        Map<String, String> regions = new HashMap<>(homes);
        Set<Link> over = new HashSet<>();
        for (Link link : tree.links()) {
            String one = regions.getOrDefault(link.first().node(), elsewhere);
            String other = regions.getOrDefault(link.second().node(), elsewhere);
            if (!one.equals(other)) {
                over.add(link);
            }
        }
        return over.size();
    }

    private static Site site(String region, String node, int index) {
        return new Site(new ShardId(node, index), region);
    }
}
