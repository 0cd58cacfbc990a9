package dev.weir.shard;

import dev.weir.client.ClientPlan;
import dev.weir.dtls.DtlsCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Drives clients by the wall clock over real sockets, all on one thread, which owns them. */
final class LiveClients implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long LOOK_MS = 5;

    private record Wait(BooleanSupplier condition, CompletableFuture<Void> met) {}

    final SecureRandom random = new SecureRandom();
    final DtlsCertificate certificate = DtlsCertificate.generate(random);

    private final LiveServer server;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<LiveClient> clients = new ArrayList<>();
    private final List<Wait> waits = new ArrayList<>();
    private final long origin = System.nanoTime();
    private final Thread thread;
    private boolean closing;

    LiveClients(LiveServer server) throws IOException {
        this.server = server;
        selector = Selector.open();
        thread = Thread.ofPlatform().daemon().name("live-clients").start(this::loop);
    }

    /** Joins and negotiates; the connection comes up by and by. */
    LiveClient join(String room, String name, ClientPlan plan) throws Exception {
        LiveClient client = new LiveClient(this, server, room, name, plan);
        on(() -> {
            client.open(selector);
            clients.add(client);
            return null;
        });
        client.negotiate();
        return client;
    }

    /** Runs something on the clients' thread and returns what it returns. */
    <T> T on(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        submit(() -> {
            try {
                done.complete(task.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for something to be so, looked at on the clients' thread. */
    void await(String what, BooleanSupplier condition) throws Exception {
        await(what, PATIENCE, condition);
    }

    void await(String what, Duration patience, BooleanSupplier condition) throws Exception {
        CompletableFuture<Void> met = new CompletableFuture<>();
        submit(() -> waits.add(new Wait(condition, met)));
        try {
            met.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("it did not come to this: " + what, e);
        }
    }

    /** Lets the call go on for a while. */
    void goOn(Duration duration) throws Exception {
        long until = System.nanoTime() + duration.toNanos();
        await("time goes on", duration.plus(PATIENCE), () -> System.nanoTime() >= until);
    }

    /** Any thread. */
    void submit(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    long now() {
        return System.nanoTime() - origin;
    }

    /** He is forgotten here; what the server does with him is another matter. */
    void forget(LiveClient client) throws Exception {
        on(() -> {
            client.close();
            // A selector keeps a closed channel's descriptor until it looks again.
            selector.selectNow();
            return clients.remove(client);
        });
    }

    @Override
    public void close() {
        submit(() -> closing = true);
        try {
            thread.join(PATIENCE);
            selector.close();
        } catch (InterruptedException | IOException e) {
            throw new AssertionError("the clients did not stop", e);
        }
    }

    private void loop() {
        try {
            while (!closing) {
                turn();
            }
            clients.forEach(LiveClient::close);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void turn() throws IOException {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        long next = now() + LOOK_MS * 1_000_000;
        for (LiveClient client : clients) {
            next = Math.min(next, client.machine().nextTimeout());
        }
        long waitMs = (next - now()) / 1_000_000;
        if (waitMs > 0) {
            selector.select(waitMs);
        } else {
            selector.selectNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
            ((LiveClient) key.attachment()).read(now());
        }
        selector.selectedKeys().clear();
        for (LiveClient client : clients) {
            if (now() >= client.machine().nextTimeout()) {
                client.machine().onTimeout(now());
            }
        }
        waits.removeIf(wait -> wait.condition().getAsBoolean() && wait.met().complete(null));
    }
}
