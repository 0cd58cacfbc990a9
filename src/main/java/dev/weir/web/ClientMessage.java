package dev.weir.web;

import dev.weir.rtp.MediaKind;
import dev.weir.signal.Capabilities;
import dev.weir.signal.Request;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Source;
import java.util.List;
import java.util.Optional;

/** A client's message, read and checked as far as it can be alone (PROTOCOL section 4). */
sealed interface ClientMessage {

    /** @param name empty: the token has to give one */
    record Join(String name, Capabilities capabilities, Optional<ShardRequest.Resume> resume)
            implements ClientMessage {}

    record Offer(String sdp, List<Declaration> tracks) implements ClientMessage {
        public Offer {
            tracks = List.copyOf(tracks);
        }
    }

    /** What the client says that one of its m-lines carries. */
    record Declaration(String mid, MediaKind kind, Source source) {}

    /** A trickled candidate. We answer from the address that a check came from and need none. */
    record Candidate() implements ClientMessage {}

    /** For the session's shard as it is. */
    record Ask(Request request) implements ClientMessage {}

    record Ping() implements ClientMessage {}
}
