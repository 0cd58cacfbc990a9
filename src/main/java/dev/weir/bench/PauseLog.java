package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's log of its garbage collector and safepoints (JEP 158): how long it stood still. Micrometer's figures of
 * pauses are in whole milliseconds, which is longer than they take.
 */
record PauseLog(Path file) {
    private static final Pattern PAUSE = Pattern.compile("Pause [^0-9]* ([0-9.]+)ms");
    private static final Pattern SAFEPOINT = Pattern.compile("Safepoint \"([^\"]+)\".* Total: ([0-9]+) ns");
    private static final double NANOS_PER_MS = 1e6;

    /**
     * The longest of a while.
     *
     * @param pauses of the garbage collector
     * @param safepointMs with the time until all threads stood, and for whatever reason
     */
    record Worst(int pauses, double pauseMs, double safepointMs, String safepoint) {}

    /** The flag that has it written. */
    String flag() {
        return "-Xlog:gc+phases=info,safepoint=info:file=" + file + "::filecount=0";
    }

    int lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    /** @param skipped lines from before the while */
    Worst since(int skipped) throws IOException {
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return worst(lines.subList(Math.min(skipped, lines.size()), lines.size()));
    }

    static Worst worst(List<String> lines) {
        int pauses = 0;
        double pauseMs = 0;
        double safepointMs = 0;
        String safepoint = "none";
        for (String line : lines) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                pauses++;
                pauseMs = Math.max(pauseMs, Double.parseDouble(pause.group(1)));
            }
            Matcher stop = SAFEPOINT.matcher(line);
            if (stop.find() && Long.parseLong(stop.group(2)) / NANOS_PER_MS > safepointMs) {
                safepointMs = Long.parseLong(stop.group(2)) / NANOS_PER_MS;
                safepoint = stop.group(1);
            }
        }
        return new Worst(pauses, pauseMs, safepointMs, safepoint);
    }
}
