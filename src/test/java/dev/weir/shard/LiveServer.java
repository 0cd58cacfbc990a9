package dev.weir.shard;

import dev.weir.cluster.Bus;
import dev.weir.cluster.Desk;
import dev.weir.cluster.Directory;
import dev.weir.dtls.DtlsCertificate;
import dev.weir.peer.RunLimits;
import dev.weir.room.RoomTimes;
import dev.weir.signal.Capabilities;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.Measure;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Source;
import dev.weir.signal.ToSocket;
import dev.weir.srtp.CryptoChoice;
import dev.weir.srtp.PacketCrypto;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Real shards on real event loops and sockets; the test is the signaling verticle. */
final class LiveServer implements AutoCloseable {
    private static final long STORE_BYTES = 64L << 20;
    private static final int PATIENCE_SECONDS = 10;

    final Vertx vertx;
    final Bus bus;
    final Directory directory;
    final int shards;
    private final List<String> deployments = new ArrayList<>();
    private final Map<String, List<ToSocket>> told = new ConcurrentHashMap<>();
    private final Map<String, String> socketIds = new ConcurrentHashMap<>();
    private final Context signaling;
    private final Desk desk;

    /** On any free ports. */
    LiveServer(int shards) throws Exception {
        this(shards, 0);
    }

    LiveServer(int shards, int udpPort) throws Exception {
        this.shards = shards;
        vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(shards));
        bus = new Bus(vertx);
        signaling = vertx.getOrCreateContext();
        desk = onSignaling(bus::openDesk);
        directory = new Directory("here", shards, 1_000);
        SecureRandom random = new SecureRandom();
        ShardSettings settings = new ShardSettings(
                udpPort,
                List.of(),
                DtlsCertificate.generate(random),
                random,
                PacketCrypto.choose(CryptoChoice.AUTO, Optional.empty()),
                HandshakeTurns.ofMachine(),
                RunLimits.DEFAULT,
                STORE_BYTES,
                RoomTimes.DEFAULT);
        try {
            for (ShardId shard : directory.shards()) {
                deployments.add(await(vertx.deployVerticle(new Shard(shard, settings, bus, directory))));
            }
        } catch (Exception failed) {
            await(vertx.close());
            throw failed;
        }
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    RoomPlace place(String room) throws Exception {
        return await(directory.findOrCreate(room)).orElseThrow();
    }

    private <T> T onSignaling(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        signaling.runOnContext(_ -> {
            try {
                done.complete(task.call());
            } catch (Exception failed) {
                done.completeExceptionally(failed);
            }
        });
        return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** @param name of who joins, and of his socket to the test */
    ShardAnswer.Joined join(RoomPlace place, String name) throws Exception {
        List<ToSocket> messages = new CopyOnWriteArrayList<>();
        told.put(name, messages);
        String socketId = onSignaling(() -> desk.open(messages::add));
        socketIds.put(name, socketId);
        ShardRequest.Join join = new ShardRequest.Join(
                place, RoomOptions.defaults(place.room()), socketId, Identity.OPEN, name, Capabilities.UNKNOWN, null);
        return (ShardAnswer.Joined) ask(place.mediaShard(), join);
    }

    ShardAnswer ask(ShardId shard, ShardRequest request) throws Exception {
        return await(bus.ask(shard, request));
    }

    /** What a session's socket was told so far. */
    List<ToSocket> told(String name) {
        return told.getOrDefault(name, List.of());
    }

    /** A socket is closed. */
    void forget(String name) throws Exception {
        String socketId = socketIds.remove(name);
        onSignaling(() -> {
            desk.close(socketId);
            return true;
        });
        told.remove(name);
    }

    /** The ids of the cameras of all others in a room, as one participant was told of them. */
    List<String> cameras(ShardAnswer.Joined joined, String name) {
        List<String> cameras = new ArrayList<>();
        joined.snapshot().tracks().stream()
                .filter(track -> track.source() == Source.CAMERA)
                .forEach(track -> cameras.add(track.trackId()));
        for (ToSocket message : told(name)) {
            if (message instanceof ToSocket.Deliver deliver
                    && deliver.event() instanceof Event.TrackPublish(var track)
                    && track.source() == Source.CAMERA) {
                cameras.add(track.trackId());
            }
        }
        return cameras;
    }

    /** All shards' drops, by the label of the reason. */
    Map<String, Long> drops() throws Exception {
        return measured("weir_dropped_total", "reason");
    }

    /** One metric of all shards, by one label's values; what is 0 is not there. */
    Map<String, Long> measured(String name, String label) throws Exception {
        Map<String, Long> sums = new TreeMap<>();
        for (ShardId shard : directory.shards()) {
            ShardAnswer.Measured measured = (ShardAnswer.Measured) ask(shard, new ShardRequest.Measures());
            for (Measure measure : measured.measures()) {
                if (measure.name().equals(name)) {
                    sums.merge(measure.labels().getOrDefault(label, ""), (long) value(measure), Long::sum);
                }
            }
        }
        sums.values().removeIf(sum -> sum == 0);
        return sums;
    }

    /** Asks again and again until the answer is the one wanted. */
    static <T> void awaitMeasure(String what, Callable<T> question, T wanted) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        T answer = question.call();
        while (!answer.equals(wanted)) {
            if (System.nanoTime() > until) {
                throw new AssertionError(what + ": " + answer + " instead of " + wanted);
            }
            answer = question.call();
        }
    }

    /** Stops the shards, and leaves the loops. */
    void undeploy() throws Exception {
        for (String deployment : deployments) {
            await(vertx.undeploy(deployment));
        }
        deployments.clear();
    }

    @Override
    public void close() {
        try {
            await(vertx.close());
        } catch (Exception e) {
            throw new AssertionError("the server did not stop", e);
        }
    }

    private static double value(Measure measure) {
        return switch (measure) {
            case Measure.Counter counter -> counter.value();
            case Measure.Gauge gauge -> gauge.value();
            case Measure.Histogram histogram -> histogram.sum();
        };
    }
}
