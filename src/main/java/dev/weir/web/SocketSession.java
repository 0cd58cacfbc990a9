package dev.weir.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.signal.CloseCode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Request;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.ToSocket;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket, from its upgrade to its end (PROTOCOL section 4): reads requests, asks the session's shard in their
 * order, writes answers and events. Owned by its verticle's event loop.
 */
final class SocketSession {
    private static final Logger LOG = LoggerFactory.getLogger(SocketSession.class);
    /** What is reported when the connection just broke (RFC 6455 section 7.1.5). */
    private static final int ABNORMAL = 1006;

    private static final int TOO_LONG = 1009;
    /** No socket lives so long that a token of more would have to be watched. */
    private static final Duration LONGEST_TIMER = Duration.ofDays(30);

    private static final Outcome NOT_IN = new Outcome.Failed(ErrorCode.CONFLICT, "The first request has to be a join.");

    private final SocketParts parts;
    private final ServerWebSocket socket;
    private final Admission admission;
    private final Consumer<SocketSession> onGone;
    private final TokenBucket rate;
    private final TokenBucket refusals;
    private final RequestQueue requests;
    private final Set<Long> timers = new HashSet<>();
    /** Events that came before the answer to the join was written. */
    private final List<ToSocket> early = new ArrayList<>();

    private Stage stage = Stage.NEW;
    private long joinTimer;
    /** From the first attempt to join on. */
    private Optional<String> socketId = Optional.empty();

    private boolean overdue;
    private int messagesBeforeJoin;
    private long heardAt;
    private int closeCode = ABNORMAL;
    /** There from the answer to the join on. */
    private Optional<Membership> membership = Optional.empty();
    /** There if the session sits on another node. */
    private Optional<FarSession> far = Optional.empty();

    private enum Stage {
        NEW,
        JOINING,
        JOINED,
        CLOSED
    }

    /** @param onGone called once, when the socket is closed or given up */
    SocketSession(SocketParts parts, ServerWebSocket socket, Admission admission, Consumer<SocketSession> onGone) {
        this.parts = parts;
        this.socket = socket;
        this.admission = admission;
        this.onGone = onGone;
        SocketLimits limits = parts.limits();
        long now = System.nanoTime();
        this.heardAt = now;
        this.rate = new TokenBucket(limits.messagesPerSecond(), limits.messageBurst(), now);
        this.refusals = new TokenBucket(limits.refusedPerSecond(), limits.refusedPerSecond(), now);
        this.requests = new RequestQueue(limits.pendingRequests(), limits.pendingBytes());
    }

    void open() {
        parts.metrics().socketOpened();
        socket.setWriteQueueMaxSize(parts.limits().unsentBytes());
        socket.textMessageHandler(this::onText);
        socket.binaryMessageHandler(this::onBinary);
        socket.pongHandler(_ -> heardAt = System.nanoTime());
        socket.exceptionHandler(this::onException);
        socket.endHandler(_ -> onClosed());
        socket.closeHandler(_ -> onClosed());
        joinTimer = after(parts.limits().untilJoin(), this::onJoinOverdue);
        admission
                .expiry()
                .map(expiry -> Duration.between(Instant.now(), expiry))
                .filter(left -> left.compareTo(LONGEST_TIMER) < 0)
                .ifPresent(left -> after(left, () -> close(CloseCode.TOKEN_EXPIRED, "the token has expired")));
        timers.add(parts.vertx().setPeriodic(parts.limits().pingEvery().toMillis(), _ -> onPingDue()));
    }

    private long after(Duration delay, Runnable action) {
        long timer = parts.vertx().setTimer(Math.max(1, delay.toMillis()), _ -> action.run());
        timers.add(timer);
        return timer;
    }

    // Time.

    private void onJoinOverdue() {
        if (stage == Stage.NEW) {
            close(CloseCode.TOO_SLOW, "no join came in time");
        } else {
            overdue = stage == Stage.JOINING;
        }
    }

    /** He was told to ask again later: until then no join is overdue. */
    private void waitFor(Duration putOff) {
        overdue = false;
        parts.vertx().cancelTimer(joinTimer);
        joinTimer = after(putOff.plus(parts.limits().untilJoin()), this::onJoinOverdue);
    }

    private void onPingDue() {
        if (System.nanoTime() - heardAt > parts.limits().silence().toNanos()) {
            socket.close((short) CloseCode.TOO_SLOW.code(), "no answer to pings");
            onGone(ABNORMAL);
        } else {
            socket.writePing(Buffer.buffer());
            far.ifPresent(FarSession::watch);
        }
    }

    /** A node is gone. Whose session was there is told to go on elsewhere. */
    void onLoss(String node) {
        if (membership.filter(member -> member.shard().node().equals(node)).isPresent()) {
            closeForResume("the session's node is gone");
        }
    }

    /** To the session, if it is there, this is a connection that broke: he will be back. */
    private void closeForResume(String reason) {
        if (stage != Stage.CLOSED) {
            socket.close((short) CloseCode.GOING_AWAY.code(), reason);
            onGone(ABNORMAL);
        }
    }

    // What the client says.

    private void onText(String text) {
        Arrival arrival = arrivalOf(text.length());
        if (arrival == Arrival.IGNORED) {
            return;
        }
        switch (MessageReader.read(text)) {
            case MessageReader.Reading.Unreadable(var id, var code, var sentence) -> refuse(id, code, sentence);
            case MessageReader.Reading.Read(var id, ClientMessage _)
            when arrival == Arrival.OVER_RATE ->
                refuse(Optional.of(id), ErrorCode.RATE_LIMITED, "Too many messages; slow down.");
            // A sign of life waits for nothing.
            case MessageReader.Reading.Read(var id, ClientMessage.Ping _) ->
                write(SignalJson.ok(id, SignalJson.object()));
            case MessageReader.Reading.Read(var id, var message) -> enqueue(id, message, text.length());
        }
    }

    private void onBinary(Buffer message) {
        if (arrivalOf(message.length()) != Arrival.IGNORED) {
            refuse(Optional.empty(), ErrorCode.BAD_REQUEST, "Messages are texts.");
        }
    }

    private enum Arrival {
        WELCOME,
        OVER_RATE,
        IGNORED
    }

    private Arrival arrivalOf(int length) {
        if (stage == Stage.CLOSED) {
            return Arrival.IGNORED;
        }
        if (stage != Stage.JOINED && ++messagesBeforeJoin > parts.limits().messagesBeforeJoin()) {
            close(CloseCode.TOO_SLOW, "too many messages before a join");
            return Arrival.IGNORED;
        }
        long now = System.nanoTime();
        heardAt = now;
        double cost = 1 + (double) length / SocketLimits.BYTES_PER_TOKEN;
        if (rate.take(cost, now)) {
            return Arrival.WELCOME;
        }
        if (refusals.take(cost, now)) {
            return Arrival.OVER_RATE;
        }
        close(CloseCode.TOO_SLOW, "far too many messages");
        return Arrival.IGNORED;
    }

    private void enqueue(JsonNode id, ClientMessage message, int length) {
        if (!requests.offer(() -> perform(id, message), length)) {
            refuse(Optional.of(id), ErrorCode.RATE_LIMITED, "Too many requests wait for their answers.");
        }
    }

    private Future<?> perform(JsonNode id, ClientMessage message) {
        if (stage == Stage.CLOSED) {
            return Future.succeededFuture();
        }
        // Composed, so that a mistake of ours in one request fails that request and does not stop the queue.
        return Future.succeededFuture()
                .compose(_ -> outcomeOf(message))
                .otherwise(this::onFailure)
                .onSuccess(outcome -> answer(id, message, outcome));
    }

    private Outcome onFailure(Throwable cause) {
        LOG.warn("request in room {} failed: {}", admission.room(), cause.toString());
        return Outcome.NO_ANSWER;
    }

    private Future<Outcome> outcomeOf(ClientMessage message) {
        if (message instanceof ClientMessage.Join join) {
            return join(join);
        }
        if (membership.isEmpty()) {
            return Future.succeededFuture(NOT_IN);
        }
        return switch (message) {
            case ClientMessage.Offer offer -> membership.get().offer(offer);
            case ClientMessage.Ask(var request) -> membership.get().ask(request);
            case ClientMessage.Join _, ClientMessage.Candidate _, ClientMessage.Ping _ ->
                Future.succeededFuture(Outcome.ok());
        };
    }

    private void answer(JsonNode id, ClientMessage message, Outcome outcome) {
        switch (outcome) {
            case Outcome.Ok(var fields) -> write(SignalJson.ok(id, fields));
            case Outcome.Failed failed -> {
                write(SignalJson.error(id, failed));
                if (stage == Stage.JOINING && failed.retryAfterMs() > 0) {
                    waitFor(Duration.ofMillis(failed.retryAfterMs()));
                }
            }
        }
        if (message instanceof ClientMessage.Join) {
            afterJoin();
        }
        if (outcome instanceof Outcome.Ok && message instanceof ClientMessage.Ask(Request.Leave _)) {
            close(CloseCode.LEFT, "left");
        }
    }

    // Joining.

    private Future<Outcome> join(ClientMessage.Join join) {
        if (stage != Stage.NEW) {
            return Future.succeededFuture(new Outcome.Failed(ErrorCode.CONFLICT, "This socket has joined already."));
        }
        String name = admission.identity().name().isEmpty()
                ? join.name()
                : admission.identity().name();
        if (name.isEmpty()) {
            return Future.succeededFuture(new Outcome.Failed(ErrorCode.BAD_REQUEST, "join: name has to be given."));
        }
        stage = Stage.JOINING;
        // Before anything is asked: the first event may be faster than the answer.
        String address = socketId.orElseGet(() -> parts.desk().open(this::onSession));
        socketId = Optional.of(address);
        long begun = System.nanoTime();
        parts.metrics().joinBegun();
        ShardRequest.Join request = new ShardRequest.Join(
                null,
                null,
                address,
                admission.identity(),
                name,
                join.capabilities(),
                join.resume().orElse(null));
        return parts.roomEntry()
                .enter(admission.room(), request)
                .onComplete(_ -> parts.metrics().joinEnded(System.nanoTime() - begun))
                .map(entered -> switch (entered.answer()) {
                    case ShardAnswer.Joined joined -> onJoined(entered.shard(), joined);
                    case ShardAnswer.Waiting waiting -> onWaiting(entered.shard(), waiting);
                    case ShardAnswer other -> Outcome.of(other);
                });
    }

    private Outcome onJoined(ShardId shard, ShardAnswer.Joined joined) {
        Membership member = new Membership(parts, admission.room(), shard, joined);
        if (become(member, joined.seq())) {
            LOG.info(
                    "participant {} {} room {}",
                    member.participantId(),
                    joined.resumed() ? "is back in" : "joined",
                    admission.room());
        }
        return new Outcome.Ok(fieldsOf(joined));
    }

    private Outcome onWaiting(ShardId shard, ShardAnswer.Waiting waiting) {
        Membership member = new Membership(parts, admission.room(), shard, waiting);
        if (become(member, waiting.seq())) {
            LOG.info("participant {} waits for room {}", member.participantId(), admission.room());
        }
        return new Outcome.Ok(SignalJson.waiting(waiting));
    }

    /** @return false when the socket closed meanwhile */
    private boolean become(Membership member, long seq) {
        membership = Optional.of(member);
        if (parts.bus().isFar(member.shard())) {
            far = Optional.of(new FarSession(member, seq, this::closeForResume));
        }
        if (stage == Stage.CLOSED) {
            member.gone(socketId.orElseThrow(), closeCode);
        }
        return stage != Stage.CLOSED;
    }

    private ObjectNode fieldsOf(ShardAnswer.Joined joined) {
        return SignalJson.joined(
                joined.with(parts.roomEntry()
                        .tokenFor(admission.room(), joined.participantId(), joined.role(), joined.resume())),
                parts.iceServers().forSession(joined.participantId()),
                Stream.concat(admission.ownUrl().stream(), parts.backend().otherUrls().stream())
                        .distinct()
                        .toList(),
                parts.texts());
    }

    /** The answer is written, whatever it was: now the events may follow. */
    private void afterJoin() {
        if (stage != Stage.JOINING) {
            return;
        }
        stage = membership.isEmpty() ? Stage.NEW : Stage.JOINED;
        List<ToSocket> held = List.copyOf(early);
        early.clear();
        if (stage == Stage.JOINED) {
            held.forEach(this::onSession);
        } else if (overdue) {
            close(CloseCode.TOO_SLOW, "no join came in time");
        }
    }

    // What the session says.

    private void onSession(ToSocket message) {
        if (stage == Stage.CLOSED) {
            return;
        }
        if (stage != Stage.JOINED) {
            if (early.size() >= parts.limits().bufferedEvents()) {
                close(CloseCode.TOO_SLOW, "too many events before the join was answered");
            } else {
                early.add(message);
            }
            return;
        }
        switch (message) {
            case ToSocket.Deliver(var seq, var event) -> {
                if (far.isEmpty() || far.get().take(seq)) {
                    write(parts.texts().event(seq, event));
                    parts.metrics().told();
                }
            }
            case ToSocket.Admitted(var seq, var joined) -> {
                far.ifPresent(events -> events.startOver(seq));
                membership.ifPresent(member -> member.admitted(joined));
                write(SignalJson.admitted(seq, fieldsOf(joined)));
            }
            case ToSocket.Close(var code, var reason) -> close(code, reason);
        }
    }

    private void refuse(Optional<JsonNode> id, ErrorCode code, String sentence) {
        write(SignalJson.error(id, code, sentence));
    }

    private void write(ObjectNode message) {
        write(message.toString());
    }

    private void write(String text) {
        if (stage == Stage.CLOSED || socket.isClosed()) {
            return;
        }
        if (socket.writeQueueFull()) {
            close(CloseCode.TOO_SLOW, "the client reads too slowly");
        } else {
            socket.writeTextMessage(text);
            parts.metrics().sent(text.length());
        }
    }

    // The end.

    /** Closes from our side. The session hears of it at once, however long the client takes to agree. */
    void close(CloseCode code, String reason) {
        if (stage != Stage.CLOSED) {
            socket.close((short) code.code(), reason);
            onGone(code.code());
        }
    }

    /** A broken connection, a malformed frame, or a message over the limit, of which only the last is left to us. */
    private void onException(Throwable cause) {
        LOG.debug("socket in room {} broke: {}", admission.room(), cause.toString());
        if (stage != Stage.CLOSED) {
            socket.close((short) TOO_LONG, "a message was too long or malformed");
            onGone(ABNORMAL);
        }
    }

    private void onClosed() {
        Short received = socket.closeStatusCode();
        onGone(received == null ? ABNORMAL : received);
    }

    private void onGone(int code) {
        if (stage == Stage.CLOSED) {
            return;
        }
        stage = Stage.CLOSED;
        closeCode = code;
        timers.forEach(parts.vertx()::cancelTimer);
        requests.clear();
        early.clear();
        socketId.ifPresent(parts.desk()::close);
        parts.metrics().socketClosed();
        membership.ifPresent(member -> {
            LOG.info(
                    "socket of participant {} in room {} closed with {}",
                    member.participantId(),
                    admission.room(),
                    code);
            member.gone(socketId.orElseThrow(), code);
        });
        onGone.accept(this);
    }
}
