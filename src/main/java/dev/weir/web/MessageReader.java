package dev.weir.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.rtp.MediaKind;
import dev.weir.signal.Capabilities;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Request;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Source;
import java.util.Optional;
import java.util.Set;

/** What clients say, read from the wire's JSON (PROTOCOL section 4). Whatever comes, the result is a value. */
final class MessageReader {
    static final int MAX_TILES = 200;
    static final int MAX_TILE_SIDE = 16_384;
    static final int MAX_MUTED = 10_000;
    static final int MAX_TRACKS = 64;
    static final int MAX_ID = 128;
    private static final int MAX_MID = 16;
    private static final int MAX_CODECS = 32;
    private static final int MAX_CODEC_NAME = 32;
    private static final int MAX_SLOTS = 1000;
    private static final int MAX_SDK = 128;
    private static final int MAX_CANDIDATE = 4096;
    private static final int MAX_RESUME_TOKEN = 1_024;
    private static final int MAX_NAME_UNITS = 320;
    private static final int MAX_MILLIS = 60_000;
    private static final int MAX_LOAD = 256;
    private static final int PROTOCOL = 1;

    /** What the protocol has and this release does not. */
    private static final Set<String> LATER = Set.of("signal", "switched", "record:start", "record:stop", "e2ee:key");

    private MessageReader() {}

    /** What became of a client's text. */
    sealed interface Reading {
        record Read(JsonNode id, ClientMessage message) implements Reading {}

        record Unreadable(Optional<JsonNode> id, ErrorCode code, String sentence) implements Reading {}
    }

    static Reading read(String text) {
        JsonNode message;
        try {
            message = SignalJson.MAPPER.readTree(text);
        } catch (JacksonException _) {
            return new Reading.Unreadable(Optional.empty(), ErrorCode.BAD_REQUEST, "The message is not JSON.");
        }
        if (message == null || !message.isObject()) {
            return new Reading.Unreadable(Optional.empty(), ErrorCode.BAD_REQUEST, "The message is not a JSON object.");
        }
        return readObject(message);
    }

    private static Reading readObject(JsonNode message) {
        Optional<JsonNode> id = Optional.of(message.path("id")).filter(MessageReader::isId);
        if (id.isEmpty()) {
            return unreadable(id, "A request needs an id: a text of at most %d characters.".formatted(MAX_ID));
        }
        if (!message.path("type").isTextual()) {
            return unreadable(id, "A request needs a type.");
        }
        String type = message.path("type").textValue();
        if (LATER.contains(type)) {
            return new Reading.Unreadable(
                    id, ErrorCode.NOT_IMPLEMENTED, "This release does not know " + type + " yet.");
        }
        try {
            return readFields(type, Fields.of(message))
                    .<Reading>map(read -> new Reading.Read(id.get(), read))
                    .orElseGet(() -> unreadable(id, "There is no request of that type."));
        } catch (Fields.Wrong wrong) {
            return unreadable(id, type + ": " + wrong.getMessage() + ".");
        }
    }

    /** Ids are opaque to us; a number is as good as a text. */
    private static boolean isId(JsonNode id) {
        return id.isTextual() && id.textValue().length() <= MAX_ID || id.isIntegralNumber() && id.canConvertToLong();
    }

    private static Reading unreadable(Optional<JsonNode> id, String sentence) {
        return new Reading.Unreadable(id, ErrorCode.BAD_REQUEST, sentence);
    }

    private static Optional<ClientMessage> readFields(String type, Fields fields) {
        return Optional.ofNullable(
                switch (type) {
                    case "join" -> join(fields);
                    case "offer" -> offer(fields);
                    case "candidate" -> candidate(fields);
                    case "view" -> new ClientMessage.Ask(view(fields));
                    case "mute" ->
                        new ClientMessage.Ask(
                                new Request.Mute(fields.text("trackId", 1, MAX_ID), fields.flag("muted")));
                    case "unpublish" -> new ClientMessage.Ask(new Request.Unpublish(fields.text("trackId", 1, MAX_ID)));
                    case "quality" -> new ClientMessage.Ask(quality(fields));
                    case "leave" -> new ClientMessage.Ask(new Request.Leave());
                    case "ping" -> new ClientMessage.Ping();
                    default ->
                        RoomRequests.read(type, fields)
                                .map(ClientMessage.Ask::new)
                                .orElse(null);
                });
    }

    private static ClientMessage join(Fields fields) {
        if (fields.number("protocol", 0, Integer.MAX_VALUE) != PROTOCOL) {
            throw new Fields.Wrong("this server speaks protocol " + PROTOCOL);
        }
        String name = fields.textOr("name", MAX_NAME_UNITS, "");
        if (!name.isEmpty() && !Names.isDisplayName(name)) {
            throw new Fields.Wrong("name has to be 1 to 80 characters without controls");
        }
        return new ClientMessage.Join(
                name,
                fields.object("capabilities").map(MessageReader::capabilities).orElse(Capabilities.UNKNOWN),
                fields.object("resume")
                        .map(resume -> new ShardRequest.Resume(
                                resume.text("token", 1, MAX_RESUME_TOKEN), resume.count("seq"))));
    }

    private static Capabilities capabilities(Fields fields) {
        return new Capabilities(
                fields.texts("codecs", MAX_CODECS, MAX_CODEC_NAME),
                fields.object("slots")
                        .map(slots -> new Capabilities.Slots(
                                slots.numberOr("audio", 0, MAX_SLOTS, 0), slots.numberOr("video", 0, MAX_SLOTS, 0)))
                        .orElse(Capabilities.UNKNOWN.slots()),
                fields.object("maxDecode")
                        .map(most -> new Capabilities.MaxDecode(
                                most.numberOr("width", 0, MAX_TILE_SIDE, 0),
                                most.numberOr("height", 0, MAX_TILE_SIDE, 0),
                                most.numberOr("streams", 0, MAX_SLOTS, 0)))
                        .orElse(Capabilities.UNKNOWN.maxDecode()),
                fields.textOr("sdk", MAX_SDK, ""));
    }

    private static ClientMessage offer(Fields fields) {
        return new ClientMessage.Offer(
                fields.text("sdp", 1, SocketLimits.MESSAGE_BYTES),
                fields.objects("tracks", MAX_TRACKS).stream()
                        .map(MessageReader::declaration)
                        .toList());
    }

    private static ClientMessage.Declaration declaration(Fields fields) {
        String mid = fields.text("mid", 1, MAX_MID);
        Source source = Source.of(fields.text("source", 0, MAX_ID))
                .orElseThrow(() -> new Fields.Wrong("a source is camera, microphone, screen or screenAudio"));
        MediaKind kind =
                switch (fields.text("kind", 0, MAX_ID)) {
                    case "audio" -> MediaKind.AUDIO;
                    case "video" -> MediaKind.VIDEO;
                    default -> throw new Fields.Wrong("a kind is audio or video");
                };
        return new ClientMessage.Declaration(mid, kind, source);
    }

    /** Null, the candidate's line, or the object that browsers make of it. */
    private static ClientMessage candidate(Fields fields) {
        JsonNode candidate = fields.object().path("candidate");
        JsonNode line = candidate.isObject() ? candidate.path("candidate") : candidate;
        boolean valid = line.isNull() || line.isTextual() && line.textValue().length() <= MAX_CANDIDATE;
        if (!valid) {
            throw new Fields.Wrong("candidate has to be a candidate or null");
        }
        return new ClientMessage.Candidate();
    }

    private static Request.View view(Fields fields) {
        return new Request.View(
                fields.objects("tiles", MAX_TILES).stream()
                        .map(MessageReader::tile)
                        .toList(),
                fields.flagOr("audioOnly", false),
                fields.texts("mutedAudio", MAX_MUTED, MAX_ID));
    }

    private static Request.Quality quality(Fields fields) {
        return new Request.Quality(
                fields.flagOr("cpuLimited", false),
                fields.numberOr("rttMs", 0, MAX_MILLIS, 0),
                fields.numberOr("jitterMs", 0, MAX_MILLIS, 0),
                fields.fractionOr("lossIn", 1, 0),
                fields.fractionOr("framesDropped", 1, 0),
                fields.fractionOr("decodeLoad", MAX_LOAD, 0));
    }

    private static Request.Tile tile(Fields fields) {
        return new Request.Tile(
                fields.text("trackId", 1, MAX_ID),
                fields.number("width", 0, MAX_TILE_SIDE),
                fields.number("height", 0, MAX_TILE_SIDE),
                fields.flagOr("pinned", false));
    }
}
