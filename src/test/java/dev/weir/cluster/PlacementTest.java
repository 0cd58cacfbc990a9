package dev.weir.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.ShardId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {
    private static final PlacementLimits LIMITS = new PlacementLimits(10, 6, 20, 0.5, 0.9);
    private static final LoopLoad IDLE = new LoopLoad(0, 0, 0);
    private static final LoopLoad ENOUGH = new LoopLoad(10, 0, 0.4);
    private static final LoopLoad FULL = new LoopLoad(15, 5, 0.4);
    private static final LoopLoad BUSY = new LoopLoad(3, 0, 0.95);
    private static final Landing ON_A = new Landing("a", "eu");

    private final Placement placement = new Placement(LIMITS, new Random(1));

    @Test
    void aRoomIsCreatedOnTheNodeThatWasAsked() {
        var nodes = List.of(node("b", "eu", IDLE), node("a", "eu", ENOUGH));

        assertEquals(Optional.of(new ShardId("a", 0)), placement.forRoom(nodes, ON_A));
    }

    @Test
    void theRoomBeyondANodesLimitGoesToTheRegionAndThenAnywhere() {
        NodeLoad own = rooms(node("a", "eu", IDLE), 1_000);
        NodeLoad near = node("b", "eu", IDLE);
        NodeLoad far = node("c", "us", IDLE);

        assertEquals(Optional.of(new ShardId("b", 0)), placement.forRoom(List.of(far, own, near), ON_A));
        assertEquals(Optional.of(new ShardId("c", 0)), placement.forRoom(List.of(far, own, rooms(near, 1_000)), ON_A));
        assertEquals(
                Optional.empty(),
                placement.forRoom(List.of(rooms(far, 1_000), own, rooms(near, 1_000)), ON_A),
                "all are full");
    }

    @Test
    void edgesAndNodesThatDrainOwnNoRoom() {
        var nodes =
                List.of(as(Duty.EDGE, node("a", "eu", IDLE)), draining(node("b", "eu", IDLE)), node("c", "us", IDLE));

        assertEquals(Optional.of(new ShardId("c", 0)), placement.forRoom(nodes, ON_A));
    }

    @Test
    void someoneSitsWhereHisRoomIsAsLongAsThereIsRoom() {
        var nodes = List.of(node("a", "eu", IDLE, new LoopLoad(9, 0, 0.4), IDLE));

        assertEquals(
                Optional.of(new ShardId("a", 1)),
                placement.forPerson(nodes, ON_A, Newcomer.SENDER, Set.of(new ShardId("a", 1))));
    }

    @Test
    void aRoomOutgrowsItsLoopByPeopleOrByWork() {
        Set<ShardId> room = Set.of(new ShardId("a", 1));

        for (LoopLoad enough : List.of(ENOUGH, new LoopLoad(3, 0, 0.6), new LoopLoad(3, 6, 0))) {
            assertEquals(
                    Optional.of(new ShardId("a", 0)),
                    placement.forPerson(List.of(node("a", "eu", IDLE, enough)), ON_A, Newcomer.SENDER, room));
        }
    }

    @Test
    void whereAllHaveEnoughTheRoomsOwnShardsTakeMoreUntilTheyAreFull() {
        Set<ShardId> room = Set.of(new ShardId("a", 1));

        assertEquals(
                Optional.of(new ShardId("a", 1)),
                placement.forPerson(List.of(node("a", "eu", ENOUGH, ENOUGH)), ON_A, Newcomer.SENDER, room));
        assertEquals(
                Optional.of(new ShardId("a", 0)),
                placement.forPerson(List.of(node("a", "eu", ENOUGH, FULL)), ON_A, Newcomer.SENDER, room));
    }

    @Test
    void nearGoesBeforeTheRoomsShardsElsewhere() {
        Set<ShardId> room = Set.of(new ShardId("c", 0));
        NodeLoad far = node("c", "us", IDLE);
        NodeLoad near = node("b", "eu", IDLE);

        assertEquals(
                Optional.of(new ShardId("a", 0)),
                placement.forPerson(List.of(far, near, node("a", "eu", IDLE)), ON_A, Newcomer.VIEWER, room));
        assertEquals(
                Optional.of(new ShardId("b", 0)),
                placement.forPerson(List.of(far, near, node("a", "eu", FULL)), ON_A, Newcomer.VIEWER, room));
        assertEquals(
                Optional.of(new ShardId("c", 0)),
                placement.forPerson(
                        List.of(far, node("b", "eu", BUSY), node("a", "eu", FULL)), ON_A, Newcomer.VIEWER, room));
    }

    @Test
    void aNeighbourWithRoomGoesBeforeACrowdAndACrowdBeforeAnotherRegion() {
        NodeLoad crowded = node("a", "eu", ENOUGH);
        NodeLoad near = node("b", "eu", IDLE);
        NodeLoad far = node("c", "us", IDLE);

        assertEquals(
                Optional.of(new ShardId("b", 0)),
                placement.forPerson(List.of(far, near, crowded), ON_A, Newcomer.VIEWER, Set.of(new ShardId("a", 0))));
        assertEquals(
                Optional.of(new ShardId("a", 0)),
                placement.forPerson(List.of(far, crowded), ON_A, Newcomer.VIEWER, Set.of(new ShardId("c", 0))));
    }

    @Test
    void someoneIsRefusedOnlyWhenAllNodesAreFull() {
        var nodes = List.of(node("a", "eu", FULL, BUSY), draining(node("b", "eu", IDLE)), node("c", "us", BUSY));

        assertEquals(Optional.empty(), placement.forPerson(nodes, ON_A, Newcomer.VIEWER, Set.of()));
    }

    @Test
    void viewersSitOnNoOriginAndSendersOnNoEdge() {
        var nodes = List.of(as(Duty.ORIGIN, node("a", "eu", IDLE)), as(Duty.EDGE, node("b", "eu", IDLE)));

        assertEquals(Optional.of(new ShardId("b", 0)), placement.forPerson(nodes, ON_A, Newcomer.VIEWER, Set.of()));
        assertEquals(Optional.of(new ShardId("a", 0)), placement.forPerson(nodes, ON_A, Newcomer.SENDER, Set.of()));
    }

    @Test
    void theOriginFollowsAClearMajorityAndDoesNotSwing() {
        var nodes = List.of(node("a", "eu", IDLE), node("c", "us", IDLE, IDLE));
        ShardId owner = new ShardId("a", 0);
        ShardId there = new ShardId("c", 1);

        assertEquals(Optional.of(there), placement.forOrigin(nodes, owner, Map.of(owner, 2, there, 3)));
        assertEquals(Optional.empty(), placement.forOrigin(nodes, owner, Map.of(owner, 5, there, 6)));
        assertEquals(Optional.empty(), placement.forOrigin(nodes, there, Map.of(owner, 5, there, 6)));
        assertEquals(Optional.empty(), placement.forOrigin(nodes, owner, Map.of(there, 3)), "too few to move for");
    }

    @Test
    void theOriginLeavesANodeThatDrainsOrIsGone() {
        NodeLoad drains = draining(node("a", "eu", IDLE));
        NodeLoad near = node("b", "eu", IDLE);
        NodeLoad far = node("c", "us", IDLE);
        ShardId owner = new ShardId("a", 0);

        assertEquals(
                Optional.of(new ShardId("b", 0)),
                placement.forOrigin(List.of(drains, near, far), owner, Map.of(owner, 3)));
        assertEquals(
                Optional.of(new ShardId("c", 0)), placement.forOrigin(List.of(drains, far), owner, Map.of(owner, 3)));
        assertEquals(
                Optional.of(new ShardId("c", 0)),
                placement.forOrigin(List.of(far), owner, Map.of(owner, 3, new ShardId("c", 0), 1)));
        assertEquals(Optional.empty(), placement.forOrigin(List.of(drains), owner, Map.of(owner, 3)), "nobody can");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aBurstByOldFiguresSpreadsOverTheRegion(long seed) {
        Placement drawing = new Placement(LIMITS, new Random(seed));
        List<NodeLoad> said = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            said.add(node("n" + n, "eu", new LoopLoad(n % 5, 0, 0)));
        }
        JoinsInFlight sent = new JoinsInFlight();
        Map<ShardId, Integer> got = new HashMap<>();

        for (int join = 0; join < 150; join++) {
            List<NodeLoad> seen = said.stream().map(sent::addTo).toList();
            ShardId shard = drawing.forPerson(seen, new Landing("x", "eu"), Newcomer.VIEWER, Set.of())
                    .orElseThrow();
            sent.sent(shard);
            got.merge(shard, 1, Integer::sum);
        }

        // 40 sat there, 150 came: 9.5 for each of 20.
        said.forEach(node -> {
            int now = node.loops().getFirst().people() + got.getOrDefault(new ShardId(node.node(), 0), 0);
            assertTrue(now >= 7 && now <= 12, "seed " + seed + ": " + node.node() + " has " + now);
        });
    }

    @Test
    void whomANodeCountsItselfIsNotCountedTwice() {
        NodeLoad said = node("a", "eu", new LoopLoad(4, 1, 0.1));
        JoinsInFlight sent = new JoinsInFlight();
        sent.sent(new ShardId("a", 0));
        assertEquals(2, sent.addTo(said).loops().getFirst().joinsInFlight());

        sent.heardOf("a");

        assertEquals(said, sent.addTo(said));
    }

    private static NodeLoad node(String name, String region, LoopLoad... loops) {
        return new NodeLoad(name, region, Duty.ANYTHING, false, 0, 1_000, Arrays.asList(loops));
    }

    private static NodeLoad rooms(NodeLoad node, int rooms) {
        return new NodeLoad(
                node.node(), node.region(), node.duty(), node.draining(), rooms, node.maxRooms(), node.loops());
    }

    private static NodeLoad draining(NodeLoad node) {
        return new NodeLoad(node.node(), node.region(), node.duty(), true, node.rooms(), node.maxRooms(), node.loops());
    }

    private static NodeLoad as(Duty duty, NodeLoad node) {
        return new NodeLoad(
                node.node(), node.region(), duty, node.draining(), node.rooms(), node.maxRooms(), node.loops());
    }
}
