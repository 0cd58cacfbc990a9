package dev.weir.load;

import dev.weir.dtls.DtlsCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * One run of the generator, on the calling thread: everybody joins, a while passes, then follows the phase that is
 * measured.
 */
public final class Load {
    private static final long SECOND_MS = 1_000;

    /** What is on its way when the measured phase ends may still come, by retransmission too. */
    private static final long GRACE_MS = 1_000;

    /** More than a client's own patience. */
    private static final long SETTLE_MS = 40_000;

    private static final long LOOK_MS = 20;
    private static final long GOODBYE_MS = 300;
    private static final long ANSWER_SECONDS = 20;
    private static final int METRICS_ATTEMPTS = 3;

    /** More than the server itself waits for its slowest shard. */
    private static final long METRICS_SECONDS = 6;

    private final LoadPlan plan;
    private final PrintWriter progress;
    private final Vertx vertx;
    private final List<LoadLoop> loops = new ArrayList<>();
    private int joined;

    private Load(LoadPlan plan, PrintWriter progress) {
        this.plan = plan;
        this.progress = progress;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(plan.course().loops()));
    }

    /**
     * Runs it from beginning to end.
     *
     * @param progress gets a line where something begins
     * @throws UnknownHostException where the server's name does not resolve
     */
    public static LoadResult run(LoadPlan plan, PrintWriter progress)
            throws UnknownHostException, InterruptedException {
        InetAddress server = InetAddress.getByName(plan.target().server().getHost());
        Load load = new Load(plan, progress);
        try {
            load.deploy(server);
            return load.measure();
        } finally {
            load.close();
        }
    }

    private void deploy(InetAddress server) throws InterruptedException {
        SecureRandom random = new SecureRandom();
        LoadLoop.Common common = new LoadLoop.Common(
                plan, random.nextInt(), DtlsCertificate.generate(random), random, server, random.nextLong());
        for (int i = 0; i < plan.course().loops(); i++) {
            LoadLoop loop = new LoadLoop(common, i);
            loops.add(loop);
            await(vertx.deployVerticle(loop).toCompletionStage().toCompletableFuture());
        }
    }

    private LoadResult measure() throws InterruptedException {
        Cast cast = Cast.of(plan);
        Reading atStart = reading();
        say(cast.senders().size() + " senders and " + cast.viewers().size() + " viewers join, "
                + plan.people().joinsPerSecond() + " a second");
        join(cast.senders());
        join(cast.viewers());
        Reading joinedAt = reading();
        JoinResult joins = JoinResult.of(clients(), atStart, joinedAt);
        say(joins.connected() + " of " + joins.attempted() + " are connected; measuring in "
                + plan.course().warmupSeconds() + " s, for " + plan.course().durationSeconds() + " s");
        Thread.sleep(plan.course().warmupSeconds() * SECOND_MS);
        all(loop -> {
            loop.clients().forEach(client -> client.media().openWindow());
            loop.stir(true);
            return loop.takeTally();
        });
        Reading begin = reading();
        Thread.sleep(plan.course().durationSeconds() * SECOND_MS);
        Reading end = reading();
        Tally tally = new Tally();
        all(loop -> {
                    loop.stir(false);
                    loop.clients().forEach(client -> client.media().closeWindow());
                    return loop.takeTally();
                })
                .forEach(tally::add);
        Thread.sleep(GRACE_MS);
        all(loop -> {
                    Tally ofSlots = new Tally();
                    loop.clients().forEach(client -> client.media().countWindow(ofSlots));
                    return ofSlots;
                })
                .forEach(tally::add);
        settle();
        // Once more, for those who were lost on the way and those whose media came late.
        JoinResult whole = JoinResult.of(clients(), atStart, joinedAt);
        return LoadResult.of(plan, whole, tally, begin, end, clients());
    }

    /** At the rate that was asked for; waits until the last one is connected or has failed. */
    private void join(List<Part> parts) throws InterruptedException {
        long began = System.nanoTime();
        long spacing = TimeUnit.SECONDS.toNanos(1) / plan.people().joinsPerSecond();
        for (int i = 0; i < parts.size(); i++) {
            long wait = began + i * spacing - System.nanoTime();
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
            Part part = parts.get(i);
            LoadLoop loop = loops.get(joined++ % loops.size());
            loop.execute(() -> loop.join(part));
        }
        settle();
    }

    private void settle() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MS);
        while (System.nanoTime() < until && !all(Load::settled).stream().allMatch(it -> it)) {
            Thread.sleep(LOOK_MS);
        }
    }

    private static boolean settled(LoadLoop loop) {
        return loop.clients().stream().allMatch(Client::isSettled);
    }

    /** Read by this thread when the loops have nothing to change in what is read, or do not mind. */
    private List<JoinResult.Joined> clients() throws InterruptedException {
        List<JoinResult.Joined> all = new ArrayList<>();
        all(loop -> loop.clients().stream().map(JoinResult.Joined::of).toList()).forEach(all::addAll);
        return all;
    }

    private Reading reading() throws InterruptedException {
        List<Thread> threads = loops.stream().map(LoadLoop::thread).toList();
        return Reading.take(metrics(), plan.target().serverPid(), threads);
    }

    /** Asks again where there is no answer: a server under load may be late with one page. */
    private ServerMetrics metrics() throws InterruptedException {
        for (int attempt = 1; attempt < METRICS_ATTEMPTS; attempt++) {
            Optional<ServerMetrics> read = readMetrics();
            if (read.isPresent()) {
                return read.get();
            }
        }
        return readMetrics().orElse(ServerMetrics.NONE);
    }

    /** Empty where no answer came; {@link ServerMetrics#NONE} where the answer was that there are none. */
    private Optional<ServerMetrics> readMetrics() throws InterruptedException {
        LoadLoop loop = loops.getFirst();
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(plan.target().server().resolve("/metrics").toString())
                .setIdleTimeout(METRICS_SECONDS * SECOND_MS);
        CompletableFuture<Optional<ServerMetrics>> answer = new CompletableFuture<>();
        loop.execute(() -> loop.http()
                .request(request)
                .compose(asked -> asked.send())
                .compose(got -> got.statusCode() == 200
                        ? got.body().map(body -> new ServerMetrics(body.toString()))
                        : Future.succeededFuture(ServerMetrics.NONE))
                .onComplete(done -> answer.complete(done.succeeded() ? Optional.of(done.result()) : Optional.empty())));
        return await(answer);
    }

    private <T> List<T> all(Function<LoadLoop, T> question) throws InterruptedException {
        List<CompletableFuture<T>> answers =
                loops.stream().map(loop -> loop.ask(() -> question.apply(loop))).toList();
        List<T> results = new ArrayList<>();
        for (CompletableFuture<T> answer : answers) {
            results.add(await(answer));
        }
        return results;
    }

    private void close() throws InterruptedException {
        all(loop -> {
            loop.clients().forEach(Client::close);
            return true;
        });
        Thread.sleep(GOODBYE_MS);
        all(loop -> {
            loop.clients().forEach(Client::closeSocket);
            return true;
        });
        await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    private void say(String line) {
        progress.println(line);
        progress.flush();
    }

    private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("a loop of the generator does not answer", e);
        }
    }
}
