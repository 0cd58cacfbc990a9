package dev.weir.cluster;

import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which shard owns which room. It is a directory and no lock: an entry may be out of date, and a shard that does not
 * know the room at that epoch says so. What this node's own shards own it knows by itself and at once; of the others it
 * asks the table that all nodes share. Safe for use from any thread.
 */
public final class Directory {
    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

    private final String node;
    private final List<ShardId> shards;
    private final int maxRooms;
    private final RoomTable table;
    private final Neighbours neighbours;
    private final LongSupplier clock;
    /** The rooms of this node's shards. */
    private final ConcurrentMap<String, RoomPlace> owned = new ConcurrentHashMap<>();
    /** Those that are being made, which count for the limit. Guarded by {@code owned}. */
    private final Map<String, Future<Optional<RoomPlace>>> beingMade = new HashMap<>();

    private final long started = System.nanoTime();
    private final AtomicLong epochs = new AtomicLong();
    /** People and joins in flight by shard, so that a burst of joins does not land on one. */
    private final AtomicIntegerArray load;

    /** Of a node that is alone. */
    public Directory(String node, int loops, int maxRooms) {
        this(node, loops, maxRooms, RoomTable.ALONE, Neighbours.NONE, () -> 0);
    }

    /**
     * @param node this node's name
     * @param loops its media event loops, 1 or more
     * @param maxRooms the most rooms this node takes
     * @param clock from which epochs rise: those of a room made anew are to be higher, whichever node makes it
     */
    Directory(String node, int loops, int maxRooms, RoomTable table, Neighbours neighbours, LongSupplier clock) {
        this.node = node;
        this.shards = IntStream.range(0, loops)
                .mapToObj(index -> new ShardId(node, index))
                .toList();
        this.maxRooms = maxRooms;
        this.table = table;
        this.neighbours = neighbours;
        this.clock = clock;
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

    /** Those of the other nodes. */
    public List<ShardId> shardsElsewhere() {
        return neighbours.shards();
    }

    /** Whether there is such a shard, here or elsewhere. */
    public boolean knows(ShardId shard) {
        return isOurs(shard) ? shard.index() < shards.size() : neighbours.have(shard);
    }

    /** Whether that node is a member now, even if it has said nothing of itself yet. */
    public boolean isThere(String name) {
        return name.equals(node) || neighbours.areThere(name);
    }

    /**
     * Whether that node was lost so short a while ago that its people may still come back. It may be there again by the
     * same name, as this one may be.
     */
    public boolean wasLostLately(String name) {
        return name.equals(node)
                ? System.nanoTime() - started <= Neighbours.LOST_NANOS
                : neighbours.wereLostLately(name);
    }

    private boolean isOurs(ShardId shard) {
        return shard.node().equals(node);
    }

    /** Answers at once for a room of this node. */
    public Future<Optional<RoomPlace>> find(String room) {
        RoomPlace known = owned.get(room);
        return known != null ? Future.succeededFuture(Optional.of(known)) : here(table.find(room));
    }

    /** The place of a room of this node. */
    public Optional<RoomPlace> owned(String room) {
        return Optional.ofNullable(owned.get(room));
    }

    /** Those who ask from an event loop are answered there, whoever comes by the answer. */
    private static <T> Future<T> here(Future<T> answer) {
        Context context = Vertx.currentContext();
        if (context == null || answer.isComplete()) {
            return answer;
        }
        Promise<T> promise = Promise.promise();
        answer.onComplete(result -> context.runOnContext(_ -> promise.handle(result)));
        return promise.future();
    }

    /** The room's place, made if there is none; empty when all nodes have as many rooms as they take. */
    public Future<Optional<RoomPlace>> findOrCreate(String room) {
        return makeHere(room)
                .compose(made -> made.isPresent() ? Future.succeededFuture(made) : here(neighbours.makeRoom(room)));
    }

    /** The room's place, made on this node if there is none; empty when it has as many rooms as it takes. */
    Future<Optional<RoomPlace>> makeHere(String room) {
        return find(room)
                .compose(found -> found.filter(this::isKept).isPresent()
                        ? Future.succeededFuture(found)
                        : here(make(room, found)));
    }

    /** Whether somebody may own the room there: not what this node has no memory of, as after a start by its old name. */
    private boolean isKept(RoomPlace place) {
        ShardId owner = place.ownerShard();
        return isOurs(owner) ? place.equals(owned.get(place.room())) : isThere(owner.node());
    }

    /** @param orphan the place at a node that is gone, and nobody else has taken the room over */
    private Future<Optional<RoomPlace>> make(String room, Optional<RoomPlace> orphan) {
        Promise<Optional<RoomPlace>> made = Promise.promise();
        // One maker at a time keeps the limit exact; a room is made once in its life.
        synchronized (owned) {
            RoomPlace known = owned.get(room);
            if (known != null) {
                return Future.succeededFuture(Optional.of(known));
            }
            Future<Optional<RoomPlace>> other = beingMade.get(room);
            if (other != null) {
                return other;
            }
            if (owned.size() + beingMade.size() >= maxRooms) {
                return Future.succeededFuture(Optional.empty());
            }
            beingMade.put(room, made.future());
        }
        RoomPlace place = new RoomPlace(room, ownerOf(room), leastLoaded(), epochAfter(orphan));
        enter(place, orphan).map(Optional::of).onComplete(entered -> {
            synchronized (owned) {
                beingMade.remove(room);
                if (entered.succeeded() && entered.result().get().equals(place)) {
                    owned.put(room, place);
                }
            }
            made.handle(entered);
        });
        return made.future();
    }

    private Future<RoomPlace> enter(RoomPlace place, Optional<RoomPlace> orphan) {
        if (orphan.isEmpty()) {
            return table.putIfAbsent(place);
        }
        return table.replace(orphan.get(), place)
                .compose(done -> done ? Future.succeededFuture(place) : table.putIfAbsent(place));
    }

    private long epochAfter(Optional<RoomPlace> orphan) {
        long least = Math.max(clock.getAsLong(), orphan.map(RoomPlace::epoch).orElse(0L) + 1);
        return epochs.updateAndGet(last -> Math.max(last + 1, least));
    }

    /** Takes the entry out if it still is this one. */
    public void remove(String room, long epoch) {
        RoomPlace place = owned.get(room);
        if (place != null && place.epoch() == epoch && owned.remove(room, place)) {
            table.remove(place);
        }
    }

    /** Writes this node's rooms into the table where they are not, as after its members lost it. Done now and then. */
    void announce() {
        owned.values().forEach(place -> table.find(place.room()).onSuccess(found -> announce(place, found)));
    }

    private void announce(RoomPlace place, Optional<RoomPlace> found) {
        if (found.filter(place::equals).isPresent() || !place.equals(owned.get(place.room()))) {
            return;
        }
        Future<?> written;
        if (found.isEmpty()) {
            written = table.putIfAbsent(place);
        } else if (beats(place, found.get())) {
            written = table.replace(found.get(), place);
        } else {
            // As after a split: both keep those whom they have, and newcomers go where they come in.
            LOG.warn("room={} is owned twice, here at {} and at {}", place.room(), place, found.get());
            return;
        }
        // It may have ended meanwhile, and nobody else would ever take it out.
        written.onSuccess(_ -> {
            if (!place.equals(owned.get(place.room()))) {
                table.remove(place);
            }
        });
    }

    /** The later one counts; of two at the same moment that of the node whose name comes first. */
    private static boolean beats(RoomPlace one, RoomPlace other) {
        return one.epoch() > other.epoch()
                || one.epoch() == other.epoch()
                        && one.ownerShard().node().compareTo(other.ownerShard().node()) < 0;
    }

    /** Counts people on a shard: +1 as one joins, -1 as he leaves. Other nodes count theirs. */
    public void addLoad(ShardId shard, int people) {
        if (isOurs(shard)) {
            load.addAndGet(shard.index(), people);
        }
    }

    /** People and joins in flight, on all shards of this node. */
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

    /** Those of this node. */
    public int rooms() {
        return owned.size();
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
