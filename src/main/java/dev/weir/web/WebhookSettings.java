package dev.weir.web;

import java.net.URI;
import java.time.Duration;

/**
 * Who is told what happens in rooms.
 *
 * @param secret that signs; never to be logged
 * @param queue messages that wait at most
 * @param giveUp how long one message is tried again
 */
public record WebhookSettings(URI url, String secret, int queue, Duration giveUp) {
    /** The address without its path and query, which may hold what nobody else should know. */
    String shown() {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    @Override
    public String toString() {
        return "WebhookSettings[" + shown() + "]";
    }
}
