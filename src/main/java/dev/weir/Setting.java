package dev.weir;

import java.util.Locale;

/**
 * One thing that an operator can set: a key of the file, a flag and an environment variable in one.
 *
 * @param key section and name, such as {@code media.udpPort}
 * @param flag such as {@code --udp-port}
 * @param fallback the default as text, empty for none
 * @param description a sentence for the help, the file and the documentation
 */
record Setting<T>(String key, String flag, ValueType<T> type, String fallback, String description) {
    String section() {
        return key.substring(0, key.indexOf('.'));
    }

    String name() {
        return key.substring(key.indexOf('.') + 1);
    }

    /** {@code media.udpPort} is {@code WEIR_MEDIA_UDP_PORT}. */
    String variable() {
        return "WEIR_"
                + key.replace('.', '_').replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    /** The name of a variable that somebody may guess from the flag. */
    String guessedVariable() {
        return "WEIR_" + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    boolean secret() {
        return type == (Object) ValueType.SECRET;
    }

    boolean isSwitch() {
        return type == (Object) ValueType.SWITCH;
    }
}
