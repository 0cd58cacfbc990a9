package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds what stands in deploy/ to the settings that there are, to the paths that the server answers, and to itself.
 * Written by hand: the schemas of Kubernetes and Compose are many megabytes, and no engine is at hand.
 */
class DeployTest {
    private static final Path KUBERNETES = Path.of("deploy/kubernetes/weir.yaml");
    private static final Path COMPOSE = Path.of("deploy/compose/compose.yaml");
    private static final Path UNIT = Path.of("deploy/systemd/weir.service");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern VARIABLE = Pattern.compile("\\bWEIR_[A-Z_]+\\b");
    /** Of Dockerfile and ./weir, and of the compose file itself. */
    private static final Set<String> NO_SETTINGS = Set.of("WEIR_HEAP", "WEIR_ADVERTISE");

    @Test
    void everyVariableIsASetting() throws IOException {
        Set<String> known = new HashSet<>(NO_SETTINGS);
        for (Setting<?> setting : Settings.ALL) {
            known.add(setting.variable());
            if (setting.secret()) {
                known.add(setting.variable() + "_FILE");
            }
        }
        Set<String> named = new TreeSet<>();
        for (Path file : List.of(KUBERNETES, COMPOSE, UNIT, Path.of("deploy/README.md"), Path.of("Dockerfile"))) {
            Matcher variable = VARIABLE.matcher(Files.readString(file));
            while (variable.find()) {
                named.add(variable.group());
            }
        }
        assertTrue(named.size() > 10, "found only " + named);
        named.removeAll(known);
        assertEquals(Set.of(), named);
    }

    @Test
    void noSecretStandsInAFile() throws IOException {
        for (Path file : List.of(KUBERNETES, COMPOSE, UNIT)) {
            assertFalse(
                    Pattern.compile("SECRET\\b(?!_FILE)")
                            .matcher(Files.readString(file))
                            .find(),
                    file::toString);
        }
    }

    @Test
    void podsAreWhatTheServicesAndTheBudgetMean() throws IOException {
        JsonNode set = kubernetes("StatefulSet", "weir");
        JsonNode labels = set.at("/spec/template/metadata/labels");

        assertEquals(labels, set.at("/spec/selector/matchLabels"));
        assertEquals(labels, kubernetes("Service", "weir").at("/spec/selector"));
        assertEquals(labels, kubernetes("Service", "weir-nodes").at("/spec/selector"));
        assertEquals(labels, kubernetes("PodDisruptionBudget", "weir").at("/spec/selector/matchLabels"));
        assertEquals(
                labels,
                set.at("/spec/template/spec/affinity/podAntiAffinity"
                        + "/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector/matchLabels"));
        assertEquals("weir-nodes", set.at("/spec/serviceName").asText());
        assertEquals(
                "None",
                kubernetes("Service", "weir-nodes").at("/spec/clusterIP").asText());
        assertTrue(set.at("/spec/template/spec/hostNetwork").asBoolean());
        assertEquals(
                "ClusterFirstWithHostNet",
                set.at("/spec/template/spec/dnsPolicy").asText());
    }

    @Test
    void theMembersOfTheClusterAreThePods() throws IOException {
        JsonNode set = kubernetes("StatefulSet", "weir");
        String members = environment(container(), "WEIR_CLUSTER_MEMBERS");

        assertEquals(
                IntStream.range(0, set.at("/spec/replicas").asInt())
                        .mapToObj(pod -> "weir-" + pod + ".weir-nodes")
                        .collect(Collectors.joining(",")),
                members);
        assertEquals("true", environment(container(), "WEIR_CLUSTER_ENABLED"));
    }

    @Test
    void podsAreProbedDrainedAndHaveNoPowers() throws IOException {
        JsonNode spec = kubernetes("StatefulSet", "weir").at("/spec/template/spec");
        JsonNode container = container();

        assertEquals("/healthz", container.at("/startupProbe/httpGet/path").asText());
        assertEquals("/healthz", container.at("/livenessProbe/httpGet/path").asText());
        assertEquals("/readyz", container.at("/readinessProbe/httpGet/path").asText());
        assertTrue(container.at("/lifecycle/preStop").isObject());
        assertTrue(spec.at("/terminationGracePeriodSeconds").asInt() >= 60, "time to drain");
        assertTrue(spec.at("/securityContext/runAsNonRoot").asBoolean());
        assertTrue(container.at("/securityContext/readOnlyRootFilesystem").asBoolean());
        assertFalse(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true));
        assertEquals("ALL", container.at("/securityContext/capabilities/drop/0").asText());
    }

    @Test
    void whatAPodNamesIsThere() throws IOException {
        JsonNode spec = kubernetes("StatefulSet", "weir").at("/spec/template/spec");
        JsonNode container = container();
        Set<String> ports = texts(container.at("/ports"), "name");
        Set<String> volumes = texts(spec.at("/volumes"), "name");

        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertTrue(
                    ports.contains(container.at("/" + probe + "/httpGet/port").asText()), probe);
        }
        assertTrue(ports.contains(
                kubernetes("Service", "weir").at("/spec/ports/0/targetPort").asText()));
        assertEquals(volumes, texts(container.at("/volumeMounts"), "name"));
        String folder = container.at("/volumeMounts/0/mountPath").asText();
        assertTrue(environment(container, "WEIR_AUTH_SECRET_FILE").startsWith(folder + "/"));
        assertTrue(environment(container, "WEIR_CLUSTER_SECRET_FILE").startsWith(folder + "/"));
        assertEquals(
                Settings.PORT.fallback(), container.at("/ports/0/containerPort").asText());
        assertEquals(
                Settings.UDP_PORT.fallback(),
                container.at("/ports/2/containerPort").asText());
    }

    @Test
    void theComposedNodesFindEachOtherAndPublishTheirPorts() throws IOException {
        JsonNode file = YAML.readTree(resolved(Files.readString(COMPOSE)));
        Set<String> names = new TreeSet<>();
        file.get("services").fieldNames().forEachRemaining(names::add);
        assertEquals(2, names.size());

        for (String name : names) {
            JsonNode service = file.get("services").get(name);
            JsonNode environment = service.get("environment");
            assertEquals(
                    names,
                    Set.of(environment.get("WEIR_CLUSTER_MEMBERS").asText().split(",")));
            String http = environment.get("WEIR_HTTP_PORT").asText();
            int udp = environment.get("WEIR_MEDIA_UDP_PORT").asInt();
            String media =
                    udp + "-" + (udp + environment.get("WEIR_MEDIA_LOOPS").asInt() - 1);
            assertEquals(http + ":" + http, service.at("/ports/0").asText());
            assertEquals(media + ":" + media + "/udp", service.at("/ports/1").asText());
            for (JsonNode secret : service.get("secrets")) {
                assertTrue(file.get("secrets").has(secret.asText()), secret::asText);
            }
            assertTrue(Files.exists(COMPOSE.getParent()
                    .resolve(service.at("/build/context").asText())
                    .resolve("Dockerfile")));
        }
    }

    @Test
    void theUnitStartsTheServerAsTheOtherWaysDo() throws IOException {
        String unit = Files.readString(UNIT).replace("\\\n", " ");
        String start = unit.lines()
                .filter(line -> line.startsWith("ExecStart="))
                .findFirst()
                .orElseThrow();
        String ways = Files.readString(Path.of("weir")) + Files.readString(Path.of("Dockerfile"));
        List<String> words = List.of(start.split("\\s+"));
        int jar = words.indexOf("-jar");

        for (String flag : words.subList(1, jar)) {
            String name = flag.startsWith("-Xm") ? flag.substring(0, 4) : flag;
            assertTrue(ways.contains(name), flag);
        }
        Set<String> flags = Stream.concat(Settings.ALL.stream().map(Setting::flag), Stream.of("--config"))
                .collect(Collectors.toSet());
        assertEquals("run", words.get(jar + 2));
        words.subList(jar + 3, words.size()).stream()
                .filter(word -> word.startsWith("--"))
                .forEach(flag -> assertTrue(flags.contains(flag), flag));
        assertTrue(unit.contains("DynamicUser=yes") && unit.contains("ProtectSystem=strict"));
    }

    /** Where there is no systemd the unit's shape is not known. */
    @Test
    void systemdUnderstandsTheUnit(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze here");
        Path copy = folder.resolve("weir.service");
        String java = ProcessHandle.current().info().command().orElseThrow();
        Files.writeString(copy, Files.readString(UNIT).replace("/usr/bin/java", java));

        Process verify = new ProcessBuilder("/usr/bin/systemd-analyze", "verify", "--man=no", copy.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(verify.getInputStream().readAllBytes());

        assertTrue(verify.waitFor(20, TimeUnit.SECONDS));
        List<String> complaints =
                said.lines().filter(line -> line.contains("weir.service")).toList();
        assertEquals(List.of(), complaints, said);
    }

    @Test
    void theImageIsBuiltInStagesRunsAsNobodyAndTellsItsHealth() throws IOException {
        String file = Files.readString(Path.of("Dockerfile"));

        assertTrue(file.lines().filter(line -> line.startsWith("FROM ")).count() >= 2, "stages");
        assertTrue(file.contains("\nUSER 10001\n"));
        assertTrue(file.contains("HEALTHCHECK") && file.contains("/healthz"));
        assertTrue(file.contains("exec java"), "signals have to reach the server");
        assertEquals(
                10001,
                kubernetes("StatefulSet", "weir")
                        .at("/spec/template/spec/securityContext/runAsUser")
                        .asInt());
    }

    private static JsonNode container() throws IOException {
        return kubernetes("StatefulSet", "weir").at("/spec/template/spec/containers/0");
    }

    private static JsonNode kubernetes(String kind, String name) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(KUBERNETES.toFile())) {
            documents.forEachRemaining(all::add);
        }
        return all.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .filter(document -> document.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String environment(JsonNode container, String name) {
        for (JsonNode variable : container.get("env")) {
            if (variable.get("name").asText().equals(name)) {
                return variable.get("value").asText();
            }
        }
        throw new AssertionError(name + " is not set");
    }

    private static Set<String> texts(JsonNode list, String field) {
        Set<String> texts = new TreeSet<>();
        list.forEach(item -> texts.add(item.get(field).asText()));
        return texts;
    }

    /** Jackson knows neither anchors of maps nor merge keys: each is put where it is meant. */
    private static String resolved(String yaml) {
        StringBuilder text = new StringBuilder();
        for (String line : yaml.split("\n", -1)) {
            Matcher merge = Pattern.compile("( +)<<: \\*(\\w+)").matcher(line);
            if (merge.matches()) {
                Matcher anchor = Pattern.compile("(?m)^[\\w-]+: &" + merge.group(2) + "\n((?:  .*\n)+)")
                        .matcher(yaml);
                assertTrue(anchor.find(), line);
                anchor.group(1).lines().forEach(inner -> text.append(merge.group(1))
                        .append(inner.substring(2))
                        .append('\n'));
            } else {
                text.append(line.replaceAll(" &\\w+$", "")).append('\n');
            }
        }
        return text.toString();
    }
}
