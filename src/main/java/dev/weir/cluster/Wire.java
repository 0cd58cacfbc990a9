package dev.weir.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records between nodes as bytes: a byte for the version, then an object of one field, whose name is the root type's.
 * Nodes of neighbouring versions understand each other as far as both know the records, so that a cluster can be
 * brought to a new release node by node; those further apart refuse each other.
 */
final class Wire {
    /** Rises with each release that changes a record that travels. */
    static final int VERSION = 1;

    /** The state of the largest room that is allowed takes less. */
    static final int MAX_BYTES = 32 * 1024 * 1024;

    private static final int MAX_DEPTH = 64;
    private static final int MAX_TEXT = 2 * 1024 * 1024;

    private record Root(String name, WireForm form) {}

    private final int version;
    private final Map<Class<?>, Root> byClass = new LinkedHashMap<>();
    private final Map<String, Root> byName = new LinkedHashMap<>();
    private final ObjectMapper json = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_TEXT)
                    .maxDocumentLength(MAX_BYTES)
                    .build())
            .build());

    /** @param roots records, and sealed interfaces of records */
    Wire(int version, List<Class<?>> roots) {
        this.version = version;
        WireForms forms = new WireForms();
        for (Class<?> type : roots) {
            Root root = new Root(nameOf(type), forms.of(type));
            if (byName.put(root.name(), root) != null) {
                throw new IllegalArgumentException("two roots are called " + root.name());
            }
            byClass.put(type, root);
        }
    }

    /** Nested ones are told apart by what they are nested in. */
    private static String nameOf(Class<?> type) {
        return type.getEnclosingClass() == null || !type.isRecord()
                ? type.getSimpleName()
                : type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName();
    }

    byte[] write(Record message) {
        Root root = rootOf(message);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        bytes.write(version);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeFieldName(root.name());
            root.form().write(message, out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes.size() > MAX_BYTES) {
            throw new IllegalArgumentException("a " + root.name() + " of " + bytes.size() + " bytes is too long");
        }
        return bytes.toByteArray();
    }

    private Root rootOf(Record message) {
        for (Map.Entry<Class<?>, Root> entry : byClass.entrySet()) {
            if (entry.getKey().isInstance(message)) {
                return entry.getValue();
            }
        }
        throw new IllegalArgumentException("a " + message.getClass() + " does not travel between nodes");
    }

    /** @throws WireRefusal whatever may have come */
    Record read(byte[] bytes) {
        if (bytes.length < 2 || bytes.length > MAX_BYTES) {
            throw new WireRefusal("a record of " + bytes.length + " bytes");
        }
        int theirs = Byte.toUnsignedInt(bytes[0]);
        if (Math.abs(theirs - version) > 1) {
            throw new WireRefusal("records of version " + theirs + ", and this node knows " + version
                    + " and its neighbours: bring all nodes to releases next to each other");
        }
        try {
            Map.Entry<String, JsonNode> only = onlyFieldOf(json.readTree(bytes, 1, bytes.length - 1));
            Root root = byName.get(only.getKey());
            if (root == null) {
                throw new WireRefusal("no record is called " + WireForms.shortened(only.getKey()));
            }
            return (Record) root.form().read(only.getValue());
        } catch (IOException e) {
            throw new WireRefusal("a record that is garbled");
        }
    }

    private static Map.Entry<String, JsonNode> onlyFieldOf(JsonNode tree) {
        if (tree == null || !tree.isObject() || tree.size() != 1) {
            throw new WireRefusal("a record without a name");
        }
        return tree.properties().iterator().next();
    }
}
