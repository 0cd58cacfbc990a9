package dev.weir;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the process is started in; tests make their own.
 *
 * @param folder the working folder, where relative names start
 * @param home the folder of the clone or installation whose conf/weir.yaml is read if the working folder has none
 */
record Surroundings(Map<String, String> environment, Path folder, Path home, PrintWriter out, PrintWriter err) {
    static Surroundings ofProcess() {
        Path folder = Path.of("");
        return new Surroundings(
                System.getenv(),
                folder,
                Path.of(System.getProperty("weir.home", "")),
                new PrintWriter(System.out, true),
                new PrintWriter(System.err, true));
    }
}
