package dev.weir.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** A record, its fields by their names. Fields that are not known here are ignored, those that miss get a default. */
final class WireRecord implements WireForm {
    private final Class<?> type;
    private final RecordComponent[] components;
    private final Method[] accessors;
    private final Constructor<?> constructor;
    private final WireForm[] forms;

    WireRecord(Class<?> type) {
        this.type = type;
        this.components = type.getRecordComponents();
        this.accessors =
                Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
        this.forms = new WireForm[components.length];
        try {
            this.constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
        constructor.setAccessible(true);
        Arrays.stream(accessors).forEach(accessor -> accessor.setAccessible(true));
    }

    void link(WireForms all) {
        for (int i = 0; i < components.length; i++) {
            forms[i] = all.of(components[i].getGenericType());
        }
    }

    @Override
    public void write(Object value, JsonGenerator out) throws IOException {
        out.writeStartObject();
        writeFields(value, out);
        out.writeEndObject();
    }

    void writeFields(Object value, JsonGenerator out) throws IOException {
        for (int i = 0; i < components.length; i++) {
            Object field = field(value, i);
            if (field != null) {
                out.writeFieldName(components[i].getName());
                forms[i].write(field, out);
            }
        }
    }

    private Object field(Object value, int index) {
        try {
            return accessors[index].invoke(value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Object read(JsonNode node) {
        if (!node.isObject()) {
            throw new WireRefusal("a " + type.getSimpleName() + " is none");
        }
        Object[] fields = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            JsonNode given = node.get(components[i].getName());
            fields[i] = given == null ? forms[i].absent() : forms[i].read(given);
        }
        try {
            return constructor.newInstance(fields);
        } catch (InvocationTargetException e) {
            throw new WireRefusal("what came is no " + type.getSimpleName() + ": " + e.getCause());
        } catch (InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
