package dev.weir.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
                    directory.findOrCreate("room " + i).result().ifPresent(places::add);
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
                directory.findOrCreate(name).result().ifPresent(place -> directory.remove(name, place.epoch()));
                assertTrue(directory.rooms() <= 5);
            }
            return null;
        });

        assertEquals(0, directory.rooms());
    }

    private static <T> List<T> race(int threads, Callable<T> each) throws Exception {
        CountDownLatch start = new CountDownLatch(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(() -> {
                    start.countDown();
                    start.await();
                    return each.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
