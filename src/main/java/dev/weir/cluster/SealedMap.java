package dev.weir.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Hazelcast map of records that only those who know the cluster's secret can read, write or find. What cannot be
 * unsealed is not there, and said once. No call blocks: what Hazelcast has no promise for runs on a worker thread.
 */
final class SealedMap<T extends Record> {
    /** A value and the bytes that stand for it, by which it is replaced. */
    record Entry<T>(T value, byte[] bytes) {}

    private final Vertx vertx;
    private final String name;
    private final IMap<String, byte[]> map;
    private final ClusterSecret secret;
    private final Wire wire;
    private final Class<T> type;
    private final Complaints complaints = new Complaints();

    SealedMap(Vertx vertx, HazelcastInstance hazelcast, String name, ClusterSecret secret, Wire wire, Class<T> type) {
        this.vertx = vertx;
        this.name = name;
        this.map = hazelcast.getMap(name);
        this.secret = secret;
        this.wire = wire;
        this.type = type;
    }

    Future<Optional<Entry<T>>> get(String key) {
        String hidden = secret.name(name, key);
        return Future.fromCompletionStage(map.getAsync(hidden)).map(bytes -> open(hidden, bytes));
    }

    /** Overwrites; gone after that time unless it is set again. */
    Future<Void> set(String key, T value, long ttlSeconds) {
        String hidden = secret.name(name, key);
        return Future.fromCompletionStage(map.setAsync(hidden, seal(hidden, value), ttlSeconds, TimeUnit.SECONDS));
    }

    /** @return what stands now: this value or another */
    Future<T> putIfAbsent(String key, T value) {
        String hidden = secret.name(name, key);
        byte[] bytes = seal(hidden, value);
        return worker(() -> {
            byte[] known = map.putIfAbsent(hidden, bytes);
            Optional<Entry<T>> there = open(hidden, known);
            if (known != null && there.isEmpty()) {
                // Garbage in the place of ours, by somebody who got as far as the map but not to the secret.
                map.replace(hidden, known, bytes);
            }
            return there.map(Entry::value).orElse(value);
        });
    }

    /** @param before as it was read, with its bytes */
    Future<Boolean> replace(String key, Entry<T> before, T after) {
        String hidden = secret.name(name, key);
        byte[] bytes = seal(hidden, after);
        return worker(() -> map.replace(hidden, before.bytes(), bytes));
    }

    Future<Boolean> remove(String key, Entry<T> entry) {
        String hidden = secret.name(name, key);
        return worker(() -> map.remove(hidden, entry.bytes()));
    }

    Future<?> delete(String key) {
        return Future.fromCompletionStage(map.removeAsync(secret.name(name, key)));
    }

    Future<Set<T>> all() {
        return worker(() -> map.entrySet().stream()
                .flatMap(entry -> open(entry.getKey(), entry.getValue()).stream())
                .map(Entry::value)
                .collect(Collectors.toSet()));
    }

    private <R> Future<R> worker(java.util.concurrent.Callable<R> call) {
        return vertx.executeBlocking(call, false);
    }

    private byte[] seal(String hidden, T value) {
        return secret.seal(name + "/" + hidden, wire.write(value));
    }

    private Optional<Entry<T>> open(String hidden, byte[] bytes) {
        if (bytes == null) {
            return Optional.empty();
        }
        Optional<byte[]> plain = secret.unseal(name + "/" + hidden, bytes);
        if (plain.isEmpty()) {
            complaints.about(name, "an entry that is not bytes by this cluster's secret");
            return Optional.empty();
        }
        try {
            return Optional.of(new Entry<>(type.cast(wire.read(plain.get())), Arrays.copyOf(bytes, bytes.length)));
        } catch (WireRefusal refusal) {
            complaints.about(name, refusal.getMessage());
            return Optional.empty();
        }
    }
}
