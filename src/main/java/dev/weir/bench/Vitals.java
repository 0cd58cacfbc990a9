package dev.weir.bench;

import dev.weir.load.ServerMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What a server holds, read from its metrics and from /proc. */
final class Vitals {
    private static final double MIB = 1 << 20;
    private static final double KIB = 1 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ServerProcess server;
    private final Series heap = new Series("heap after a collection", "MiB", MIB, 32);
    private final Series direct = new Series("direct buffers", "MiB", MIB, 16);
    private final Series resident = new Series("resident memory", "MiB", KIB, 48);
    private final Series files = new Series("open files", "", 1, 16);
    private final Series threads = new Series("threads", "", 1, 8);
    private int unanswered;

    Vitals(ServerProcess server) {
        this.server = server;
    }

    List<Series> all() {
        return List.of(heap, direct, resident, files, threads);
    }

    /** Readings that the server was too late for. */
    int unanswered() {
        return unanswered;
    }

    void sample() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(server.url()).resolve("/metrics"))
                    .timeout(PATIENCE)
                    .build();
            add(new ServerMetrics(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body()));
        } catch (IOException late) {
            unanswered++;
        }
    }

    private void add(ServerMetrics metrics) {
        add(heap, metrics.sum("jvm_gc_live_data_size_bytes", ""));
        OptionalDouble netty = metrics.sum("netty_allocator_memory_used", "direct");
        OptionalDouble java = metrics.sum("jvm_buffer_memory_used_bytes", "\"direct\"");
        add(direct, OptionalDouble.of(netty.orElse(0) + java.orElse(0)));
        add(files, metrics.sum("process_files_open_files", ""));
        add(threads, metrics.sum("jvm_threads_live_threads", ""));
        residentKib(server.pid()).ifPresent(resident::add);
    }

    private static void add(Series series, OptionalDouble value) {
        value.ifPresent(series::add);
    }

    private static OptionalLong residentKib(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst();
        } catch (IOException elsewhere) {
            return OptionalLong.empty();
        }
    }
}
