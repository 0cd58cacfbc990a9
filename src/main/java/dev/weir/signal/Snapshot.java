package dev.weir.signal;

import java.util.List;

/**
 * A room as one participant sees it at one moment (PROTOCOL section 4).
 *
 * @param speaker the loudest, or null when nobody speaks
 * @param slots what this participant's slots show
 * @param chat the last 100 messages
 * @param waiting who waits at the door; for hosts only
 * @param hands who has a hand raised, first raised first
 * @param breakouts the breakout rooms that are open, or null
 */
public record Snapshot(
        RoomOptions room,
        List<Member> participants,
        List<Track> tracks,
        Speaker speaker,
        List<Slot> slots,
        List<ChatMessage> chat,
        List<Waiting> waiting,
        Recording recording,
        List<String> hands,
        Breakouts breakouts) {

    public Snapshot {
        participants = List.copyOf(participants);
        tracks = List.copyOf(tracks);
        slots = List.copyOf(slots);
        chat = List.copyOf(chat);
        waiting = List.copyOf(waiting);
        hands = List.copyOf(hands);
    }

    /** The rest of it: no participants and no tracks. */
    public Snapshot withoutPeople() {
        return new Snapshot(room, List.of(), List.of(), speaker, slots, chat, waiting, recording, hands, breakouts);
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

        /** The main room, where a breakout room has to be named. */
        public static final String MAIN = "";

        /** The breakout room that he is in, or {@link #MAIN}. */
        public String whereabouts() {
            return breakout == null ? MAIN : breakout;
        }
    }

    /**
     * A published track as others see it.
     *
     * @param csrc the number that names it in media packets, unsigned 32 bits
     * @param codec its encoding name: what comes, and before any packet the first of the room's that was negotiated
     * @param simulcastLayers rids, lowest first; empty without simulcast
     * @param silenced muted by a host: nothing of it is forwarded until its owner unmutes it
     */
    public record Track(
            String participantId,
            String trackId,
            Source source,
            boolean muted,
            long csrc,
            String codec,
            List<String> simulcastLayers,
            boolean silenced) {
        public Track {
            simulcastLayers = List.copyOf(simulcastLayers);
        }

        public Track(
                String participantId,
                String trackId,
                Source source,
                boolean muted,
                long csrc,
                String codec,
                List<String> simulcastLayers) {
            this(participantId, trackId, source, muted, csrc, codec, simulcastLayers, false);
        }

        public Track withCodec(String codec) {
            return new Track(participantId, trackId, source, muted, csrc, codec, simulcastLayers, silenced);
        }

        public Track withMuted(boolean muted, boolean byHost) {
            return new Track(participantId, trackId, source, muted, csrc, codec, simulcastLayers, muted && byHost);
        }
    }

    /** @param audioLevel linear, 0 to 1 */
    public record Speaker(String participantId, double audioLevel) {}

    /**
     * Something that was said in writing.
     *
     * @param displayName of who said it, who may have left
     * @param sentAt ISO-8601 UTC
     */
    public record ChatMessage(String chatId, String participantId, String displayName, String text, String sentAt) {}

    /** @param trackId null: empty */
    public record Slot(String mid, String trackId) {}

    public record Waiting(String participantId, String displayName) {}

    /** @param endsAt when they close by themselves, ISO-8601 UTC, or null */
    public record Breakouts(List<Breakout> rooms, String endsAt) {
        public Breakouts {
            rooms = List.copyOf(rooms);
        }
    }

    /** @param participants who was sent there when it opened */
    public record Breakout(String name, List<String> participants) {
        public Breakout {
            participants = List.copyOf(participants);
        }
    }

    /** @param state {@code off} until recording exists */
    public record Recording(String state) {
        public static final Recording OFF = new Recording("off");
    }
}
