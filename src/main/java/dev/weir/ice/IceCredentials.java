package dev.weir.ice;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The user fragment and password of one side of a connection (RFC 8445 section 5.3; RFC 8839 section 5.4).
 *
 * @param ufrag 4 to 256 ice-chars
 * @param pwd 22 to 256 ice-chars; a secret, so that {@link #toString} leaves it out
 */
public record IceCredentials(String ufrag, String pwd) {
    /** The longest fragment or password that RFC 8839 allows. */
    public static final int MAX_CHARS = 256;

    private static final int MIN_UFRAG_CHARS = 4;
    private static final int MIN_PWD_CHARS = 22;
    private static final String ICE_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** Checks what {@link #of} checks; what comes from outside goes through that. */
    public IceCredentials {
        if (!isValid(ufrag, pwd)) throw new IllegalArgumentException("not ICE credentials");
    }

    /** Credentials from outside; empty when they are missing, too short, too long or not made of ice-chars. */
    public static Optional<IceCredentials> of(String ufrag, String pwd) {
        return isValid(ufrag, pwd) ? Optional.of(new IceCredentials(ufrag, pwd)) : Optional.empty();
    }

    /** Fresh credentials: 12 characters (72 bits, so that a node's fragments never meet) and 24 (144 bits). */
    public static IceCredentials random(RandomGenerator random) {
        return new IceCredentials(iceChars(random, 12), iceChars(random, 24));
    }

    private static boolean isValid(String ufrag, String pwd) {
        return isIceString(ufrag, MIN_UFRAG_CHARS) && isIceString(pwd, MIN_PWD_CHARS);
    }

    private static boolean isIceString(String text, int minChars) {
        return text != null
                && text.length() >= minChars
                && text.length() <= MAX_CHARS
                && text.chars().allMatch(c -> ICE_CHARS.indexOf(c) >= 0);
    }

    private static String iceChars(RandomGenerator random, int count) {
        var chars = new StringBuilder(count);
        for (int i = 0; i < count; i++) chars.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
        return chars.toString();
    }

    @Override
    public String toString() {
        return "IceCredentials[ufrag=" + ufrag + "]";
    }
}
