package dev.weir.cluster;

import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardId;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Which shard owns which room. It is a directory and no lock: an entry may be out of date, and a shard that does not
 * know the room at that epoch says so. Safe for use from any thread.
 */
public final class Directory {
    private final String node;
    private final List<ShardId> shards;
    private final int maxRooms;
    private final ConcurrentMap<String, RoomPlace> places = new ConcurrentHashMap<>();
    private final AtomicLong epochs = new AtomicLong();
    /** People and joins in flight by shard, so that a burst of joins does not land on one. */
    private final AtomicIntegerArray load;

    /**
     * @param node this node's name
     * @param loops its media event loops, 1 or more
     * @param maxRooms the most rooms this node takes
     */
    public Directory(String node, int loops, int maxRooms) {
        this.node = node;
        this.shards = IntStream.range(0, loops)
                .mapToObj(index -> new ShardId(node, index))
                .toList();
        this.maxRooms = maxRooms;
        this.load = new AtomicIntegerArray(loops);
    }

    /** A name for a node that was given none, by 64 random bits. */
    public static String newNode(SecureRandom random) {
        return HexFormat.of().toHexDigits(random.nextLong());
    }

    /** This node's name. */
    public String node() {
        return node;
    }

    /** This node's shards. */
    public List<ShardId> shards() {
        return shards;
    }

    /** Whether there is such a shard. */
    public boolean knows(ShardId shard) {
        return shard.node().equals(node) && shard.index() < shards.size();
    }

    public Future<Optional<RoomPlace>> find(String room) {
        return Future.succeededFuture(Optional.ofNullable(places.get(room)));
    }

    /** The room's place, made if there is none; empty when the node has as many rooms as it takes. */
    public Future<Optional<RoomPlace>> findOrCreate(String room) {
        RoomPlace known = places.get(room);
        if (known != null) {
            return Future.succeededFuture(Optional.of(known));
        }
        // One creator at a time keeps the limit exact; a room is created once in its life, so nobody waits long.
        synchronized (places) {
            RoomPlace place = places.get(room);
            if (place == null && places.size() < maxRooms) {
                place = new RoomPlace(room, ownerOf(room), leastLoaded(), epochs.incrementAndGet());
                places.put(room, place);
            }
            return Future.succeededFuture(Optional.ofNullable(place));
        }
    }

    /** Takes the entry out if it still is this one. */
    public void remove(String room, long epoch) {
        places.computeIfPresent(room, (name, place) -> place.epoch() == epoch ? null : place);
    }

    /** Counts people on a shard: +1 as one joins, -1 as he leaves. */
    public void addLoad(ShardId shard, int people) {
        load.addAndGet(shard.index(), people);
    }

    /** People and joins in flight, on all shards. */
    public int load() {
        int sum = 0;
        for (int shard = 0; shard < shards.size(); shard++) {
            sum += load.get(shard);
        }
        return sum;
    }

    public int maxRooms() {
        return maxRooms;
    }

    public int rooms() {
        return places.size();
    }

    /** Rendezvous hashing: the owner does not depend on who is there, only on the name and the number of shards. */
    private ShardId ownerOf(String room) {
        int best = 0;
        long bestScore = Long.MIN_VALUE;
        for (int shard = 0; shard < shards.size(); shard++) {
            long score = mix(room.hashCode() * 31L + shard);
            if (score > bestScore) {
                best = shard;
                bestScore = score;
            }
        }
        return shards.get(best);
    }

    private ShardId leastLoaded() {
        int best = 0;
        for (int shard = 1; shard < shards.size(); shard++) {
            if (load.get(shard) < load.get(best)) {
                best = shard;
            }
        }
        return shards.get(best);
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
