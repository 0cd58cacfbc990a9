package dev.weir.cluster;

import dev.weir.signal.ShardId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Where rooms are created and where their people sit, decided from what the nodes last said of themselves. Near goes
 * before far: the node that was asked, then its region, then anywhere; and room before a crowd, but not at the price of
 * another region. Among equally good shards the room's own come first, so that a small room needs no relay link; beyond
 * that the lighter of two drawn at random, since many nodes decide at once from the same words, a few seconds old, and the lightest of all would get
 * all of a burst (Mitzenmacher, "The Power of Two Choices", 2001). A node that is full or draining is not considered.
 */
public final class Placement {
    /** Part of the people that draws a room's origin into their region; well above half, so that it does not swing. */
    static final double MAJORITY = 0.6;

    /** For fewer people an origin does not move: they come and go faster than it would pay. */
    static final int FEWEST_TO_MOVE_FOR = 4;

    private record Seat(ShardId shard, LoopLoad loop) {}

    private final PlacementLimits limits;
    private final RandomGenerator random;

    public Placement(PlacementLimits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    /** Where a new room's control machine sits; empty when every node has as many rooms as it takes, or no strength. */
    public Optional<ShardId> forRoom(Collection<NodeLoad> nodes, Landing landing) {
        return tiers(nodes, landing)
                .map(near -> seats(near.filter(NodeLoad::takesRooms)))
                .flatMap(near -> lighterOfTwo(near).stream())
                .findFirst();
    }

    /**
     * Where someone who wants into a room sits; empty when all nodes are full.
     *
     * @param ofRoom the shards that have people of this room
     */
    public Optional<ShardId> forPerson(
            Collection<NodeLoad> nodes, Landing landing, Newcomer newcomer, Set<ShardId> ofRoom) {
        Predicate<NodeLoad> taking = node -> node.takes(newcomer);
        Predicate<NodeLoad> own = node -> node.node().equals(landing.node());
        Predicate<NodeLoad> near = own.or(node -> node.region().equals(landing.region()));
        Predicate<Seat> hasRoom = seat -> limits.hasRoom(seat.loop());
        return pick(seats(nodes.stream().filter(taking.and(own))), hasRoom, ofRoom)
                .or(() -> roomOrCrowd(seats(nodes.stream().filter(taking.and(near))), hasRoom, ofRoom))
                .or(() -> roomOrCrowd(seats(nodes.stream().filter(taking)), hasRoom, ofRoom));
    }

    private Optional<ShardId> roomOrCrowd(List<Seat> seats, Predicate<Seat> hasRoom, Set<ShardId> ofRoom) {
        return pick(seats, hasRoom, ofRoom).or(() -> pick(seats, _ -> true, ofRoom));
    }

    /** One that the room has already, if any such will do. */
    private Optional<ShardId> pick(List<Seat> seats, Predicate<Seat> wish, Set<ShardId> ofRoom) {
        List<Seat> fitting = seats.stream().filter(wish).toList();
        return lighterOfTwo(fitting.stream()
                        .filter(seat -> ofRoom.contains(seat.shard()))
                        .toList())
                .or(() -> lighterOfTwo(fitting));
    }

    /**
     * Where a room's control machine should move to, if it should: to the region of most of its people, or away from a
     * node that is gone, drains or may not own rooms.
     *
     * @param people how many of the room sit on which shard
     */
    public Optional<ShardId> forOrigin(Collection<NodeLoad> nodes, ShardId owner, Map<ShardId, Integer> people) {
        Map<String, NodeLoad> byName = new HashMap<>();
        nodes.forEach(node -> byName.put(node.node(), node));
        NodeLoad home = byName.get(owner.node());
        boolean mustMove = home == null || home.draining() || home.duty() == Duty.EDGE;

        Map<String, Integer> byRegion = new HashMap<>();
        people.forEach((shard, count) -> {
            NodeLoad node = byName.get(shard.node());
            if (node != null) {
                byRegion.merge(node.region(), count, Integer::sum);
            }
        });
        int all = byRegion.values().stream().mapToInt(Integer::intValue).sum();
        Optional<String> most = byRegion.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
        boolean drawn = home != null
                && most.isPresent()
                && !most.get().equals(home.region())
                && all >= FEWEST_TO_MOVE_FOR
                && byRegion.get(most.get()) >= MAJORITY * all;
        if (!mustMove && !drawn) {
            return Optional.empty();
        }
        String region = most.orElseGet(() -> home == null ? "" : home.region());
        Stream<Predicate<NodeLoad>> nearest = mustMove
                ? Stream.of(node -> node.region().equals(region), node -> !node.region()
                        .equals(region))
                : Stream.of(node -> node.region().equals(region));
        return nearest.map(near -> seats(nodes.stream().filter(near).filter(NodeLoad::takesRooms)))
                .flatMap(near -> mostPeople(near, people).or(() -> lighterOfTwo(near)).stream())
                .findFirst();
    }

    /** The nodes by nearness; each tier is looked at only when those before it have no seat. */
    private static Stream<Stream<NodeLoad>> tiers(Collection<NodeLoad> nodes, Landing landing) {
        Predicate<NodeLoad> own = node -> node.node().equals(landing.node());
        Predicate<NodeLoad> sameRegion = node -> node.region().equals(landing.region());
        return Stream.of(own, own.negate().and(sameRegion), own.or(sameRegion).negate())
                .map(tier -> nodes.stream().filter(tier));
    }

    private List<Seat> seats(Stream<NodeLoad> nodes) {
        List<Seat> seats = new ArrayList<>();
        nodes.forEach(node -> {
            for (int index = 0; index < node.loops().size(); index++) {
                LoopLoad loop = node.loops().get(index);
                if (!limits.isFull(loop)) {
                    seats.add(new Seat(new ShardId(node.node(), index), loop));
                }
            }
        });
        return seats;
    }

    private Optional<ShardId> lighterOfTwo(List<Seat> seats) {
        if (seats.size() < 2) {
            return seats.stream().map(Seat::shard).findFirst();
        }
        int first = random.nextInt(seats.size());
        int second = (first + 1 + random.nextInt(seats.size() - 1)) % seats.size();
        Seat one = seats.get(first);
        Seat other = seats.get(second);
        return Optional.of(limits.weight(one.loop()) <= limits.weight(other.loop()) ? one.shard() : other.shard());
    }

    private static Optional<ShardId> mostPeople(List<Seat> seats, Map<ShardId, Integer> people) {
        return seats.stream()
                .map(Seat::shard)
                .filter(people::containsKey)
                .max(Comparator.comparing((ShardId shard) -> people.get(shard))
                        .thenComparing(Comparator.reverseOrder()));
    }
}
