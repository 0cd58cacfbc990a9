package dev.weir.web;

import java.util.regex.Pattern;

/** Which names rooms and people may have (PROTOCOL section 2). */
public final class Names {
    private static final Pattern ROOM = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final int MAX_DISPLAY_NAME = 80;

    private Names() {}

    public static boolean isRoom(String name) {
        return name != null && ROOM.matcher(name).matches();
    }

    /** Counted in code points, so that an emoji is one character. */
    public static boolean isDisplayName(String name) {
        return !name.isBlank()
                && name.codePointCount(0, name.length()) <= MAX_DISPLAY_NAME
                && name.codePoints().allMatch(Names::isPlain);
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            // The bidirectional controls, with which a name could rearrange the text around it; joiners stay, for
            // emoji.
            case Character.FORMAT ->
                !(codePoint >= 0x202a && codePoint <= 0x202e || codePoint >= 0x2066 && codePoint <= 0x2069);
            default -> true;
        };
    }
}
