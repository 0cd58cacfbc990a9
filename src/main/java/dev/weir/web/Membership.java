package dev.weir.web;

import dev.weir.rtp.Codec;
import dev.weir.sdp.MediaOffer;
import dev.weir.sdp.Negotiation;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Request;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket's side of a session in a room, from the answer to its join on: what it asks of the session's shard. */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    /** Room for 200 slots beside what one sends. */
    private static final int MAX_SECTIONS = 256;

    private final SocketParts parts;
    private final ShardId shard;
    private final String sessionId;
    private final String participantId;
    private final String room;
    private Negotiation.Options options;
    private long answerVersion;

    /** @param shard where the session sits */
    Membership(SocketParts parts, String room, ShardId shard, ShardAnswer.Joined joined) {
        this(parts, room, shard, joined.sessionId(), joined.participantId());
        admitted(joined);
    }

    /** Of one who waits at the door. */
    Membership(SocketParts parts, String room, ShardId shard, ShardAnswer.Waiting waiting) {
        this(parts, room, shard, waiting.sessionId(), waiting.participantId());
        this.options = optionsOf(RoomOptions.defaults(room));
    }

    private Membership(SocketParts parts, String room, ShardId shard, String sessionId, String participantId) {
        this.parts = parts;
        this.room = room;
        this.shard = shard;
        this.sessionId = sessionId;
        this.participantId = participantId;
    }

    /** He is in; without a snapshot the room's own options are not told. */
    void admitted(ShardAnswer.Joined joined) {
        options = optionsOf(
                joined.snapshot() == null
                        ? RoomOptions.defaults(room)
                        : joined.snapshot().room());
    }

    private static Negotiation.Options optionsOf(RoomOptions body) {
        return optionsOf(body, MAX_SECTIONS);
    }

    static Negotiation.Options optionsOf(RoomOptions body, int maxSections) {
        return new Negotiation.Options(
                videoCodecs(body), !body.e2ee(), body.simulcast().enabled(), maxSections);
    }

    private static List<Codec> videoCodecs(RoomOptions room) {
        return room.codecs().stream()
                .flatMap(name -> Codec.video(name).stream())
                .toList();
    }

    /** Where the session sits. */
    ShardId shard() {
        return shard;
    }

    /** How far the session's events are. */
    Future<ShardAnswer> reach() {
        return parts.bus().ask(shard, new ShardRequest.Reach(sessionId));
    }

    String participantId() {
        return participantId;
    }

    Future<Outcome> ask(Request request) {
        return parts.bus().ask(shard, new ShardRequest.Ask(sessionId, request)).map(Outcome::of);
    }

    Future<Outcome> offer(ClientMessage.Offer offer) {
        // A long description takes milliseconds to read, which would be the event loop's.
        return parts.vertx()
                .executeBlocking(() -> Negotiation.negotiate(offer.sdp(), options), false)
                .compose(result -> switch (result) {
                    case Negotiation.Refused refused -> Future.succeededFuture(badOffer(refused.sentence()));
                    case Negotiation.Negotiated negotiated -> offer(negotiated, offer.tracks());
                });
    }

    private Future<Outcome> offer(Negotiation.Negotiated negotiated, List<ClientMessage.Declaration> tracks) {
        MediaOffer offer = negotiated.mediaOffer();
        Optional<String> objection = OfferTerms.objection(offer, tracks);
        if (objection.isPresent()) {
            return Future.succeededFuture(badOffer(objection.get()));
        }
        return parts.bus()
                .ask(shard, new ShardRequest.Offer(sessionId, offer, OfferTerms.forShard(tracks)))
                .map(answer -> answer instanceof ShardAnswer.Answered answered
                        ? new Outcome.Ok(SignalJson.answered(
                                negotiated.answer(answered.answer(), nextAnswerVersion()), answered.tracks()))
                        : Outcome.of(answer));
    }

    private static Outcome badOffer(String sentence) {
        return new Outcome.Failed(ErrorCode.BAD_REQUEST, "offer: " + sentence + ".");
    }

    /** A connection outlives its socket, so versions have to rise across sockets too: hence the clock. */
    private long nextAnswerVersion() {
        answerVersion = Math.max(answerVersion + 1, System.currentTimeMillis());
        return answerVersion;
    }

    /** The last word of this socket. */
    void gone(String socketId, int closeCode) {
        parts.bus()
                .ask(shard, new ShardRequest.SocketGone(sessionId, socketId, closeCode))
                .onFailure(cause -> LOG.debug("shard {} was not told of a closed socket: {}", shard, cause.toString()));
    }
}
