package dev.weir.web;

import dev.weir.cluster.Bus;
import dev.weir.signal.RoomReport;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a webhook what happens in rooms: posts what the {@link WebhookQueue} says, when it says so. */
public final class Webhooks extends VerticleBase {
    static final String SIGNATURE = "Weir-Signature";
    static final String ID = "Weir-Webhook-Id";
    /** A receiver that needs longer should put the message aside and answer. */
    static final long ANSWER_TIMEOUT_MS = 5000;

    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Bus bus;
    private final WebhookSettings settings;
    private final WebhookMeters meters;
    private final String userAgent;
    private final byte[] secret;
    private final WebhookQueue queue;
    private final String start = UUID.randomUUID().toString().substring(0, 8);
    private final Clock clock = Clock.systemUTC();
    private final long started = System.nanoTime();
    private MessageConsumer<RoomReport> reports;
    private HttpClient client;
    private long timer = -1;
    private boolean failing;
    private boolean dropping;

    public Webhooks(Bus bus, WebhookSettings settings, WebMetrics metrics, String version) {
        this.bus = bus;
        this.settings = settings;
        this.meters = metrics.webhooks();
        this.userAgent = "weir/" + version;
        this.secret = settings.secret().getBytes(StandardCharsets.UTF_8);
        this.queue = new WebhookQueue(
                new WebhookQueue.Limits(settings.queue(), settings.giveUp().toNanos()), new Random());
    }

    @Override
    public Future<?> start() {
        client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout((int) ANSWER_TIMEOUT_MS),
                new PoolOptions().setHttp1MaxSize(WebhookQueue.MOST_UNDER_WAY));
        reports = bus.onReport(this::onReport);
        LOG.info("what happens in rooms is told to {}", settings.shown());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        if (queue.size() > 0) {
            LOG.warn("{} messages to {} were not delivered before the end", queue.size(), settings.shown());
        }
        return Future.join(reports.unregister(), client.close());
    }

    private void onReport(RoomReport report) {
        WebhookMessage message = WebhookMessage.of(UUID.randomUUID().toString(), start, report, clock.instant());
        if (!queue.add(now(), message)) {
            meters.refused();
            sayOnce(!dropping, "the queue of messages to {} is full, what comes now is dropped");
            dropping = true;
        }
        sendDue();
    }

    private void sendDue() {
        long now = now();
        for (var due = queue.next(now); due.isPresent(); due = queue.next(now)) {
            WebhookQueue.Entry entry = due.get();
            post(entry.message()).onComplete(outcome -> {
                if (outcome.succeeded()) {
                    onDelivered(entry);
                } else {
                    onFailed(entry, outcome.cause());
                }
                sendDue();
            });
        }
        meters.queued(queue.size());
        awaitNext(now);
    }

    private void awaitNext(long now) {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        long next = queue.nextTimeout();
        if (next != Long.MAX_VALUE) {
            Handler<Long> wake = _ -> {
                timer = -1;
                sendDue();
            };
            timer = vertx.setTimer(Math.max(1, (next - now) / NANOS_PER_MILLI + 1), wake);
        }
    }

    private void onDelivered(WebhookQueue.Entry entry) {
        queue.delivered(now(), entry);
        meters.delivered();
        if (failing) {
            LOG.info("{} takes messages again", settings.shown());
        }
        failing = false;
        dropping = false;
    }

    private void onFailed(WebhookQueue.Entry entry, Throwable cause) {
        meters.failed();
        sayOnce(!failing, "{} did not take a message: " + cause.getMessage());
        failing = true;
        if (!queue.failed(now(), entry)) {
            meters.gaveUp();
            LOG.warn(
                    "room={} message {} to {} was given up",
                    entry.message().room(),
                    entry.message().id(),
                    settings.shown());
        }
    }

    /** Succeeds when the receiver has it, which any answer of 2xx says. Redirects are not followed. */
    private Future<?> post(WebhookMessage message) {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setAbsoluteURI(settings.url().toString())
                        .setFollowRedirects(false)
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.USER_AGENT, userAgent)
                        .putHeader(ID, message.id())
                        .putHeader(SIGNATURE, message.signature(secret, clock.instant())))
                .compose(request -> within(request, request.send(Buffer.buffer(message.body())))
                        .compose(response -> taken(request, response)));
    }

    private static <T> Future<T> within(HttpClientRequest request, Future<T> answer) {
        return answer.timeout(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS).onFailure(_ -> request.reset());
    }

    /** What an answer says beside its status is of no interest, and must not take for ever. */
    private static Future<?> taken(HttpClientRequest request, HttpClientResponse response) {
        response.handler(_ -> {});
        within(request, response.end());
        int status = response.statusCode();
        return status / 100 == 2 ? Future.succeededFuture() : Future.failedFuture("it answered " + status);
    }

    private void sayOnce(boolean news, String sentence) {
        if (news) {
            LOG.warn(sentence, settings.shown());
        }
    }

    private long now() {
        return System.nanoTime() - started;
    }
}
