package dev.weir.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server under a load of four fifths of its core for a while: rooms of eight with talkers, people who come and go, and
 * views that change; and whether it needs more of anything as time passes.
 */
public final class Soak {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Of the server's core, or of the generator's where that is the less. */
    private static final double SHARE = 0.8;

    private static final int ROOM = 8;
    private static final String PEOPLE =
            "--participants " + ROOM + " --layers q,h,f --tiles 4 --tile-height 360 --audio --talkers 3 --verify 8";

    private static final int TRIAL_ROOMS = 3;
    private static final int TRIAL_SECONDS = 20;
    private static final int MAX_ROOMS = 200;
    private static final int WARMUP_SECONDS = 10;

    /** A collection of the whole heap so often, so that what is left after one is known as time passes. */
    private static final List<String> JVM_FLAGS = List.of("-XX:ZCollectionIntervalMajor=5", "-XX:+AlwaysPreTouch");

    /**
     * What is asked.
     *
     * @param minutes of the measured phase
     * @param rooms 0: as many as make up the share
     * @param folder for the JSON and the server's log of pauses
     */
    public record Request(int minutes, int rooms, Path folder) {}

    private final Machine machine = new Machine();
    private final Request request;
    private final PrintWriter out;
    private final PauseLog pauses;
    private final Path json;

    /** Lines of the log of pauses from before the measured phase. */
    private int linesBefore;

    private Soak(Request request, PrintWriter out) {
        this.request = request;
        this.out = out;
        this.pauses = new PauseLog(request.folder().resolve("soak-pauses.log"));
        this.json = request.folder().resolve("soak-load.json");
    }

    /** @return whether nothing grew, and all who came got in */
    public static boolean run(Request request, PrintWriter out) throws IOException, InterruptedException {
        Files.createDirectories(request.folder());
        return new Soak(request, out).run();
    }

    private boolean run() throws IOException, InterruptedException {
        Files.deleteIfExists(pauses.file());
        List<String> flags = new ArrayList<>(JVM_FLAGS);
        flags.add(pauses.flag());
        try (ServerProcess server = ServerProcess.start(machine, flags, List.of())) {
            int rooms = request.rooms() > 0 ? request.rooms() : roomsOfTheShare(server);
            say(rooms + " rooms of " + ROOM + " for " + request.minutes() + " min: " + churn(rooms)
                    + " leave and come each second, " + viewChanges(rooms) + " views change");
            Vitals vitals = new Vitals(server);
            JsonNode load = load(server, "soak", rooms, request.minutes() * 60, Optional.of(vitals));
            return report(rooms, vitals, pauses.since(linesBefore), load) && server.isAlive();
        } finally {
            Files.deleteIfExists(json);
        }
    }

    /** By what a few rooms take, once the server's code is compiled. */
    private int roomsOfTheShare(ServerProcess server) throws IOException, InterruptedException {
        say("trying " + TRIAL_ROOMS + " rooms, twice");
        load(server, "warm-up", TRIAL_ROOMS, TRIAL_SECONDS, Optional.empty());
        JsonNode trial = load(server, "trial", TRIAL_ROOMS, TRIAL_SECONDS, Optional.empty());
        double serverCores = trial.path("server").path("cpuCores").asDouble(1);
        double generatorCores = trial.path("generator").path("busiestLoop").asDouble(1);
        double times = SHARE / Math.max(serverCores, generatorCores);
        say(String.format(
                Locale.ROOT,
                "%d rooms: server %.2f of its core, the generator's busiest loop %.2f",
                TRIAL_ROOMS,
                serverCores,
                generatorCores));
        return Math.clamp((int) (TRIAL_ROOMS * times), 1, MAX_ROOMS);
    }

    /** @param vitals to be read through the measured phase */
    private JsonNode load(ServerProcess server, String room, int rooms, int seconds, Optional<Vitals> vitals)
            throws IOException, InterruptedException {
        Files.deleteIfExists(json);
        List<String> arguments = new ArrayList<>(List.of("load", "--server", server.url(), "--rooms", "" + rooms));
        arguments.addAll(List.of(PEOPLE.split(" ")));
        arguments.addAll(List.of("--room", room, "--joins-per-second", "20"));
        arguments.addAll(List.of("--churn", "" + churn(rooms), "--view-changes", "" + viewChanges(rooms)));
        arguments.addAll(List.of("--generator-loops", "" + machine.generatorLoops()));
        arguments.addAll(List.of("--warmup", WARMUP_SECONDS + "s", "--duration", seconds + "s"));
        arguments.addAll(List.of("--json", json.toString()));
        Process process = new ProcessBuilder(machine.command(false, arguments))
                .redirectErrorStream(true)
                .start();
        String last = "";
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                last = line.isBlank() ? last : line;
                if (vitals.isPresent() && line.contains("; measuring in ")) {
                    say(line);
                    sample(server, vitals.get(), seconds);
                }
            }
        }
        process.waitFor();
        if (!Files.exists(json)) {
            throw new IOException("the generator found out nothing: " + last);
        }
        return MAPPER.readTree(json.toFile());
    }

    private void sample(ServerProcess server, Vitals vitals, int seconds) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(WARMUP_SECONDS);
        linesBefore = pauses.lines();
        long begin = System.nanoTime();
        for (int second = 0; second < seconds && server.isAlive(); second++) {
            vitals.sample();
            long wait = begin + TimeUnit.SECONDS.toNanos(second + 1L) - System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(Math.max(0, wait));
        }
    }

    private static int churn(int rooms) {
        return Math.max(1, rooms * ROOM / 100);
    }

    private static int viewChanges(int rooms) {
        return Math.max(1, rooms * ROOM / 20);
    }

    private boolean report(int rooms, Vitals vitals, PauseLog.Worst worst, JsonNode load) throws IOException {
        say(String.format(
                Locale.ROOT,
                "%-28s %9s %9s %9s %12s %10s %9s",
                "",
                "first",
                "most",
                "last",
                "a minute",
                "growth",
                "allowed"));
        vitals.all().forEach(series -> say(series.line()));
        say(String.format(
                Locale.ROOT,
                "worst pause of the collector %.3f ms of %d; worst safepoint %.3f ms (%s)",
                worst.pauseMs(),
                worst.pauses(),
                worst.safepointMs(),
                worst.safepoint()));
        JsonNode steady = load.path("steady");
        JsonNode joins = load.path("joins");
        say(String.format(
                Locale.ROOT,
                "server %.2f of its core, generator %.2f; %.0f packets/s; lost %.4f %%; added delay p50/p99 %.2f/%.2f ms;"
                        + " %d left and came, %d views changed; %d of %d connected at the end",
                load.path("server").path("cpuCores").asDouble(),
                load.path("generator").path("cpuCores").asDouble(),
                load.path("server").path("forwardedPerSecond").asDouble(),
                steady.path("lossPercent").asDouble(),
                steady.path("delayMs").path("p50").asDouble(),
                steady.path("delayMs").path("p99").asDouble(),
                steady.path("replaced").asLong(),
                steady.path("viewChanges").asLong(),
                joins.path("connected").asInt(),
                joins.path("attempted").asInt()));
        if (vitals.unanswered() > 0) {
            say(vitals.unanswered() + " readings got no answer in time");
        }
        say("growth: of the straight line through the last two thirds. written to "
                + write(rooms, vitals, worst, load));
        boolean flat = vitals.all().stream().noneMatch(series -> series.values().isEmpty() || series.grows());
        return flat
                && joins.path("connected").asInt() == joins.path("attempted").asInt();
    }

    private Path write(int rooms, Vitals vitals, PauseLog.Worst worst, JsonNode load) throws IOException {
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        ObjectNode root = MAPPER.createObjectNode();
        root.put("at", at.toString()).put("minutes", request.minutes()).put("rooms", rooms);
        root.putPOJO("worst", worst);
        for (Series series : vitals.all()) {
            root.putObject(series.name())
                    .put("unit", series.unit())
                    .put("growth", series.growth())
                    .put("allowed", series.allowed())
                    .putPOJO("values", series.values());
        }
        root.set("load", load);
        Path file = request.folder().resolve("soak-" + at.toString().replace(":", "") + ".json");
        Files.writeString(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
        return file;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
