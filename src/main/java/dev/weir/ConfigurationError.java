package dev.weir;

/** What the operator asked for cannot be; the message is the one line that he reads, and it names the culprit. */
final class ConfigurationError extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConfigurationError(String sentence) {
        super(sentence, null, false, false);
    }
}
