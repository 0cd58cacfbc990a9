package dev.weir.signal;

import dev.weir.rtp.MediaKind;
import java.util.List;

/**
 * What a client is told without having asked (PROTOCOL section 4). Field names are the wire's; {@link #type()} is the
 * message's {@code type}; the {@code seq} is added per session.
 */
public sealed interface Event {

    record ParticipantJoin(String participantId, String displayName, Role role, Capabilities capabilities)
            implements Event {}

    record ParticipantLeave(String participantId, LeaveReason reason) implements Event {}

    /**
     * What did not change is null and is not written.
     *
     * @param breakout {@link Snapshot.Member#MAIN} when he is back in the main room
     */
    record ParticipantUpdate(String participantId, Role role, Boolean handRaised, String connection, String breakout)
            implements Event {}

    record TrackPublish(Snapshot.Track track) implements Event {}

    record TrackUnpublish(String participantId, String trackId) implements Event {}

    record TrackMute(String participantId, String trackId, boolean muted, boolean byHost) implements Event {}

    /**
     * Who has the floor in a breakout room.
     *
     * @param breakout its name, {@link Snapshot.Member#MAIN} for the main room; only those in it are told
     * @param participantId null when nobody speaks any more
     * @param audioLevel linear, 0 to 1
     */
    record SpeakerChange(String breakout, String participantId, double audioLevel) implements Event {}

    /**
     * What a slot shows now.
     *
     * @param trackId null: nothing, as is the participant
     * @param layer the rid or spatial index that is sent, or null while nothing is
     */
    record SlotChange(String mid, String trackId, String participantId, String layer, boolean paused)
            implements Event {}

    /** Asks a publisher to send just these layers: the others have no taker. */
    record PublishLayers(String trackId, List<Layer> layers) implements Event {
        public PublishLayers {
            layers = List.copyOf(layers);
        }

        /** @param maxBitrate bits per second */
        public record Layer(String rid, boolean active, long maxBitrate) {}
    }

    /** Asks a publisher to send a track in another codec, which all who can watch can decode. */
    record PublishCodec(String trackId, String codec) implements Event {}

    /** A track comes in another codec than it was announced in. For snapshots: those who are there see it in the packets. */
    record TrackCodec(String participantId, String trackId, String codec) implements Event {}

    /** What this viewer shows comes in a codec that he did not offer: nothing of it reaches him. */
    record TrackUndecodable(String trackId, String codec) implements Event {}

    /** A host asks to unmute, which nobody can be made to do. @param participantId the host */
    record UnmuteRequest(MediaKind kind, String participantId) implements Event {}

    /** Someone wants to come in; hosts and co-hosts are told. */
    record WaitingRequest(String participantId, String displayName) implements Event {}

    /** He does not wait any more, and did not come in. Hosts and co-hosts are told. */
    record WaitingLeave(String participantId) implements Event {}

    /** To the one who is not let in. */
    record WaitingDenied() implements Event {}

    /** @param breakout where it is heard */
    record Chat(String breakout, Snapshot.ChatMessage message) implements Event {}

    /** @param hands who has a hand raised now, first raised first */
    record Hand(String participantId, boolean raised, List<String> hands) implements Event {
        public Hand {
            hands = List.copyOf(hands);
        }
    }

    /** @param breakout where it is seen */
    record Reaction(String breakout, String participantId, String emoji) implements Event {}

    record BreakoutOpened(Snapshot.Breakouts breakouts) implements Event {}

    /**
     * To the one who is now in that breakout room.
     *
     * @param room null: the main room
     * @param chat what was said there, the last 100
     * @param speaker who has the floor there, or null
     */
    record BreakoutAssigned(String room, List<Snapshot.ChatMessage> chat, Snapshot.Speaker speaker) implements Event {
        public BreakoutAssigned {
            chat = List.copyOf(chat);
        }
    }

    record BreakoutMessage(String participantId, String displayName, String text) implements Event {}

    /** The breakout rooms close when this time is over. */
    record BreakoutClosing(long countdownMs) implements Event {}

    record BreakoutClosed() implements Event {}

    /** The room's options changed. @param room all of them */
    record RoomUpdate(RoomOptions room) implements Event {}

    record RoomEnd(LeaveReason reason) implements Event {}

    default String type() {
        return switch (this) {
            case ParticipantJoin _ -> "participant:join";
            case ParticipantLeave _ -> "participant:leave";
            case ParticipantUpdate _ -> "participant:update";
            case TrackPublish _ -> "track:publish";
            case TrackUnpublish _ -> "track:unpublish";
            case TrackMute _ -> "track:mute";
            case TrackCodec _ -> "track:codec";
            case SpeakerChange _ -> "speaker:change";
            case SlotChange _ -> "slot";
            case PublishLayers _ -> "publish:layers";
            case PublishCodec _ -> "publish:codec";
            case TrackUndecodable _ -> "track:undecodable";
            case UnmuteRequest _ -> "host:unmute-request";
            case WaitingRequest _ -> "waiting:request";
            case WaitingLeave _ -> "waiting:leave";
            case WaitingDenied _ -> "waiting:denied";
            case Chat _ -> "chat";
            case Hand _ -> "hand";
            case Reaction _ -> "reaction";
            case BreakoutOpened _ -> "breakout:opened";
            case BreakoutAssigned _ -> "breakout:assigned";
            case BreakoutMessage _ -> "breakout:message";
            case BreakoutClosing _ -> "breakout:closing";
            case BreakoutClosed _ -> "breakout:closed";
            case RoomUpdate _ -> "room:update";
            case RoomEnd _ -> "room:end";
        };
    }
}
