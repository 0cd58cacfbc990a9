package dev.weir.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs scenarios one after the other, each against a fresh server, and writes the table and its JSON. */
public final class Bench {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String WARM_UP = "--room warm-up --viewers 50 --layers q,h,f --audio --warmup 1s";

    /** The same where only joins are measured: a thousand of them. */
    private static final String WARM_UP_OF_JOINS =
            "--room warm-up --rooms 10 --publishers 0 --viewers 100 --joins-per-second 50 --warmup 1s";

    private static final String QUICK_WARM_UP_OF_JOINS = WARM_UP_OF_JOINS.replace("--rooms 10", "--rooms 2");

    /** What the reference has, where this release has such settings. */
    private static final List<List<String>> REFERENCE = List.of(List.of("--runs", "off"), List.of("--crypto", "jdk"));

    /**
     * What is to be run.
     *
     * @param quick a few seconds each: whether it works, not how well
     * @param only names of scenarios; empty: all
     * @param folder for the JSON
     */
    public record Request(boolean quick, List<String> only, Path folder) {
        public Request {
            only = List.copyOf(only);
        }
    }

    private final Machine machine = new Machine();
    private final Request request;
    private final PrintWriter out;
    private final String runHelp;

    private Bench(Request request, PrintWriter out) throws IOException {
        this.request = request;
        this.out = out;
        this.runHelp = output(List.of("run", "--help"));
    }

    public static List<String> names() {
        return Scenario.ALL.stream().map(Scenario::name).toList();
    }

    /** @return whether all rows have figures */
    public static boolean run(Request request, PrintWriter out) throws IOException, InterruptedException {
        return new Bench(request, out).run();
    }

    private boolean run() throws IOException, InterruptedException {
        Files.createDirectories(request.folder());
        String environment = machine.describe(output(List.of("doctor")));
        say(environment);
        say(Row.HEAD);
        List<Row> rows = new ArrayList<>();
        for (Scenario scenario : Scenario.ALL) {
            if (!request.only().isEmpty() && !request.only().contains(scenario.name())) {
                continue;
            }
            rows.add(measure(scenario, false));
            if (scenario.compared() && !referenceFlags().isEmpty()) {
                rows.add(measure(scenario, true));
            }
        }
        if (referenceFlags().isEmpty()) {
            say("no reference rows: this server has neither --runs nor --crypto, so it is its own reference");
        }
        explain(rows);
        say("written to " + write(environment, rows));
        return rows.stream().allMatch(row -> row.problem().isEmpty());
    }

    private Row measure(Scenario scenario, boolean reference) throws IOException, InterruptedException {
        double before = machine.loadAverage();
        Path json = request.folder().resolve("load.json");
        Files.deleteIfExists(json);
        String problem = "";
        try (ServerProcess server = ServerProcess.start(machine, reference ? referenceFlags() : List.of())) {
            generate(warmUp(server, scenario));
            List<String> arguments = new ArrayList<>(List.of("load", "--server", server.url()));
            arguments.addAll(scenario.flags());
            arguments.addAll(List.of("--generator-loops", String.valueOf(machine.generatorLoops())));
            arguments.addAll(List.of("--warmup", request.quick() ? "4s" : "15s"));
            arguments.addAll(List.of("--duration", request.quick() ? "5s" : "30s"));
            arguments.addAll(List.of("--json", json.toString()));
            problem = generate(arguments);
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage()).lines().collect(Collectors.joining(" "));
        }
        JsonNode load = Files.exists(json) ? MAPPER.readTree(json.toFile()) : MissingNode.getInstance();
        Files.deleteIfExists(json);
        Row row = new Row(scenario, reference, before, load, load.isMissingNode() ? problem : "");
        say(row.line());
        return row;
    }

    /** A JVM that has just started compiles for half a minute, which belongs to no packet. */
    private List<String> warmUp(ServerProcess server, Scenario scenario) {
        String ofJoins = request.quick() ? QUICK_WARM_UP_OF_JOINS : WARM_UP_OF_JOINS;
        List<String> flags = List.of((scenario.hasMedia() ? WARM_UP : ofJoins).split(" "));
        List<String> arguments = new ArrayList<>(List.of("load", "--server", server.url()));
        arguments.addAll(flags);
        arguments.addAll(List.of("--duration", !scenario.hasMedia() ? "1s" : request.quick() ? "8s" : "30s"));
        return arguments;
    }

    /** @return what the generator complained of */
    private String generate(List<String> arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(machine.command(false, arguments))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return "the generator ended with code " + code + ": "
                + said.lines().reduce((_, last) -> last).orElse("");
    }

    private List<String> referenceFlags() {
        return REFERENCE.stream()
                .filter(flag -> runHelp.contains(flag.getFirst() + "="))
                .flatMap(List::stream)
                .toList();
    }

    private String output(List<String> arguments) throws IOException {
        Process process = new ProcessBuilder(machine.command(true, arguments))
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void explain(List<Row> rows) {
        say("");
        rows.stream()
                .filter(row -> !row.reference())
                .forEach(row -> say(String.format(
                        "%-20s %s", row.scenario().name(), row.scenario().words())));
        say(
                "ns/packet: CPU time of the whole server per RTP packet that it sent. delay: from the sender's stamp to the"
                        + " receiver's read, both in the generator. /send: packets per send call. B/pkt: allocated by the server;"
                        + " '-': it does not say. ms/join: server CPU until the last join, per join. generator: its own cores.");
    }

    private Path write(String environment, List<Row> rows) throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        root.put("at", at.toString()).put("environment", environment).put("quick", request.quick());
        ArrayNode list = root.putArray("rows");
        for (Row row : rows) {
            ObjectNode it = list.addObject();
            it.put("name", row.scenario().name())
                    .put("words", row.scenario().words())
                    .put("reference", row.reference())
                    .put("loadAverageBefore", row.loadAverage());
            it.putPOJO("flags", row.scenario().flags());
            if (row.problem().isEmpty()) {
                it.set("result", row.load());
            } else {
                it.put("problem", row.problem());
            }
        }
        Path file = request.folder().resolve("bench-" + at.toString().replace(":", "") + ".json");
        Files.writeString(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
        return file;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
