package dev.weir;

import dev.weir.srtp.CryptoChoice;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The one table of settings: flags, environment, file, help and documentation follow from it. */
final class Settings {
    static final Setting<String> HOST = new Setting<>(
            "http.host", "--host", ValueType.HOST, "127.0.0.1", "Address or name that HTTP and WebSocket listen on.");
    static final Setting<Integer> PORT = new Setting<>(
            "http.port", "--port", ValueType.PORT, "8080", "Port of HTTP and WebSocket; 0 takes a free one.");
    static final Setting<List<String>> PUBLIC_HOSTS = new Setting<>(
            "http.publicHosts", "--public-host", ValueType.HOSTS, "", "Names that this server is reached by.");
    static final Setting<List<String>> ALLOW_ORIGINS = new Setting<>(
            "http.allowOrigins",
            "--allow-origin",
            ValueType.ORIGINS,
            "",
            "Web origins that may use this server beside its own.");
    static final Setting<List<String>> TRUSTED_PROXIES = new Setting<>(
            "http.trustedProxies",
            "--trusted-proxies",
            ValueType.CIDRS,
            "",
            "Networks whose X-Forwarded-* and Forwarded headers are believed.");
    static final Setting<Optional<Path>> TLS_CERT = new Setting<>(
            "tls.cert",
            "--tls-cert",
            ValueType.READABLE_FILE,
            "",
            "PEM file of the certificate chain; turns https on.");
    static final Setting<Optional<Path>> TLS_KEY =
            new Setting<>("tls.key", "--tls-key", ValueType.READABLE_FILE, "", "PEM file of the certificate's key.");
    static final Setting<Boolean> TLS_SELF_SIGNED = new Setting<>(
            "tls.selfSigned",
            "--tls-self-signed",
            ValueType.SWITCH,
            "false",
            "Serve https with a certificate made at start, whose fingerprint is printed.");
    static final Setting<Integer> UDP_PORT = new Setting<>(
            "media.udpPort",
            "--udp-port",
            ValueType.PORT,
            "10000",
            "UDP port of media: event loop i listens on this + i; 0 takes free ones.");
    static final Setting<OptionalInt> TCP_PORT = new Setting<>(
            "media.tcpPort",
            "--tcp-port",
            ValueType.OPTIONAL_PORT,
            "",
            "Reserved for ICE over TCP; not in this release.");
    static final Setting<List<InetAddress>> ADVERTISE = new Setting<>(
            "media.advertise",
            "--advertise",
            ValueType.ADDRESSES,
            "",
            "Addresses in ICE candidates; without any, those of the machine (at most 8), then loopback.");
    static final Setting<Integer> LOOPS = new Setting<>(
            "media.loops", "--loops", ValueType.integer(0, 1024), "0", "Media event loops; 0 is one per core.");
    static final Setting<CryptoChoice> CRYPTO = new Setting<>(
            "media.crypto",
            "--crypto",
            ValueType.oneOf(CryptoChoice.class),
            "auto",
            "Whose ciphers packets get; auto takes the first that works.");
    static final Setting<RunMode> RUNS = new Setting<>(
            "media.runs",
            "--runs",
            ValueType.oneOf(RunMode.class),
            "auto",
            "Several packets for one viewer in one send (UDP GSO) where the kernel can; off sends each alone.");
    static final Setting<Integer> RUN_BOUND = new Setting<>(
            "media.runBoundMicros",
            "--run-bound-micros",
            ValueType.integer(0, 20_000),
            "1500",
            "How long such a run may wait for the rest of a picture, in microseconds.");
    static final Setting<Optional<Path>> ICE_SERVERS = new Setting<>(
            "media.iceServers",
            "--ice-servers",
            ValueType.READABLE_FILE,
            "",
            "JSON file of the STUN and TURN servers that clients get.");
    static final Setting<Optional<String>> AUTH_SECRET = new Setting<>(
            "auth.secret", "--auth-secret", ValueType.SECRET, "", "HS256 secret of access tokens, 32 bytes or more.");
    static final Setting<Boolean> OPEN =
            new Setting<>("auth.open", "--open", ValueType.SWITCH, "false", "Ask for no tokens, on any address.");
    static final Setting<Optional<URI>> KEY_SET = new Setting<>(
            "auth.keySet",
            "--auth-key-set",
            ValueType.KEY_SET,
            "",
            "JWK set of the issuer of RS256, ES256 or EdDSA tokens: a file, or an https address.");
    static final Setting<String> ISSUER = new Setting<>(
            "auth.issuer", "--auth-issuer", ValueType.TEXT, "", "What iss of a token has to be; without, anything.");
    static final Setting<String> AUDIENCE = new Setting<>(
            "auth.audience",
            "--auth-audience",
            ValueType.TEXT,
            "",
            "What aud of a token has to hold; without, anything.");
    static final Setting<Boolean> ANYONE_CREATES = new Setting<>(
            "rooms.anyoneCreates",
            "--anyone-creates-rooms",
            ValueType.SWITCH,
            "false",
            "Ask for no rights to create a room over HTTP; a token is needed still.");
    static final Setting<Boolean> ONLY_CREATED = new Setting<>(
            "rooms.onlyCreated",
            "--only-created-rooms",
            ValueType.SWITCH,
            "false",
            "Let nobody join a room that was not created over HTTP.");
    static final Setting<Duration> EMPTY_TIMEOUT = new Setting<>(
            "rooms.emptyTimeout",
            "--room-empty-timeout",
            ValueType.DURATION_TYPE,
            "30s",
            "How long a room stays after the last one has left.");
    static final Setting<Duration> UNUSED_TIMEOUT = new Setting<>(
            "rooms.unusedTimeout",
            "--room-unused-timeout",
            ValueType.DURATION_TYPE,
            "5m",
            "How long a created room waits for the first to join.");
    static final Setting<Integer> FAILURES = new Setting<>(
            "limits.failuresPerMinute",
            "--max-token-failures",
            ValueType.integer(0, 1_000_000),
            "60",
            "Refused tokens of one address in a minute, before it is told to wait; 0 is any number.");
    static final Setting<Integer> JOINS = new Setting<>(
            "limits.joinsPerMinute",
            "--max-joins",
            ValueType.integer(0, 1_000_000),
            "0",
            "Sockets of one address in a minute, loopback aside; 0 is any number.");
    static final Setting<Integer> MAX_ROOMS = new Setting<>(
            "limits.maxRooms", "--max-rooms", ValueType.integer(1, 1_000_000), "1000", "Rooms at a time.");
    static final Setting<Optional<URI>> WEBHOOK_URL = new Setting<>(
            "webhooks.url",
            "--webhook-url",
            ValueType.WEB_ADDRESS,
            "",
            "Where what happens in rooms is posted, signed; see docs/webhooks.md.");
    static final Setting<Optional<String>> WEBHOOK_SECRET = new Setting<>(
            "webhooks.secret",
            "--webhook-secret",
            ValueType.SECRET,
            "",
            "Secret by which those messages are signed, 32 bytes or more.");
    static final Setting<Integer> WEBHOOK_QUEUE = new Setting<>(
            "webhooks.queue",
            "--webhook-queue",
            ValueType.integer(1, 1_000_000),
            "10000",
            "Messages that wait for the receiver; what comes beyond that is dropped and counted.");
    static final Setting<Duration> WEBHOOK_GIVE_UP = new Setting<>(
            "webhooks.giveUpAfter",
            "--webhook-give-up",
            ValueType.DURATION_TYPE,
            "10m",
            "How long a message that the receiver does not take is tried again.");
    static final Setting<Boolean> CLUSTER = new Setting<>(
            "cluster.enabled", "--cluster", ValueType.SWITCH, "false", "Be one of several nodes; see docs/cluster.md.");
    static final Setting<List<String>> CLUSTER_MEMBERS = new Setting<>(
            "cluster.members",
            "--cluster-members",
            ValueType.MEMBERS,
            "",
            "Nodes to ask first; each that is reached tells of all others.");
    static final Setting<Optional<String>> CLUSTER_SECRET = new Setting<>(
            "cluster.secret",
            "--cluster-secret",
            ValueType.SECRET,
            "",
            "Secret that all nodes share, 32 bytes or more; needed unless every member is on loopback.");
    static final Setting<String> CLUSTER_DNS = new Setting<>(
            "cluster.dns",
            "--cluster-dns",
            ValueType.HOST_OR_NONE,
            "",
            "Name whose addresses are the nodes, such as a headless service's, instead of members.");
    static final Setting<String> CLUSTER_HOST = new Setting<>(
            "cluster.host",
            "--cluster-host",
            ValueType.HOST_OR_NONE,
            "",
            "Address of this machine for other nodes; without it the one among the members, or its first private one.");
    static final Setting<Integer> CLUSTER_PORT = new Setting<>(
            "cluster.port",
            "--cluster-port",
            ValueType.integer(1, 65_000),
            "5701",
            "Port for other nodes; the one 100 higher is taken too.");
    static final Setting<Boolean> CLUSTER_PUBLIC = new Setting<>(
            "cluster.public",
            "--cluster-public",
            ValueType.SWITCH,
            "false",
            "Let the address for other nodes be a public one; a firewall has to keep others away.");
    static final Setting<Duration> CLUSTER_DETECTION = new Setting<>(
            "cluster.detection",
            "--cluster-detection",
            ValueType.DURATION_TYPE,
            "5s",
            "A node that is silent this long is gone; 1s to 60s.");
    static final Setting<String> NODE = new Setting<>(
            "cluster.node", "--node", ValueType.NODE, "", "This node's name, which no other has; random without it.");
    static final Setting<String> REGION =
            new Setting<>("cluster.region", "--region", ValueType.NAME, "", "Region of this node.");
    static final Setting<Configuration.Level> LOG_LEVEL = new Setting<>(
            "log.level", "--log-level", ValueType.oneOf(Configuration.Level.class), "info", "What is logged.");
    static final Setting<Configuration.Format> LOG_FORMAT = new Setting<>(
            "log.format",
            "--log-format",
            ValueType.oneOf(Configuration.Format.class),
            "text",
            "Lines for people, or one JSON object a line.");

    /** In the order of the file and of the help; settings of a section stand together. */
    static final List<Setting<?>> ALL = List.of(
            HOST,
            PORT,
            PUBLIC_HOSTS,
            ALLOW_ORIGINS,
            TRUSTED_PROXIES,
            TLS_CERT,
            TLS_KEY,
            TLS_SELF_SIGNED,
            UDP_PORT,
            TCP_PORT,
            ADVERTISE,
            LOOPS,
            CRYPTO,
            RUNS,
            RUN_BOUND,
            ICE_SERVERS,
            AUTH_SECRET,
            OPEN,
            KEY_SET,
            ISSUER,
            AUDIENCE,
            ANYONE_CREATES,
            ONLY_CREATED,
            EMPTY_TIMEOUT,
            UNUSED_TIMEOUT,
            MAX_ROOMS,
            FAILURES,
            JOINS,
            WEBHOOK_URL,
            WEBHOOK_SECRET,
            WEBHOOK_QUEUE,
            WEBHOOK_GIVE_UP,
            CLUSTER,
            CLUSTER_MEMBERS,
            CLUSTER_SECRET,
            CLUSTER_DNS,
            CLUSTER_HOST,
            CLUSTER_PORT,
            CLUSTER_PUBLIC,
            CLUSTER_DETECTION,
            NODE,
            REGION,
            LOG_LEVEL,
            LOG_FORMAT);

    private Settings() {}

    /** The text of {@code conf/weir.yaml}; a test holds the file to it. */
    static String yaml() {
        StringBuilder text = new StringBuilder("""
                # The settings of Weir with their defaults. A flag beats the environment, the environment beats this file.
                # A key without a value is not set. Relative file names start at this file's folder.
                """);
        String section = "";
        for (Setting<?> setting : ALL) {
            if (!setting.section().equals(section)) {
                section = setting.section();
                text.append('\n').append(section).append(":\n");
            }
            text.append("  # ").append(setting.description()).append('\n');
            text.append("  # ").append(setting.flag()).append(argument(setting)).append(", ");
            text.append(setting.variable());
            text.append(setting.secret() ? " or " + setting.variable() + "_FILE\n" : "\n");
            String value = setting.fallback().isEmpty() && setting.type().list() ? "[]" : setting.fallback();
            text.append("  ").append(setting.name()).append(value.isEmpty() ? ":\n" : ": " + value + "\n");
        }
        return text.toString();
    }

    /** The table of {@code docs/CONFIGURATION.md}; a test holds the page to it. */
    static String markdown() {
        StringBuilder text =
                new StringBuilder("| flag | key | environment | default | meaning |\n|---|---|---|---|---|\n");
        for (Setting<?> setting : ALL) {
            String flag = setting.flag() + argument(setting).replace("|", "\\|");
            String fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
            text.append("| `%s` | `%s` | `%s` | %s | %s |\n"
                    .formatted(flag, setting.key(), setting.variable(), fallback, setting.description()));
        }
        return text.toString();
    }

    private static String argument(Setting<?> setting) {
        return setting.isSwitch() ? "" : " " + setting.type().argument();
    }
}
