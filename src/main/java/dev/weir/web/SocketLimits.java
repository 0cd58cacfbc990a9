package dev.weir.web;

import java.time.Duration;

/**
 * What one WebSocket may cost us.
 *
 * @param untilJoin how long a socket may stay without having joined, and a WHIP or WHEP request at the door
 * @param messagesBeforeJoin then it is closed
 * @param pingEvery how often we ask whether the client is there
 * @param silence how long after its last answer it counts as gone
 * @param messagesPerSecond allowed for long; a message costs one and one more for every 8 KiB
 * @param messageBurst allowed at once; what is above gets {@code rateLimited}
 * @param refusedPerSecond messages over the rate that are still answered; a socket with more is closed
 * @param pendingRequests that wait for the ones before them
 * @param pendingBytes of those
 * @param bufferedEvents that wait for the answer to a join
 * @param unsentBytes that a slow client may leave with us before it is closed
 * @param idle without a byte read, or none written, after which a connection is cut
 */
record SocketLimits(
        Duration untilJoin,
        int messagesBeforeJoin,
        Duration pingEvery,
        Duration silence,
        int messagesPerSecond,
        int messageBurst,
        int refusedPerSecond,
        int pendingRequests,
        int pendingBytes,
        int bufferedEvents,
        int unsentBytes,
        Duration idle) {
    /** PROTOCOL section 4: one message is up to 1 MiB. */
    static final int MESSAGE_BYTES = 1 << 20;

    static final int BYTES_PER_TOKEN = 8192;

    static final SocketLimits DEFAULT = new SocketLimits(
            Duration.ofSeconds(10),
            20,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            200,
            400,
            200,
            256,
            4 << 20,
            4096,
            4 << 20,
            Duration.ofSeconds(30));
}
