package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Role;
import dev.weir.signal.RoomReport;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Against a real receiver over HTTP. */
class WebhooksTest {
    private static final String SECRET = "a-secret-between-us-of-32-bytes-or-more";

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final WebMetrics metrics = new WebMetrics(new Directory("here", 1, 10));
    /** Reports of one room come from one loop. */
    private final Context owner = vertx.getOrCreateContext();

    private final Logger log = (Logger) LoggerFactory.getLogger("dev.weir");
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private WebhookReceiver receiver;

    @BeforeEach
    void open() throws Exception {
        receiver = new WebhookReceiver();
        said.start();
        log.addAppender(said);
        log.setLevel(Level.TRACE);
    }

    @AfterEach
    void close() throws Exception {
        receiver.close();
        TestServer.await(vertx.close());
        metrics.close();
        log.detachAppender(said);
        log.setLevel(null);
        for (ILoggingEvent event : List.copyOf(said.list)) {
            String line = event.getFormattedMessage();
            assertFalse(line.contains(SECRET), () -> "the secret is in a line: " + line);
            assertFalse(line.contains("not-to-be-logged"), () -> "the address's query is in a line: " + line);
        }
    }

    private void deploy(int queue, Duration giveUp) throws Exception {
        deploy(receiver.url(), queue, giveUp);
    }

    private void deploy(URI url, int queue, Duration giveUp) throws Exception {
        WebhookSettings settings = new WebhookSettings(url, SECRET, queue, giveUp);
        TestServer.await(vertx.deployVerticle(new Webhooks(bus, settings, metrics, "0.1.0")));
    }

    private void report(String room, long number, RoomReport.What what) {
        owner.runOnContext(_ -> bus.report(new RoomReport(room, 7, number, what)));
    }

    private WebhookReceiver.Taken next() throws InterruptedException {
        WebhookReceiver.Taken message = receiver.next();
        assertNotNull(message, () -> "nothing came; it was said: " + said.list);
        return message;
    }

    /** As {@code docs/webhooks.md} tells a receiver to. */
    private static boolean isSigned(WebhookReceiver.Taken message, String secret) throws Exception {
        Map<String, String> parts = List.of(message.signature().split(",")).stream()
                .collect(Collectors.toMap(part -> part.split("=", 2)[0], part -> part.split("=", 2)[1]));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((parts.get("t") + ".").getBytes(StandardCharsets.UTF_8));
        long age = Instant.now().getEpochSecond() - Long.parseLong(parts.get("t"));
        return Math.abs(age) < 300
                && HexFormat.of().formatHex(mac.doFinal(message.body())).equals(parts.get("v1"));
    }

    private double metric(String line) {
        return metrics.snapshots().stream()
                .flatMap(snapshot -> snapshot.getDataPoints().stream()
                        .filter(point -> line.equals(snapshot.getMetadata().getPrometheusName()
                                + point.getLabels().stream()
                                        .map(label -> " " + label.getValue())
                                        .collect(Collectors.joining())))
                        .map(point -> switch (point) {
                            case io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot it ->
                                it.getValue();
                            case io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot it ->
                                it.getValue();
                            default -> Double.NaN;
                        }))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + line));
    }

    private void awaitMetric(String line, double value) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        long timer = vertx.setPeriodic(10, _ -> {
            if (metric(line) == value) {
                reached.countDown();
            }
        });
        assertTrue(reached.await(10, TimeUnit.SECONDS), () -> line + " is " + metric(line));
        vertx.cancelTimer(timer);
    }

    @Test
    void eachThingThatHappensIsToldWithAllThereIsToKnow() throws Exception {
        deploy(100, Duration.ofMinutes(1));
        report("daily", 1, new RoomReport.Started());
        report("daily", 2, new RoomReport.Joined("p1", "Ada \"\u00e9\"", Role.HOST, "user-1"));
        report("daily", 3, new RoomReport.Joined("p2", "Ben", Role.GUEST, ""));
        report("daily", 4, new RoomReport.Left("p1", LeaveReason.LOST));
        report("daily", 5, new RoomReport.Ended());
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            WebhookReceiver.Taken message = next();
            assertTrue(isSigned(message, SECRET), message.signature());
            assertFalse(isSigned(message, SECRET + "x"));
            var json = message.json();
            assertEquals(message.id(), json.remove("id"));
            assertTrue(Duration.between(Instant.parse((String) json.remove("at")), Instant.now())
                            .toSeconds()
                    < 60);
            assertTrue(json.getString("session").matches("[0-9a-f]{8}-7"), json.getString("session"));
            lines.add(json.put("session", "7").encode());
        }
        assertEquals(
                List.of(
                        "{'type':'room:started','room':'daily','session':'7','number':1}",
                        "{'type':'participant:joined','room':'daily','session':'7','number':2,"
                                + "'participantId':'p1','displayName':'Ada \\\"\u00e9\\\"','role':'host','sub':'user-1'}",
                        "{'type':'participant:joined','room':'daily','session':'7','number':3,"
                                + "'participantId':'p2','displayName':'Ben','role':'guest'}",
                        "{'type':'participant:left','room':'daily','session':'7','number':4,"
                                + "'participantId':'p1','reason':'lost'}",
                        "{'type':'room:ended','room':'daily','session':'7','number':5}"),
                lines.stream()
                        .map(line -> line.replace('"', '\'').replace("\\'", "\\\""))
                        .toList());
        awaitMetric("weir_webhook_attempts delivered", 5);
        assertEquals(0, metric("weir_webhook_queued"));
    }

    @Test
    void whatIsRefusedComesAgainAsItWasAndInOrder() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        receiver.answer(_ -> switch (attempts.getAndIncrement()) {
            case 0 -> 500;
            case 1 -> 302;
            default -> 200;
        });
        deploy(100, Duration.ofMinutes(1));
        report("daily", 1, new RoomReport.Started());
        report("daily", 2, new RoomReport.Ended());
        assertEquals("daily 1 room:started", next().line());
        assertEquals("daily 2 room:ended", next().line());
        List<WebhookReceiver.Taken> all = receiver.all();
        assertEquals(
                List.of("daily 1 room:started", "daily 1 room:started", "daily 1 room:started", "daily 2 room:ended"),
                all.stream().map(WebhookReceiver.Taken::line).toList());
        assertEquals(
                1,
                all.stream().limit(3).map(WebhookReceiver.Taken::id).distinct().count());
        for (WebhookReceiver.Taken message : all) {
            assertTrue(isSigned(message, SECRET), "each attempt has a signature of its own time");
        }
        awaitMetric("weir_webhook_attempts failed", 2);
        assertTrue(
                said.list.stream().anyMatch(line -> line.getFormattedMessage().contains("it answered 500")));
    }

    @Test
    void aReceiverThatIsAwayIsSaidAndWaitedFor() throws Exception {
        URI url = receiver.url();
        receiver.close();
        deploy(url, 100, Duration.ofMinutes(1));
        report("daily", 1, new RoomReport.Started());
        awaitMetric("weir_webhook_attempts failed", 1);
        assertEquals(1, metric("weir_webhook_queued"));
        assertTrue(
                said.list.stream().anyMatch(line -> line.getFormattedMessage().contains("did not take a message")));
    }

    @Test
    void whatIsNeverTakenIsGivenUpAndCounted() throws Exception {
        receiver.answer(message -> message.line().startsWith("bad") ? 503 : 200);
        deploy(100, Duration.ofMillis(1));
        report("bad", 1, new RoomReport.Started());
        report("good", 1, new RoomReport.Started());
        assertEquals("good 1 room:started", next().line());
        // It came a moment ago, so that it is tried once more before it is too old.
        awaitMetric("weir_webhook_dropped gaveUp", 1);
        assertEquals(0, metric("weir_webhook_queued"));
    }

    @Test
    void aSlowReceiverHoldsBackNobodyAndAFullQueueDropsAndCounts() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        receiver.answer(_ -> {
            release.await(20, TimeUnit.SECONDS);
            return 200;
        });
        deploy(10, Duration.ofMinutes(1));
        for (int i = 1; i <= 25; i++) {
            report("daily", i, new RoomReport.Left("p" + i, LeaveReason.LEFT));
        }
        awaitMetric("weir_webhook_dropped queueFull", 15);
        assertEquals(10, metric("weir_webhook_queued"));
        assertEquals(
                1,
                said.list.stream()
                        .filter(line -> line.getFormattedMessage().contains("is full"))
                        .count());
        release.countDown();
        for (int i = 1; i <= 10; i++) {
            assertEquals("daily " + i + " participant:left", next().line());
        }
    }

    @Test
    void aReceiverThatNeverAnswersIsLeftAloneAfterAWhile() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        receiver.answer(_ -> {
            if (attempts.getAndIncrement() == 0) {
                never.await();
            }
            return 200;
        });
        deploy(100, Duration.ofMinutes(1));
        report("daily", 1, new RoomReport.Started());
        assertEquals("daily 1 room:started", next().line());
        assertEquals(2, attempts.get());
        never.countDown();
    }

    @Test
    void manyRoomsAreToldEachInItsOwnOrder() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        receiver.answer(_ -> attempts.getAndIncrement() % 20 == 5 ? 500 : 200);
        deploy(1000, Duration.ofMinutes(1));
        int rooms = 20;
        int each = 10;
        for (int number = 1; number <= each; number++) {
            for (int room = 0; room < rooms; room++) {
                report("room" + room, number, new RoomReport.Left("p", LeaveReason.LEFT));
            }
        }
        Map<String, List<Long>> numbers = new java.util.HashMap<>();
        for (int i = 0; i < rooms * each; i++) {
            var json = next().json();
            numbers.computeIfAbsent(json.getString("room"), _ -> new ArrayList<>())
                    .add(json.getLong("number"));
        }
        assertEquals(rooms, numbers.size());
        numbers.forEach((room, got) -> assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), got, room));
    }

    @Test
    void theSettingsNeverSpellTheSecretOut() {
        WebhookSettings settings = new WebhookSettings(receiver.url(), SECRET, 1, Duration.ofSeconds(1));
        assertFalse(settings.toString().contains(SECRET));
        assertFalse(settings.toString().contains("not-to-be-logged"));
    }
}
