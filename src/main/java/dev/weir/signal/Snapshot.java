package dev.weir.signal;

import java.util.List;

/**
 * A room as one participant sees it at one moment (PROTOCOL section 4).
 *
 * @param speaker the loudest, or null when nobody speaks
 * @param slots what this participant's slots show
 * @param chat the last 100 messages
 * @param waiting who waits at the door; for hosts only
 */
public record Snapshot(
        RoomOptions room,
        List<Member> participants,
        List<Track> tracks,
        Speaker speaker,
        List<Slot> slots,
        List<ChatMessage> chat,
        List<Waiting> waiting,
        Recording recording) {

    public Snapshot {
        participants = List.copyOf(participants);
        tracks = List.copyOf(tracks);
        slots = List.copyOf(slots);
        chat = List.copyOf(chat);
        waiting = List.copyOf(waiting);
    }

    /**
     * A participant as others see him.
     *
     * @param connection {@code ok} or {@code lost}
     * @param breakout the name of his breakout room, or null
     */
    public record Member(
            String participantId,
            String displayName,
            Role role,
            Capabilities capabilities,
            boolean handRaised,
            String connection,
            String breakout) {
        public static final String OK = "ok";
        public static final String LOST = "lost";
    }

    /**
     * A published track as others see it.
     *
     * @param csrc the number that names it in media packets, unsigned 32 bits
     * @param codec its encoding name
     * @param simulcastLayers rids, lowest first; empty without simulcast
     */
    public record Track(
            String participantId,
            String trackId,
            Source source,
            boolean muted,
            long csrc,
            String codec,
            List<String> simulcastLayers) {
        public Track {
            simulcastLayers = List.copyOf(simulcastLayers);
        }

        public Track withMuted(boolean muted) {
            return new Track(participantId, trackId, source, muted, csrc, codec, simulcastLayers);
        }
    }

    /** @param audioLevel linear, 0 to 1 */
    public record Speaker(String participantId, double audioLevel) {}

    /** @param sentAt ISO-8601 UTC */
    public record ChatMessage(String chatId, String participantId, String text, String sentAt) {}

    /** @param trackId null: empty */
    public record Slot(String mid, String trackId) {}

    public record Waiting(String participantId, String displayName) {}

    /** @param state {@code off} until recording exists */
    public record Recording(String state) {
        public static final Recording OFF = new Recording("off");
    }
}
