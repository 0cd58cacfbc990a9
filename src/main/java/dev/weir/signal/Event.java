package dev.weir.signal;

import java.util.List;

/**
 * What a client is told without having asked (PROTOCOL section 4). Field names are the wire's; {@link #type()} is the
 * message's {@code type}; the {@code seq} is added per session.
 */
public sealed interface Event {

    record ParticipantJoin(String participantId, String displayName, Role role, Capabilities capabilities)
            implements Event {}

    record ParticipantLeave(String participantId, LeaveReason reason) implements Event {}

    /** What did not change is null and is not written. */
    record ParticipantUpdate(String participantId, Role role, Boolean handRaised, String connection, String breakout)
            implements Event {}

    record TrackPublish(Snapshot.Track track) implements Event {}

    record TrackUnpublish(String participantId, String trackId) implements Event {}

    record TrackMute(String participantId, String trackId, boolean muted, boolean byHost) implements Event {}

    /** @param participantId null when nobody speaks any more; @param audioLevel linear, 0 to 1 */
    record SpeakerChange(String participantId, double audioLevel) implements Event {}

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

    /** What this viewer shows comes in a codec that he did not offer: nothing of it reaches him. */
    record TrackUndecodable(String trackId, String codec) implements Event {}

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
            case SpeakerChange _ -> "speaker:change";
            case SlotChange _ -> "slot";
            case PublishLayers _ -> "publish:layers";
            case PublishCodec _ -> "publish:codec";
            case TrackUndecodable _ -> "track:undecodable";
            case RoomUpdate _ -> "room:update";
            case RoomEnd _ -> "room:end";
        };
    }
}
