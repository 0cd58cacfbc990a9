package dev.weir.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the fields of a message, strictly. {@link SignalJson} turns a {@link Wrong} into an error for the client. */
record Fields(JsonNode object, String path) {

    /** Control flow within this package's reading of one message; it never leaves {@link SignalJson}. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String sentence) {
            super(sentence, null, false, false);
        }
    }

    static Fields of(JsonNode message) {
        return new Fields(message, "");
    }

    boolean has(String name) {
        return !isMissing(name);
    }

    String text(String name, int minLength, int maxLength) {
        JsonNode value = object.path(name);
        if (!value.isTextual()
                || value.textValue().length() < minLength
                || value.textValue().length() > maxLength) {
            throw new Wrong("%s%s has to be a text of %d to %d characters".formatted(path, name, minLength, maxLength));
        }
        return value.textValue();
    }

    String textOr(String name, int maxLength, String missing) {
        return isMissing(name) ? missing : text(name, 0, maxLength);
    }

    /** Any number in the range, rounded: CSS pixels times a device pixel ratio need not be whole. */
    int number(String name, int min, int max) {
        JsonNode value = object.path(name);
        if (!value.isNumber() || !(value.doubleValue() >= min && value.doubleValue() <= max)) {
            throw new Wrong("%s%s has to be a number from %d to %d".formatted(path, name, min, max));
        }
        return (int) Math.round(value.doubleValue());
    }

    int numberOr(String name, int min, int max, int missing) {
        return isMissing(name) ? missing : number(name, min, max);
    }

    /** Any number from 0 to max. */
    double fractionOr(String name, double max, double missing) {
        if (isMissing(name)) {
            return missing;
        }
        JsonNode value = object.path(name);
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= max)) {
            throw new Wrong("%s%s has to be a number from 0 to %s".formatted(path, name, max));
        }
        return value.doubleValue();
    }

    long count(String name) {
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new Wrong("%s%s has to be a whole number, 0 or more".formatted(path, name));
        }
        return value.longValue();
    }

    boolean flag(String name) {
        if (!object.path(name).isBoolean()) {
            throw new Wrong("%s%s has to be true or false".formatted(path, name));
        }
        return object.path(name).booleanValue();
    }

    boolean flagOr(String name, boolean missing) {
        return isMissing(name) ? missing : flag(name);
    }

    Optional<Fields> object(String name) {
        if (isMissing(name)) {
            return Optional.empty();
        }
        if (!object.path(name).isObject()) {
            throw new Wrong("%s%s has to be an object".formatted(path, name));
        }
        return Optional.of(new Fields(object.path(name), path + name + "."));
    }

    List<Fields> objects(String name, int max) {
        return list(name, max, element -> {
            if (!element.isObject()) {
                throw new Wrong("%s%s has to hold objects".formatted(path, name));
            }
            return new Fields(element, path + name + "[].");
        });
    }

    List<String> texts(String name, int max, int maxLength) {
        return list(name, max, element -> {
            if (!element.isTextual() || element.textValue().length() > maxLength) {
                throw new Wrong("%s%s has to hold texts of at most %d characters".formatted(path, name, maxLength));
            }
            return element.textValue();
        });
    }

    private <T> List<T> list(String name, int max, Function<JsonNode, T> read) {
        List<T> elements = new ArrayList<>();
        if (isMissing(name)) {
            return elements;
        }
        JsonNode array = object.path(name);
        if (!array.isArray() || array.size() > max) {
            throw new Wrong("%s%s has to be a list of at most %d".formatted(path, name, max));
        }
        array.forEach(element -> elements.add(read.apply(element)));
        return elements;
    }

    private boolean isMissing(String name) {
        return object.path(name).isMissingNode() || object.path(name).isNull();
    }
}
