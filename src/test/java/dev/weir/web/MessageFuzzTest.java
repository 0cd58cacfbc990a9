package dev.weir.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Well-formed JSON that is wrong in one or more places: the result is a request or a named refusal, never an exception. */
class MessageFuzzTest {
    private static final int MESSAGES = 20_000;
    private static final List<String> FIELDS = List.of(
            "type",
            "id",
            "text",
            "raised",
            "emoji",
            "participantId",
            "all",
            "kind",
            "muted",
            "role",
            "locked",
            "rooms",
            "name",
            "participants",
            "durationMs",
            "room",
            "countdownMs",
            "tiles",
            "sdp",
            "tracks",
            "resume",
            "seq");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyMessageIsReadOrRefusedWithASentence(long seed) throws Exception {
        Random random = new Random(seed);
        List<JsonNode> examples = examples();
        int read = 0;
        for (int i = 0; i < MESSAGES; i++) {
            ObjectNode message = examples.get(random.nextInt(examples.size())).deepCopy();
            for (int bends = random.nextInt(3); bends >= 0; bends--) {
                bend(random, message);
            }
            String text = message.toString();
            switch (MessageReader.read(text)) {
                case MessageReader.Reading.Read _ -> read++;
                case MessageReader.Reading.Unreadable refused ->
                    assertTrue(refused.sentence().endsWith("."), () -> text + ", seed " + seed);
            }
        }
        assertTrue(read > MESSAGES / 10 && read < MESSAGES, "some are read and some are not: " + read);
    }

    @ParameterizedTest
    @ValueSource(longs = {4})
    void aSocketAnswersEachWithOneAnswerAndStaysOpen(long seed) throws Exception {
        Random random = new Random(seed);
        List<JsonNode> examples = examples();
        try (TestServer server = new TestServer()) {
            TestSocket socket = server.join("lab");
            for (int i = 0; i < 300; i++) {
                ObjectNode message =
                        examples.get(random.nextInt(examples.size())).deepCopy();
                bend(random, message);
                if (message.path("type").asText().equals("leave")) {
                    continue;
                }
                message.put("id", "m" + i);
                socket.send(message.toString());
                assertEquals("m" + i, socket.next().path("id").asText(), () -> message + ", seed " + seed);
            }
            socket.assertOpen();
        }
    }

    private static List<JsonNode> examples() throws Exception {
        File folder =
                new File(MessageFuzzTest.class.getResource("/protocol/requests").toURI());
        List<JsonNode> examples = new ArrayList<>();
        for (String name : new TreeSet<>(List.of(folder.list()))) {
            examples.add(Examples.json("requests/" + name.replace(".json", "")));
        }
        return examples;
    }

    /** Changes, adds or takes away one field, somewhere. */
    private static void bend(Random random, ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.isEmpty() || random.nextInt(4) == 0
                ? FIELDS.get(random.nextInt(FIELDS.size()))
                : names.get(random.nextInt(names.size()));
        if (object.get(name) instanceof ObjectNode inner && random.nextBoolean()) {
            bend(random, inner);
        } else if (object.get(name) instanceof ArrayNode list
                && !list.isEmpty()
                && list.get(0) instanceof ObjectNode inner
                && random.nextBoolean()) {
            bend(random, inner);
        } else if (random.nextInt(5) == 0) {
            object.remove(name);
        } else {
            object.set(name, anything(random));
        }
    }

    private static JsonNode anything(Random random) {
        ObjectNode holder = SignalJson.object();
        switch (random.nextInt(11)) {
            case 0 -> holder.putNull("x");
            case 1 -> holder.put("x", random.nextBoolean());
            case 2 -> holder.put("x", random.nextInt());
            case 3 -> holder.put("x", Double.NaN);
            case 4 -> holder.put("x", random.nextLong() * 1e300);
            case 5 -> holder.put("x", "");
            case 6 -> holder.put("x", "x".repeat(random.nextInt(10_000)));
            case 7 -> holder.put("x", "\ud800\u0000\u202e");
            case 8 -> holder.putArray("x").add(1).addNull().addObject();
            case 9 -> holder.putObject("x").put("participantId", 7);
            default -> holder.put("x", FIELDS.get(random.nextInt(FIELDS.size())));
        }
        return holder.get("x");
    }
}
