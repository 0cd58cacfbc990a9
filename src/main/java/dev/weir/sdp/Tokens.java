package dev.weir.sdp;

/** The lexical elements of session descriptions (RFC 8866 section 9). */
final class Tokens {
    /** How much of a bad value a refusal repeats. */
    private static final int SHOWN = 32;

    /** What fits a one-byte RTP header extension element, which carries mids and rids (RFC 8285 section 4.2). */
    private static final int MAX_NAME = 16;

    private Tokens() {}

    /** The decimal number, or -1 if it is none of 0 to max. */
    static int number(String text, int max) {
        return (int) number(text, (long) max);
    }

    static long number(String text, long max) {
        if (text.isEmpty() || text.length() > 10) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number > max ? -1 : number;
    }

    /** Whether it is a token of RFC 8866. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isAlphanumeric(c) || "!#$%&'*+-.^_`{|}~".indexOf(c) >= 0);
    }

    /** Whether it can be a mid: a token (RFC 5888) of at most 16 characters. */
    static boolean isMid(String text) {
        return text.length() <= MAX_NAME && isToken(text);
    }

    /** Whether it can be a rid (RFC 8851 section 10) of at most 16 characters. */
    static boolean isRid(String text) {
        return text.length() <= MAX_NAME
                && !text.isEmpty()
                && text.chars().allMatch(c -> isAlphanumeric(c) || c == '-' || c == '_');
    }

    /**
     * Whether all are ice-chars (RFC 8839 section 5.4), or one of the four others that libwebrtc takes too and some
     * clients therefore send.
     */
    static boolean isIce(String text) {
        return text.chars().allMatch(c -> isAlphanumeric(c) || "+/-#=_".indexOf(c) >= 0);
    }

    static String quoted(String value) {
        return '"' + (value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…") + '"';
    }

    private static boolean isAlphanumeric(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
