package dev.weir.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server started for one scenario, on free ports. */
final class ServerProcess implements AutoCloseable {
    private static final String READY = " ready at ";
    private static final int PATIENCE_SECONDS = 20;

    private final Process process;
    private final String url;

    private ServerProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** @throws IOException with what it said, when it does not get ready */
    static ServerProcess start(Machine machine, List<String> flags) throws IOException {
        return start(machine, List.of(), flags);
    }

    static ServerProcess start(Machine machine, List<String> jvmFlags, List<String> flags) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "--port", "0", "--udp-port", "0", "--loops", "1"));
        arguments.addAll(flags);
        Process process = new ProcessBuilder(machine.command(true, jvmFlags, arguments))
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        BufferedReader reader = process.inputReader();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            int ready = line.indexOf(READY);
            if (ready >= 0) {
                drain(reader);
                return new ServerProcess(process, line.substring(ready + READY.length()));
            }
            said.append(line).append(System.lineSeparator());
        }
        throw new IOException("the server did not start: " + said);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String url() {
        return url;
    }

    /** What it says from now on is of no interest, but must be read or it would stand still. */
    private static void drain(BufferedReader reader) {
        Thread.ofVirtual().start(() -> {
            try {
                reader.transferTo(Writer.nullWriter());
            } catch (IOException closed) {
                // The process has ended, and its output with it.
            }
        });
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
