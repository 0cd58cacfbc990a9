package dev.weir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

/** Runs a command line in this process, in a folder and an environment of the test's own. */
record Commands(int code, String out, String err) {
    static final String SECRET = "0123456789abcdef0123456789abcdef";

    static Commands run(Path folder, Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(
                new Surroundings(environment, folder, folder, new PrintWriter(out), new PrintWriter(err)), arguments);
        return new Commands(code, out.toString(), err.toString());
    }
}
