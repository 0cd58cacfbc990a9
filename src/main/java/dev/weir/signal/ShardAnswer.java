package dev.weir.signal;

import dev.weir.rtp.MediaKind;
import dev.weir.sdp.MediaAnswer;
import java.util.List;

/** A shard's answer to a {@link ShardRequest}. */
public sealed interface ShardAnswer {

    /**
     * @param sessionId for further requests; never shown to a client
     * @param resume the token for {@link ShardRequest.Resume}
     * @param resumed true: the events since the client's {@code seq} follow; else the snapshot is all there is
     * @param seq the number of the last event that the snapshot includes
     */
    record Joined(
            String sessionId,
            String participantId,
            Role role,
            String mode,
            String resume,
            boolean resumed,
            long seq,
            Snapshot snapshot)
            implements ShardAnswer {
        /** The same with another token. */
        public Joined with(String otherResume) {
            return new Joined(sessionId, participantId, role, mode, otherResume, resumed, seq, snapshot);
        }
    }

    /**
     * He waits at the door; {@link ToSocket.Admitted} follows when a host lets him in.
     *
     * @param seq the number of his last event
     */
    record Waiting(String sessionId, String participantId, String resume, long seq) implements ShardAnswer {}

    /** @param tracks the ids of the tracks that the offer publishes */
    record Answered(MediaAnswer answer, List<TrackId> tracks) implements ShardAnswer {
        public Answered {
            tracks = List.copyOf(tracks);
        }
    }

    record TrackId(String mid, String trackId) {}

    /** ICE starts over. @param answer without slots @param mid of the m-line that stands for the bundle */
    record IceRestarted(MediaAnswer answer, MediaKind kind, String mid) implements ShardAnswer {}

    /** The ICE session that the client knows is not the one that there is. */
    record OtherIce() implements ShardAnswer {}

    record Done() implements ShardAnswer {}

    /**
     * @param message a sentence for a person
     * @param retryAfterMs when to ask again, where the shard can tell; else 0
     */
    record Refused(ErrorCode code, String message, long retryAfterMs) implements ShardAnswer {
        public Refused(ErrorCode code, String message) {
            this(code, message, 0);
        }
    }

    /** The shard does not own or hold what the directory said: look again, once. */
    record Moved() implements ShardAnswer {}

    /** @param seq of the session's last event */
    record Reached(long seq) implements ShardAnswer {}

    record Figured(RoomFigures figures) implements ShardAnswer {}

    record Measured(List<Measure> measures) implements ShardAnswer {
        public Measured {
            measures = List.copyOf(measures);
        }
    }
}
