package dev.weir.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** One of the records of a sealed interface, told by its simple name. */
final class WireChoice implements WireForm {
    private static final String TAG = "@";

    private final Class<?> type;
    private final Map<String, WireRecord> byName = new LinkedHashMap<>();

    WireChoice(Class<?> type) {
        this.type = type;
    }

    void link(WireForms all) {
        link(type, all);
    }

    private void link(Class<?> choice, WireForms all) {
        for (Class<?> permitted : choice.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                if (byName.put(permitted.getSimpleName(), (WireRecord) all.of(permitted)) != null) {
                    throw new IllegalArgumentException(
                            type + " has two records of the name " + permitted.getSimpleName());
                }
            } else {
                link(permitted, all);
            }
        }
    }

    @Override
    public void write(Object value, JsonGenerator out) throws IOException {
        String name = value.getClass().getSimpleName();
        out.writeStartObject();
        out.writeStringField(TAG, name);
        byName.get(name).writeFields(value, out);
        out.writeEndObject();
    }

    @Override
    public Object read(JsonNode node) {
        String name = node.path(TAG).asText();
        WireRecord form = byName.get(name);
        if (form == null) {
            throw new WireRefusal("no " + type.getSimpleName() + " is called " + WireForms.shortened(name));
        }
        return form.read(node);
    }
}
