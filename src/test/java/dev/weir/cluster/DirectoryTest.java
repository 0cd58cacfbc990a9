package dev.weir.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class DirectoryTest {
    @Test
    void aRoomIsMadeOnceAndFoundAfterwards() {
        Directory directory = new Directory("here", 4, 10);
        assertEquals(Optional.empty(), directory.find("a").result());

        RoomPlace place = directory.findOrCreate("a").result().orElseThrow();

        assertEquals(Optional.of(place), directory.findOrCreate("a").result());
        assertEquals(Optional.of(place), directory.find("a").result());
        assertEquals(1, directory.rooms());
    }

    @Test
    void aRoomBeyondTheLimitIsRefusedAndKnownOnesAreNot() {
        Directory directory = new Directory("here", 1, 2);
        directory.findOrCreate("a");
        directory.findOrCreate("b");

        assertEquals(Optional.empty(), directory.findOrCreate("c").result());
        assertTrue(directory.findOrCreate("a").result().isPresent());
        directory.remove("a", directory.find("a").result().orElseThrow().epoch());
        assertTrue(directory.findOrCreate("c").result().isPresent());
    }

    @Test
    void aStaleEpochRemovesNothing() {
        Directory directory = new Directory("here", 1, 2);
        long first = directory.findOrCreate("a").result().orElseThrow().epoch();
        directory.remove("a", first);
        RoomPlace second = directory.findOrCreate("a").result().orElseThrow();

        directory.remove("a", first);

        assertTrue(second.epoch() > first);
        assertEquals(Optional.of(second), directory.find("a").result());
    }

    @Test
    void theOwnerDependsOnTheNameAndRoomsSpreadOverShards() {
        Directory one = new Directory("here", 4, 1_000);
        Directory other = new Directory("here", 4, 1_000);
        int[] owned = new int[4];
        for (int i = 0; i < 1_000; i++) {
            ShardId owner = one.findOrCreate("room " + i).result().orElseThrow().ownerShard();
            assertEquals(
                    owner,
                    other.findOrCreate("room " + i).result().orElseThrow().ownerShard());
            owned[owner.index()]++;
        }

        for (int shard = 0; shard < 4; shard++) {
            assertTrue(owned[shard] > 180, "of 1000 rooms shard " + shard + " owns " + owned[shard]);
        }
    }

    @Test
    void peopleSitWhereTheFewestAre() {
        Directory directory = new Directory("here", 3, 10);
        directory.addLoad(new ShardId("here", 0), 5);
        directory.addLoad(new ShardId("here", 1), 2);
        directory.addLoad(new ShardId("here", 2), 3);

        assertEquals(
                1,
                directory.findOrCreate("a").result().orElseThrow().mediaShard().index());
        directory.addLoad(new ShardId("here", 1), 2);
        assertEquals(
                2,
                directory.findOrCreate("b").result().orElseThrow().mediaShard().index());
    }

    @Test
    void racingThreadsNeverPassTheLimitAndAgreeOnEachRoom() throws Exception {
        for (int round = 0; round < 50; round++) {
            Directory directory = new Directory("here", 4, 20);
            List<Set<RoomPlace>> seen = race(8, () -> {
                Set<RoomPlace> places = new HashSet<>();
                for (int i = 0; i < 40; i++) {
                    made(directory, "room " + i).ifPresent(places::add);
                }
                return places;
            });

            Set<RoomPlace> all = new HashSet<>();
            seen.forEach(all::addAll);
            assertEquals(20, directory.rooms());
            assertEquals(20, all.size(), "one place for each room, whoever asked");
            assertEquals(20, all.stream().map(RoomPlace::epoch).distinct().count());
        }
    }

    @Test
    void racingCreatorsAndRemoversKeepTheCount() throws Exception {
        Directory directory = new Directory("here", 4, 5);
        race(4, () -> {
            for (int i = 0; i < 20_000; i++) {
                String name = "room " + i % 7;
                made(directory, name).ifPresent(place -> directory.remove(name, place.epoch()));
                assertTrue(directory.rooms() <= 5);
            }
            return null;
        });

        assertEquals(0, directory.rooms());
    }

    @Test
    void nodesThatShareATableMakeARoomOnce() throws Exception {
        SharedTable table = new SharedTable();
        Directory one = new Directory("one", 2, 100, table, table.others("one"), () -> 1_000);
        Directory two = new Directory("two", 2, 100, table, table.others("two"), () -> 1_000);
        table.join(one, two);

        List<Set<RoomPlace>> seen = race(2, new Callable<>() {
            private final java.util.concurrent.atomic.AtomicInteger next =
                    new java.util.concurrent.atomic.AtomicInteger();

            @Override
            public Set<RoomPlace> call() {
                Directory mine = next.getAndIncrement() == 0 ? one : two;
                Set<RoomPlace> places = new HashSet<>();
                for (int i = 0; i < 80; i++) {
                    places.add(made(mine, "room " + i).orElseThrow());
                }
                return places;
            }
        });

        assertEquals(seen.get(0), seen.get(1));
        assertEquals(80, one.rooms() + two.rooms());
    }

    @Test
    void theRoomBeyondTheLimitGoesToANodeThatHasRoomUntilAllAreFull() {
        SharedTable table = new SharedTable();
        Directory one = new Directory("one", 1, 2, table, table.others("one"), () -> 1_000);
        Directory two = new Directory("two", 1, 3, table, table.others("two"), () -> 1_000);
        table.join(one, two);
        for (int i = 0; i < 5; i++) {
            assertTrue(one.findOrCreate("room " + i).result().isPresent());
        }

        assertEquals(2, one.rooms());
        assertEquals(3, two.rooms());
        assertEquals(Optional.empty(), one.findOrCreate("one more").result());
        assertEquals(Optional.empty(), two.findOrCreate("one more").result());
        two.remove("room 4", two.find("room 4").result().orElseThrow().epoch());
        assertEquals(
                "two",
                one.findOrCreate("one more").result().orElseThrow().ownerShard().node());
    }

    @Test
    void aRoomOfANodeThatIsGoneIsMadeAnewAtAHigherEpoch() {
        SharedTable table = new SharedTable();
        Directory one = new Directory("one", 1, 2, table, table.others("one"), () -> 1_000);
        Directory two = new Directory("two", 1, 2, table, table.others("two"), () -> 7);
        table.join(one, two);
        RoomPlace before = one.findOrCreate("a").result().orElseThrow();
        table.leave(one);

        RoomPlace after = two.findOrCreate("a").result().orElseThrow();

        assertEquals("two", after.ownerShard().node());
        assertEquals(before.epoch() + 1, after.epoch());
        assertEquals(Optional.of(after), two.find("a").result());
    }

    @Test
    void announcementsHealALostTableAndLowerEpochsLose() {
        SharedTable table = new SharedTable();
        Directory one = new Directory("one", 1, 9, table, table.others("one"), () -> 1_000);
        Directory two = new Directory("two", 1, 9, table, table.others("two"), () -> 2_000);
        RoomPlace a = one.findOrCreate("a").result().orElseThrow();
        RoomPlace stale = one.findOrCreate("b").result().orElseThrow();
        table.places.clear();
        RoomPlace b = two.findOrCreate("b").result().orElseThrow();
        table.places.put("b", stale);

        one.announce();
        assertEquals(a, table.places.get("a"));
        assertEquals(stale, table.places.get("b"));
        two.announce();
        assertEquals(b, table.places.get("b"));
        one.announce();
        assertEquals(b, table.places.get("b"));
        one.remove("b", stale.epoch());
        assertEquals(b, table.places.get("b"));
    }

    /** What several nodes of one process share, in place of Hazelcast. */
    private static final class SharedTable implements RoomTable {
        private final java.util.Map<String, RoomPlace> places = new java.util.concurrent.ConcurrentHashMap<>();
        private final List<Directory> nodes = new ArrayList<>();

        void join(Directory... all) {
            nodes.addAll(List.of(all));
        }

        void leave(Directory node) {
            nodes.remove(node);
        }

        Neighbours others(String own) {
            return new Neighbours() {
                @Override
                public boolean have(ShardId shard) {
                    return nodes.stream().anyMatch(node -> node.node().equals(shard.node()));
                }

                @Override
                public boolean areThere(String name) {
                    return nodes.stream().anyMatch(node -> node.node().equals(name));
                }

                @Override
                public boolean wereLostLately(String name) {
                    return false;
                }

                @Override
                public List<ShardId> shards() {
                    return List.of();
                }

                @Override
                public Future<Optional<RoomPlace>> makeRoom(String room) {
                    return Future.succeededFuture(nodes.stream()
                            .filter(node -> !node.node().equals(own))
                            .flatMap(node -> node.makeHere(room).result().stream())
                            .findFirst());
                }
            };
        }

        @Override
        public Future<Optional<RoomPlace>> find(String room) {
            return Future.succeededFuture(Optional.ofNullable(places.get(room)));
        }

        @Override
        public Future<RoomPlace> putIfAbsent(RoomPlace place) {
            RoomPlace known = places.putIfAbsent(place.room(), place);
            return Future.succeededFuture(known == null ? place : known);
        }

        @Override
        public Future<Boolean> replace(RoomPlace before, RoomPlace after) {
            return Future.succeededFuture(places.replace(before.room(), before, after));
        }

        @Override
        public Future<?> remove(RoomPlace place) {
            return Future.succeededFuture(places.remove(place.room(), place));
        }
    }

    /** When another thread makes the same room, his result is waited for. */
    private static Optional<RoomPlace> made(Directory directory, String room) {
        return directory
                .findOrCreate(room)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private static <T> List<T> race(int threads, Callable<T> each) throws Exception {
        CountDownLatch start = new CountDownLatch(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<java.util.concurrent.Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(() -> {
                    start.countDown();
                    start.await();
                    return each.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (java.util.concurrent.Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
