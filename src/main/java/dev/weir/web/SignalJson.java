package dev.weir.web;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.rtp.MediaKind;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Role;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What we say, as the wire's JSON (PROTOCOL section 4). Safe for use from any thread.
 */
final class SignalJson {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .addMixIn(Event.ParticipantUpdate.class, WithoutNulls.class)
            .addMixIn(Event.SpeakerChange.class, WithoutBreakout.class)
            .addMixIn(Event.Reaction.class, WithoutBreakout.class)
            .addMixIn(Snapshot.Member.class, WithoutNulls.class)
            .addModule(new SimpleModule()
                    .addSerializer(MediaKind.class, new Word<>(SignalJson::word))
                    .addSerializer(Role.class, new Word<>(Role::word))
                    .addSerializer(Source.class, new Word<>(Source::word))
                    .addSerializer(LeaveReason.class, new Word<>(LeaveReason::word))
                    .addSerializer(Snapshot.Track.class, new TrackWriter()))
            .build();

    private SignalJson() {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private interface WithoutNulls {}

    /** Who gets it is in there. */
    @JsonIgnoreProperties("breakout")
    private interface WithoutBreakout {}

    /** An enum's name on the wire. */
    private static final class Word<E> extends JsonSerializer<E> {
        private final Function<E, String> word;

        Word(Function<E, String> word) {
            this.word = word;
        }

        @Override
        public void serialize(E value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(word.apply(value));
        }
    }

    /** A track with its kind, which its source implies. */
    private static final class TrackWriter extends JsonSerializer<Snapshot.Track> {
        @Override
        public void serialize(Snapshot.Track track, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            json.writeStartObject();
            json.writeStringField("participantId", track.participantId());
            json.writeStringField("trackId", track.trackId());
            json.writeStringField("kind", word(track.source().kind()));
            json.writeStringField("source", track.source().word());
            json.writeBooleanField("muted", track.muted());
            json.writeNumberField("csrc", track.csrc());
            json.writeStringField("codec", track.codec());
            json.writeObjectField("simulcastLayers", track.simulcastLayers());
            json.writeEndObject();
        }
    }

    private static String word(MediaKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    // What we say.

    /** What stands beside type and seq. */
    static ObjectNode event(Event event) {
        ObjectNode fields = MAPPER.valueToTree(bodyOf(event));
        if (event instanceof Event.ParticipantUpdate update && Snapshot.Member.MAIN.equals(update.breakout())) {
            fields.putNull("breakout");
        }
        return fields;
    }

    private static Object bodyOf(Event event) {
        return switch (event) {
            case Event.TrackPublish(var track) -> track;
            case Event.Chat chat -> chat.message();
            case Event.BreakoutOpened(var breakouts) -> breakouts;
            default -> event;
        };
    }

    /** The whole answer to the join of one who waited. */
    static ObjectNode admitted(long seq, ObjectNode joined) {
        ObjectNode message = object().put("type", "waiting:admitted").put("seq", seq);
        message.setAll(joined);
        // The answer's own is the same, and this is where events have theirs.
        return message.put("seq", seq);
    }

    /** The fields of the answer to a join of one who has to wait, who learns nothing of the room. */
    static ObjectNode waiting(ShardAnswer.Waiting waiting) {
        return object().put("waiting", true)
                .put("participantId", waiting.participantId())
                .put("resume", waiting.resume())
                .put("seq", waiting.seq());
    }

    static ObjectNode ok(JsonNode id, ObjectNode fields) {
        ObjectNode message = object().put("type", "ok");
        message.set("id", id);
        message.setAll(fields);
        return message;
    }

    static ObjectNode error(Optional<JsonNode> id, ErrorCode code, String sentence) {
        ObjectNode message = object().put("type", "error");
        id.ifPresent(known -> message.set("id", known));
        return message.put("code", code.word()).put("message", sentence);
    }

    static ObjectNode error(JsonNode id, Outcome.Failed failed) {
        ObjectNode message = error(Optional.of(id), failed.code(), failed.sentence());
        return failed.retryAfterMs() > 0 ? message.put("retryAfterMs", failed.retryAfterMs()) : message;
    }

    /** The fields of the answer to a join. Who resumes gets what he missed and no snapshot. */
    static ObjectNode joined(ShardAnswer.Joined joined, ArrayNode iceServers, List<String> urls, SharedTexts texts) {
        ObjectNode fields = object().put("participantId", joined.participantId())
                .put("role", joined.role().word())
                .put("mode", joined.mode())
                .put("resume", joined.resume())
                .put("resumed", joined.resumed())
                .put("seq", joined.seq());
        fields.set("iceServers", iceServers);
        fields.set("urls", MAPPER.valueToTree(urls));
        if (!joined.resumed()) {
            fields.set("snapshot", texts.snapshot(joined.snapshot()));
        }
        return fields;
    }

    static ObjectNode answered(String sdp, List<ShardAnswer.TrackId> tracks) {
        ObjectNode fields = object().put("sdp", sdp);
        fields.set("tracks", MAPPER.valueToTree(tracks));
        return fields;
    }

    /** A record as it is written on the wire. */
    static ObjectNode tree(Record record) {
        return MAPPER.valueToTree(record);
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }
}
