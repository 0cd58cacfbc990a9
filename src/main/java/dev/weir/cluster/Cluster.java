package dev.weir.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node as one of a cluster: the members, the event bus between them, and the directory that they share. */
public final class Cluster implements Neighbours {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private static final long ROUND_MS = 2_000;
    /** Between announcements of this node's rooms. */
    private static final long ANNOUNCE_MS = 5_000;

    /** A record is gone when its node has not written it for so many rounds, if its loss was not told before. */
    private static final long RECORD_SECONDS = 5 * ROUND_MS / 1_000;

    /** Nodes that are asked to make a room before it is refused: all of a small cluster, the emptiest of a large one. */
    private static final int MOST_ASKED = 16;

    private static final List<Class<?>> SEALED = List.of(RoomPlace.class, NodeRecord.class);

    private final ClusterSettings settings;
    private final HazelcastInstance hazelcast;
    private final Vertx vertx;
    private final Bus bus;
    private final Directory directory;
    private final SharedRooms table;
    private final SealedMap<NodeRecord> records;
    private final String member;
    /** The other nodes by their names. */
    private final Map<String, NodeRecord> others = new ConcurrentHashMap<>();

    /** When they were lost, of late. */
    private final Map<String, Long> lost = new ConcurrentHashMap<>();

    private Cluster(ClusterSettings settings, HazelcastInstance hazelcast, Vertx vertx, int loops, int maxRooms) {
        this.settings = settings;
        this.hazelcast = hazelcast;
        this.vertx = vertx;
        this.member = hazelcast.getCluster().getLocalMember().getAttribute(Member.VERTX_NODE);
        Wire wire = new Wire(Wire.VERSION, SEALED);
        ClusterSecret secret = settings.secret();
        this.records = new SealedMap<>(vertx, hazelcast, Member.NODES, secret, wire, NodeRecord.class);
        this.table = new SharedRooms(new SealedMap<>(vertx, hazelcast, Member.ROOMS, secret, wire, RoomPlace.class));
        this.bus = new Bus(vertx, settings.node());
        this.directory = new Directory(settings.node(), loops, maxRooms, table, this, System::currentTimeMillis);
        bus.serveRooms(directory::makeHere);
    }

    /**
     * Starts the member and then Vert.x upon it; blocks, for a few seconds.
     *
     * @param loops media event loops of this node
     */
    public static Cluster start(ClusterSettings settings, VertxOptions options, int loops, int maxRooms)
            throws InterruptedException {
        HazelcastInstance hazelcast = Member.start(settings);
        try {
            EventBusOptions bus = options.getEventBusOptions()
                    .setHost(settings.host())
                    .setPort(
                            hazelcast.getCluster().getLocalMember().getAddress().getPort()
                                    + ClusterSettings.BUS_PORT_OFFSET)
                    .setClusterPublicHost(settings.host())
                    .setClusterPingInterval(1_000)
                    .setClusterPingReplyInterval(1_000L * settings.detectionSeconds());
            if (!settings.secret().isNone()) {
                BusIdentity.of(settings.secret()).applyTo(bus);
            }
            Vertx vertx = Vertx.builder()
                    .with(options)
                    .withClusterManager(new HazelcastClusterManager(hazelcast))
                    .buildClustered()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            Cluster cluster = new Cluster(settings, hazelcast, vertx, loops, maxRooms);
            cluster.table
                    .forget(settings.node())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            return cluster;
        } catch (ExecutionException e) {
            hazelcast.shutdown();
            throw new IllegalStateException(e.getCause());
        }
    }

    /** What people get to come back with when their node is lost. */
    public Passports passports() {
        return new Passports(settings.secret());
    }

    public Vertx vertx() {
        return vertx;
    }

    public Bus bus() {
        return bus;
    }

    public Directory directory() {
        return directory;
    }

    /** What the other nodes last said of themselves, in the order of their names. */
    public List<NodeRecord> others() {
        return others.values().stream()
                .sorted(Comparator.comparing(NodeRecord::node))
                .toList();
    }

    /** Lets the others know of this node, now and every few seconds. Done when it is known, and knows them. */
    public Future<?> open(Supplier<ClusterSettings.Face> face, BooleanSupplier draining) {
        Pulse pulse = new Pulse(bus, directory, member, settings.region(), face, draining);
        hazelcast.getCluster().addMembershipListener(new Losses());
        return bus.reachable().compose(_ -> round(pulse)).onSuccess(_ -> {
            LOG.info("node {} is in the cluster, with {} others", settings.node(), others.size());
            vertx.setPeriodic(ANNOUNCE_MS, _ -> directory.announce());
            vertx.setPeriodic(ROUND_MS, _ -> round(pulse)
                    .onFailure(cause -> LOG.warn("the cluster's maps do not answer: {}", cause.toString())));
        });
    }

    private Future<?> round(Pulse pulse) {
        return pulse.next()
                .compose(record -> records.set(settings.node(), record, RECORD_SECONDS))
                .compose(_ -> records.all())
                .onSuccess(this::take);
    }

    /** What a lost node said last stays in the map for some seconds, and does not count. */
    private void take(Set<NodeRecord> all) {
        Set<String> members = hazelcast.getCluster().getMembers().stream()
                .map(it -> String.valueOf(it.getAttribute(Member.VERTX_NODE)))
                .collect(Collectors.toSet());
        Map<String, NodeRecord> now = new HashMap<>();
        all.stream()
                .filter(record -> !record.node().equals(settings.node()) && members.contains(record.member()))
                .forEach(record -> now.put(record.node(), record));
        now.forEach((node, record) -> {
            NodeRecord before = others.get(node);
            if (before != null && !before.member().equals(record.member())) {
                // It was faster back than its loss was noticed.
                lost(node);
            }
            if (others.put(node, record) == null) {
                LOG.info("node {} is there, at {}", node, record.addresses());
            }
        });
        others.keySet().stream()
                .filter(node -> !now.containsKey(node) && !areThere(node))
                .toList()
                .forEach(this::lost);
    }

    private void lost(String node) {
        if (others.remove(node) != null) {
            LOG.warn("node {} is gone", node);
            long now = System.nanoTime();
            lost.values().removeIf(at -> now - at > LOST_NANOS);
            lost.put(node, now);
            bus.tellLoss(node);
        }
    }

    @Override
    public boolean areThere(String node) {
        return hazelcast.getCluster().getMembers().stream().anyMatch(member -> node.equals(nameOf(member)));
    }

    /** Anything else that got into the cluster has no name. */
    private static String nameOf(com.hazelcast.cluster.Member member) {
        String start = member.getAttribute(Member.VERTX_NODE);
        return start == null ? "" : start.substring(0, Math.max(0, start.indexOf('.')));
    }

    @Override
    public boolean wereLostLately(String node) {
        Long at = lost.get(node);
        return at != null && System.nanoTime() - at <= LOST_NANOS;
    }

    @Override
    public boolean have(ShardId shard) {
        NodeRecord record = others.get(shard.node());
        return record != null && shard.index() < record.loops().size();
    }

    @Override
    public List<ShardId> shards() {
        return others().stream()
                .flatMap(record ->
                        IntStream.range(0, record.loops().size()).mapToObj(index -> new ShardId(record.node(), index)))
                .toList();
    }

    @Override
    public Future<Optional<RoomPlace>> makeRoom(String room) {
        Iterator<String> emptiestFirst = others.values().stream()
                .filter(NodeRecord::takesRooms)
                .sorted(Comparator.comparingDouble(record -> (double) record.rooms() / record.maxRooms()))
                .limit(MOST_ASKED)
                .map(NodeRecord::node)
                .iterator();
        return askForRoom(emptiestFirst, room);
    }

    /** Each knows its own limit exactly; the records may be seconds old. */
    private Future<Optional<RoomPlace>> askForRoom(Iterator<String> nodes, String room) {
        if (!nodes.hasNext()) {
            return Future.succeededFuture(Optional.empty());
        }
        return bus.askForRoom(nodes.next(), room)
                .otherwise(Optional.empty())
                .compose(made -> made.isPresent() ? Future.succeededFuture(made) : askForRoom(nodes, room));
    }

    /** Says farewell to the others and closes Vert.x; {@link #leave} is what is left to do. */
    public Future<?> close() {
        return records.delete(settings.node()).otherwiseEmpty().compose(_ -> vertx.close());
    }

    /** The member hands its share of the maps over and is gone. Blocks. */
    public void leave() {
        hazelcast.shutdown();
    }

    private final class Losses implements MembershipListener {
        @Override
        public void memberAdded(MembershipEvent event) {
            // Its record tells more, and comes within a round.
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            String gone = event.getMember().getAttribute(Member.VERTX_NODE);
            others.values().stream()
                    .filter(record -> record.member().equals(gone))
                    .map(NodeRecord::node)
                    .toList()
                    .forEach(Cluster.this::lost);
        }
    }
}
