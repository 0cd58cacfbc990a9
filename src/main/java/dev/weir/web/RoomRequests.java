package dev.weir.web;

import dev.weir.rtp.MediaKind;
import dev.weir.signal.Role;
import dev.weir.signal.RoomRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The requests that the room answers: chat and the like, and what hosts ask (PROTOCOL section 4). */
final class RoomRequests {
    /** PROTOCOL section 4: 4 kB. */
    static final int MAX_TEXT_BYTES = 4096;

    /** Room for a family of four with all its joiners, and for flags made of tags. */
    static final int MAX_EMOJI_BYTES = 64;

    static final int MAX_BREAKOUTS = 50;
    static final int MAX_LISTED = 10_000;
    private static final int DAY_MS = 86_400_000;
    private static final int MAX_COUNTDOWN_MS = 600_000;
    private static final int MAX_NAME_UNITS = 320;

    private RoomRequests() {}

    /** Empty: it is none of these. */
    static Optional<RoomRequest> read(String type, Fields fields) {
        return Optional.ofNullable(
                switch (type) {
                    case "chat" -> new RoomRequest.Chat(text(fields, "text", MAX_TEXT_BYTES));
                    case "hand" -> new RoomRequest.Hand(fields.flag("raised"));
                    case "reaction" -> new RoomRequest.Reaction(emoji(fields));
                    case "host:admit" -> new RoomRequest.Admit(oneOrAll(fields));
                    case "host:deny" -> new RoomRequest.Deny(participant(fields));
                    case "host:remove" -> new RoomRequest.Remove(participant(fields));
                    case "host:promote" -> new RoomRequest.Promote(participant(fields), role(fields));
                    case "host:mute" ->
                        new RoomRequest.HostMute(oneOrAll(fields), kind(fields), fields.flagOr("muted", true));
                    case "host:lock" -> new RoomRequest.Lock(fields.flag("locked"));
                    case "host:end" -> new RoomRequest.End();
                    case "breakout:open" -> open(fields);
                    case "breakout:move" ->
                        new RoomRequest.MoveToBreakout(
                                participant(fields),
                                fields.has("room") ? Optional.of(name(fields, "room")) : Optional.empty());
                    case "breakout:broadcast" -> new RoomRequest.Broadcast(text(fields, "text", MAX_TEXT_BYTES));
                    case "breakout:close" ->
                        new RoomRequest.CloseBreakouts(fields.numberOr("countdownMs", 0, MAX_COUNTDOWN_MS, 0));
                    default -> null;
                });
    }

    private static String participant(Fields fields) {
        return fields.text("participantId", 1, MessageReader.MAX_ID);
    }

    private static Optional<String> oneOrAll(Fields fields) {
        boolean all = fields.flagOr("all", false);
        if (all == fields.has("participantId")) {
            throw new Fields.Wrong("either participantId or all: true has to be given");
        }
        return all ? Optional.empty() : Optional.of(participant(fields));
    }

    private static Role role(Fields fields) {
        return Role.of(fields.text("role", 0, MessageReader.MAX_ID))
                .orElseThrow(() -> new Fields.Wrong("a role is host, cohost, guest or viewer"));
    }

    private static MediaKind kind(Fields fields) {
        return switch (fields.textOr("kind", MessageReader.MAX_ID, "audio")) {
            case "audio" -> MediaKind.AUDIO;
            case "video" -> MediaKind.VIDEO;
            default -> throw new Fields.Wrong("a kind is audio or video");
        };
    }

    private static String text(Fields fields, String name, int maxBytes) {
        String text = fields.text(name, 1, maxBytes);
        if (text.isBlank() || text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new Fields.Wrong("%s has to be a text of 1 to %d bytes".formatted(name, maxBytes));
        }
        return text;
    }

    private static String emoji(Fields fields) {
        String emoji = text(fields, "emoji", MAX_EMOJI_BYTES);
        if (emoji.codePoints().anyMatch(Character::isISOControl)) {
            throw new Fields.Wrong("emoji has no controls");
        }
        return emoji;
    }

    private static String name(Fields fields, String field) {
        String name = fields.text(field, 1, MAX_NAME_UNITS);
        if (!Names.isDisplayName(name)) {
            throw new Fields.Wrong(field + " has to be 1 to 80 characters without controls");
        }
        return name;
    }

    private static RoomRequest open(Fields fields) {
        return new RoomRequest.OpenBreakouts(
                fields.objects("rooms", MAX_BREAKOUTS).stream()
                        .map(room -> new RoomRequest.OpenBreakouts.Breakout(
                                name(room, "name"),
                                !room.has("participants")
                                        ? Optional.empty()
                                        : Optional.of(room.texts("participants", MAX_LISTED, MessageReader.MAX_ID))))
                        .toList(),
                fields.numberOr("durationMs", 0, DAY_MS, 0));
    }
}
