package dev.weir;

import java.lang.reflect.InvocationTargetException;

/**
 * The jar's first class, compiled for Java 8: on a Java that is too old it says so in one line, otherwise it calls
 * {@code Main}, which it may only name as text.
 */
public final class Launcher {
    private static final int NEEDED = 25;

    private Launcher() {}

    public static void main(String[] arguments) throws Throwable {
        if (feature(System.getProperty("java.specification.version")) < NEEDED) {
            System.err.println("weir needs Java " + NEEDED + " or later; this is Java "
                    + System.getProperty("java.version") + " (" + System.getProperty("java.home")
                    + "). Install a newer one, or let ./weir run find it.");
            System.exit(2);
        }
        try {
            Class.forName("dev.weir.Main").getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Before Java 9 the version was written 1.8. */
    static int feature(String specification) {
        String number = specification.startsWith("1.") ? specification.substring(2) : specification;
        return Integer.parseInt(number);
    }
}
