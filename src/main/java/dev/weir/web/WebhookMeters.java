package dev.weir.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What became of the messages to a webhook. */
final class WebhookMeters {
    private final Counter delivered;
    private final Counter failed;
    private final Counter refused;
    private final Counter gaveUp;
    private final AtomicInteger queued = new AtomicInteger();

    WebhookMeters(MeterRegistry registry) {
        delivered = attempts("delivered", registry);
        failed = attempts("failed", registry);
        refused = dropped("queueFull", registry);
        gaveUp = dropped("gaveUp", registry);
        Gauge.builder("weir.webhook.queued", queued, AtomicInteger::get)
                .description("Messages that a webhook has not taken yet")
                .register(registry);
    }

    private static Counter attempts(String result, MeterRegistry registry) {
        return Counter.builder("weir.webhook.attempts")
                .description("Messages sent to a webhook, each as often as it was sent")
                .tag("result", result)
                .register(registry);
    }

    private static Counter dropped(String reason, MeterRegistry registry) {
        return Counter.builder("weir.webhook.dropped")
                .description("Messages that a webhook will never get")
                .tag("reason", reason)
                .register(registry);
    }

    void delivered() {
        delivered.increment();
    }

    void failed() {
        failed.increment();
    }

    void refused() {
        refused.increment();
    }

    void gaveUp() {
        gaveUp.increment();
    }

    void queued(int messages) {
        queued.set(messages);
    }
}
