package dev.weir.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The forms of all types that records between nodes consist of. Which those are follows from the root types and is
 * settled when the process starts: nothing that comes over the wire ever names a class. What a sealed interface may be
 * is told by the simple name of the record.
 */
final class WireForms {
    /** Elements of one list, set or map: more than a room's people and tracks. */
    static final int MAX_ELEMENTS = 100_000;

    private final Map<Type, WireForm> forms = new HashMap<>();

    WireForms() {
        scalar(String.class, null, JsonNode::isTextual, JsonNode::textValue);
        scalar(int.class, 0, JsonNode::canConvertToInt, JsonNode::intValue);
        scalar(Integer.class, null, JsonNode::canConvertToInt, JsonNode::intValue);
        scalar(long.class, 0L, JsonNode::canConvertToLong, JsonNode::longValue);
        scalar(Long.class, null, JsonNode::canConvertToLong, JsonNode::longValue);
        // A number that is none is written as a text.
        scalar(double.class, 0.0, JsonNode::isValueNode, JsonNode::asDouble);
        scalar(Double.class, null, JsonNode::isValueNode, JsonNode::asDouble);
        scalar(boolean.class, false, JsonNode::isBoolean, JsonNode::booleanValue);
        scalar(Boolean.class, null, JsonNode::isBoolean, JsonNode::booleanValue);
    }

    /** @throws IllegalArgumentException for a type that cannot travel: a mistake of ours, found as the process starts */
    WireForm of(Type type) {
        WireForm known = forms.get(type);
        if (known != null) {
            return known;
        }
        if (type instanceof ParameterizedType generic) {
            WireForm form = ofGeneric(generic);
            forms.put(type, form);
            return form;
        }
        if (type instanceof Class<?> named) {
            if (named.isEnum()) {
                WireForm form = new Constant(named);
                forms.put(type, form);
                return form;
            }
            if (named.isRecord()) {
                WireRecord form = new WireRecord(named);
                // Before its fields: a record may hold others of its own kind.
                forms.put(type, form);
                form.link(this);
                return form;
            }
            if (named.isSealed()) {
                WireChoice form = new WireChoice(named);
                forms.put(type, form);
                form.link(this);
                return form;
            }
        }
        throw new IllegalArgumentException("no form to send " + type + " in");
    }

    private WireForm ofGeneric(ParameterizedType type) {
        Type[] arguments = type.getActualTypeArguments();
        Type raw = type.getRawType();
        if (raw == List.class) {
            return new Many(of(arguments[0]), List::copyOf);
        }
        if (raw == Set.class) {
            return new Many(of(arguments[0]), LinkedHashSet::new);
        }
        if (raw == Optional.class) {
            return new Maybe(of(arguments[0]));
        }
        if (raw == Map.class) {
            return new Table((Class<?>) arguments[0], of(arguments[1]));
        }
        throw new IllegalArgumentException("no form to send " + type + " in");
    }

    private void scalar(
            Class<?> type,
            Object absent,
            Function<JsonNode, Boolean> fits,
            Function<JsonNode, ? extends Object> value) {
        forms.put(type, new WireForm() {
            @Override
            public void write(Object given, JsonGenerator out) throws IOException {
                switch (given) {
                    case String text -> out.writeString(text);
                    case Integer number -> out.writeNumber(number);
                    case Long number -> out.writeNumber(number);
                    case Double number -> out.writeNumber(number);
                    case Boolean flag -> out.writeBoolean(flag);
                    default -> throw new IllegalArgumentException("not of a simple type: " + given.getClass());
                }
            }

            @Override
            public Object read(JsonNode node) {
                if (!fits.apply(node)) {
                    throw new WireRefusal("a " + type.getSimpleName() + " is not one");
                }
                return value.apply(node);
            }

            @Override
            public Object absent() {
                return absent;
            }
        });
    }

    private static Object constant(Class<?> type, String name) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new WireRefusal("no " + type.getSimpleName() + " is called " + shortened(name));
    }

    static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }

    private static void requireFew(JsonNode node) {
        if (node.size() > MAX_ELEMENTS) {
            throw new WireRefusal("more than " + MAX_ELEMENTS + " elements");
        }
    }

    private record Constant(Class<?> type) implements WireForm {
        @Override
        public void write(Object value, JsonGenerator out) throws IOException {
            out.writeString(((Enum<?>) value).name());
        }

        @Override
        public Object read(JsonNode node) {
            return constant(type, node.asText());
        }
    }

    private record Many(WireForm element, Function<List<Object>, Object> kind) implements WireForm {
        @Override
        public void write(Object value, JsonGenerator out) throws IOException {
            out.writeStartArray();
            for (Object one : (Iterable<?>) value) {
                element.write(one, out);
            }
            out.writeEndArray();
        }

        @Override
        public Object read(JsonNode node) {
            if (!node.isArray()) {
                throw new WireRefusal("a list is none");
            }
            requireFew(node);
            List<Object> all = new ArrayList<>(node.size());
            node.forEach(one -> all.add(element.read(one)));
            return kind.apply(all);
        }

        @Override
        public Object absent() {
            return kind.apply(List.of());
        }
    }

    private record Maybe(WireForm value) implements WireForm {
        @Override
        public void write(Object given, JsonGenerator out) throws IOException {
            Optional<?> one = (Optional<?>) given;
            if (one.isPresent()) {
                value.write(one.get(), out);
            } else {
                out.writeNull();
            }
        }

        @Override
        public Object read(JsonNode node) {
            return node.isNull() ? Optional.empty() : Optional.of(value.read(node));
        }

        @Override
        public Object absent() {
            return Optional.empty();
        }
    }

    /** By texts or by constants. */
    private record Table(Class<?> key, WireForm value) implements WireForm {
        @Override
        public void write(Object given, JsonGenerator out) throws IOException {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) given).entrySet()) {
                out.writeFieldName(
                        entry.getKey() instanceof Enum<?> constant ? constant.name() : (String) entry.getKey());
                value.write(entry.getValue(), out);
            }
            out.writeEndObject();
        }

        @Override
        public Object read(JsonNode node) {
            if (!node.isObject()) {
                throw new WireRefusal("a table is none");
            }
            requireFew(node);
            Map<Object, Object> all = new LinkedHashMap<>();
            node.properties()
                    .forEach(entry -> all.put(
                            key.isEnum() ? constant(key, entry.getKey()) : entry.getKey(),
                            value.read(entry.getValue())));
            return all;
        }

        @Override
        public Object absent() {
            return Map.of();
        }
    }
}
