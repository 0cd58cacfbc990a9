package dev.weir.signal;

import dev.weir.sdp.MediaOffer;
import java.util.List;

/** What a signaling verticle asks of the shard where a session sits; each is answered by one {@link ShardAnswer}. */
public sealed interface ShardRequest {

    /**
     * Enter a room.
     *
     * @param socketId where this session's events go; see {@link ToSocket}
     * @param displayName 1 to 80 characters, already checked
     * @param resume null: a new session
     * @param former who he was before his node was lost; null: nobody
     */
    record Join(
            RoomPlace place,
            RoomOptions options,
            String socketId,
            Identity identity,
            String displayName,
            Capabilities capabilities,
            Resume resume,
            Former former)
            implements ShardRequest {
        /** Of one whose node is as it was. */
        public Join(
                RoomPlace place,
                RoomOptions options,
                String socketId,
                Identity identity,
                String displayName,
                Capabilities capabilities,
                Resume resume) {
            this(place, options, socketId, identity, displayName, capabilities, resume, null);
        }
    }

    /**
     * Take up a session again.
     *
     * @param token from the last answer to a join; good once
     * @param seq the last event that the client has seen
     */
    record Resume(String token, long seq) {}

    /** @param tracks one for every sending m-line of the offer */
    record Offer(String sessionId, MediaOffer offer, List<TrackDeclaration> tracks) implements ShardRequest {
        public Offer {
            tracks = List.copyOf(tracks);
        }
    }

    /** What a client says that an m-line carries. */
    record TrackDeclaration(String mid, Source source) {}

    record Ask(String sessionId, Request request) implements ShardRequest {}

    /**
     * The socket is gone.
     *
     * @param socketId the one that closed: a session that has a newer one does not care
     * @param closeCode as received, 1006 when the connection just broke
     */
    record SocketGone(String sessionId, String socketId, int closeCode) implements ShardRequest {}

    /**
     * The session's client keeps no socket, as with WHIP and WHEP: from now on he is there while his media is, nothing
     * is told him, and {@link OfHttp} is how he asks.
     *
     * @param participantId whom a player shows; null: who speaks
     * @param goodForMs how long his token still is; {@link Long#MAX_VALUE}: for ever
     */
    record LiveByMedia(String sessionId, HttpUse use, String participantId, long goodForMs) implements ShardRequest {}

    /** What is asked of a WHIP or WHEP session, by who knows its room and use too. */
    record OfHttp(String sessionId, String room, HttpUse use, HttpRequest request) implements ShardRequest {}

    /** Asks for the number of a session's last event, by a socket of another node: some may have been lost. */
    record Reach(String sessionId) implements ShardRequest {}

    /** Asks what passes through the shard's branch of a room. */
    record Figures(String room) implements ShardRequest {}

    /** Asks for the shard's counters. */
    record Measures() implements ShardRequest {}
}
