package dev.weir.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.cluster.Bus;
import dev.weir.sdp.MediaAnswer;
import dev.weir.signal.Capabilities;
import dev.weir.signal.CloseCode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.HttpUse;
import dev.weir.signal.Request;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.ToSocket;
import dev.weir.web.RestCall.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WHIP or WHEP client's way in. Until he has his answer his request is what a socket is to others, so he joins, waits
 * at the door and offers as they do; then the session lives by its media.
 */
final class MediaEntry {
    private static final Logger LOG = LoggerFactory.getLogger(MediaEntry.class);

    private final SocketParts parts;
    private final Bus bus;
    private final RestCall call;
    private final String room;
    private final MediaOfferTerms terms;
    private final MediaOfferTerms.Offer offer;
    private final Optional<String> watched;
    private final Promise<ShardAnswer.Joined> admission = Promise.promise();

    /** @param watched whom a player is to show; empty: whoever speaks */
    MediaEntry(
            SocketParts parts,
            RestCall call,
            String room,
            MediaOfferTerms terms,
            MediaOfferTerms.Offer offer,
            Optional<String> watched) {
        this.parts = parts;
        this.bus = parts.bus();
        this.call = call;
        this.room = room;
        this.terms = terms;
        this.offer = offer;
        this.watched = watched;
    }

    /** Fails with a {@link Refusal}, and then nobody has come in. */
    Future<Reply> enter() {
        String socketId = parts.desk().open(this::onSession);
        Capabilities capabilities = new Capabilities(
                List.of(), new Capabilities.Slots(0, 0), new Capabilities.MaxDecode(0, 0, 0), word(terms.use()));
        ShardRequest.Join join =
                new ShardRequest.Join(null, null, socketId, terms.identity(), terms.displayName(), capabilities, null);
        long begun = System.nanoTime();
        parts.metrics().joinBegun();
        return parts.roomEntry()
                .enter(room, join)
                .onComplete(_ -> parts.metrics().joinEnded(System.nanoTime() - begun))
                .compose(entered -> switch (entered.answer()) {
                    case ShardAnswer.Joined joined -> settle(entered.shard(), joined);
                    case ShardAnswer.Waiting waiting ->
                        admitted(entered.shard(), waiting).compose(joined -> settle(entered.shard(), joined));
                    case ShardAnswer other -> Future.failedFuture(refusalIn(other));
                })
                .onComplete(_ -> parts.desk().close(socketId));
    }

    private static String word(HttpUse use) {
        return use.name().toLowerCase(Locale.ROOT);
    }

    private static Refusal refusalIn(ShardAnswer answer) {
        return switch (Outcome.of(answer)) {
            case Outcome.Failed failed -> Refusal.of(failed);
            case Outcome.Ok _ -> Refusal.of(ErrorCode.UNAVAILABLE, "The room gave no fitting answer.");
        };
    }

    // At the door.

    /** He waits as long as his request may; then he is told to ask again. */
    private Future<ShardAnswer.Joined> admitted(ShardId shard, ShardAnswer.Waiting waiting) {
        LOG.info("participant {} waits for room {} by {}", waiting.participantId(), room, terms.use());
        long timer = parts.vertx()
                .setTimer(
                        parts.limits().untilJoin().toMillis(),
                        _ -> admission.tryFail(
                                Refusal.of(ErrorCode.UNAVAILABLE, "No host has let you in yet; try again.")));
        call.context()
                .response()
                .closeHandler(_ -> admission.tryFail(Refusal.of(ErrorCode.UNAVAILABLE, "The client is gone.")));
        return admission
                .future()
                .onComplete(_ -> parts.vertx().cancelTimer(timer))
                .onFailure(_ -> leave(shard, waiting.sessionId()));
    }

    private void onSession(ToSocket message) {
        switch (message) {
            case ToSocket.Deliver _ -> {}
            case ToSocket.Admitted admitted -> admission.tryComplete(admitted.joined());
            case ToSocket.Close close ->
                admission.tryFail(
                        close.code() == CloseCode.ROOM_ENDED
                                ? Refusal.of(ErrorCode.NOT_FOUND, "The room has ended.")
                                : Refusal.of(ErrorCode.FORBIDDEN, "You were not let in."));
        }
    }

    private void leave(ShardId shard, String sessionId) {
        bus.ask(shard, new ShardRequest.Ask(sessionId, new Request.Leave()))
                .onFailure(cause -> LOG.debug("shard {} was not told of a leaving: {}", shard, cause.toString()));
    }

    // Inside.

    private Future<Reply> settle(ShardId shard, ShardAnswer.Joined joined) {
        String sessionId = joined.sessionId();
        ShardRequest.LiveByMedia how =
                new ShardRequest.LiveByMedia(sessionId, terms.use(), watched.orElse(null), goodForMs());
        return bus.ask(shard, how)
                .compose(done -> {
                    MediaCalls.require(done);
                    return bus.ask(
                            shard,
                            new ShardRequest.Offer(sessionId, offer.negotiated().mediaOffer(), offer.tracks()));
                })
                .map(answer -> {
                    if (answer instanceof ShardAnswer.Answered answered) {
                        LOG.info("participant {} joined room {} by {}", joined.participantId(), room, terms.use());
                        return created(shard, joined, answered.answer());
                    }
                    throw refusalIn(answer);
                })
                .onFailure(_ -> leave(shard, sessionId));
    }

    private long goodForMs() {
        return call.caller()
                .expiry()
                .map(expiry -> Duration.between(Instant.now(), expiry).toMillis())
                .orElse(Long.MAX_VALUE);
    }

    private Reply created(ShardId shard, ShardAnswer.Joined joined, MediaAnswer ours) {
        long version = System.currentTimeMillis();
        String answer =
                switch (terms.use()) {
                    case WHIP -> offer.negotiated().answer(ours, version);
                    case WHEP -> offer.negotiated().answerInOneStream(ours, version);
                };
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry(
                "Location",
                MediaCalls.pathOf(terms.use()) + "/" + room + "/session/" + shard + "." + joined.sessionId()));
        headers.add(Map.entry("ETag", MediaCalls.tag(ours.iceUfrag())));
        headers.add(Map.entry("Weir-Participant", joined.participantId()));
        for (JsonNode server : parts.iceServers().forSession(joined.participantId())) {
            server.path("urls").forEach(url -> headers.add(Map.entry("Link", link(url.asText(), server))));
        }
        return new Reply(201, Optional.of(new RestCall.Body(MediaCalls.SDP, answer)), headers);
    }

    /** RFC 9725 section 4.6. */
    private static String link(String url, JsonNode server) {
        StringBuilder link = new StringBuilder("<" + url + ">; rel=\"ice-server\"");
        if (server.has("username")) {
            link.append("; username=").append(quoted(server.path("username").asText()));
        }
        if (server.has("credential")) {
            link.append("; credential=").append(quoted(server.path("credential").asText()));
            link.append("; credential-type=\"password\"");
        }
        return link.toString();
    }

    /** RFC 9110 section 5.6.4. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
