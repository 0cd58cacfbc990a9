package dev.weir.cluster;

/** What came from another node is not to be understood here; the message says why, in one line. */
final class WireRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    WireRefusal(String sentence) {
        super(sentence, null, false, false);
    }
}
