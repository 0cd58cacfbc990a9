package dev.weir;

import dev.weir.peer.RunLimits;
import dev.weir.srtp.CryptoChoice;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All that an operator set, validated: read once at start and handed down by constructor. */
public record Configuration(
        Http http,
        Tls tls,
        Media media,
        Auth auth,
        Rooms rooms,
        Limits limits,
        Webhooks webhooks,
        Cluster cluster,
        Log log) {
    /**
     * @param publicHosts lower case, without ports
     * @param allowOrigins as browsers write them: lower case, without default ports
     * @param trustedProxies each {@code address/prefix}
     */
    public record Http(
            String host, int port, List<String> publicHosts, List<String> allowOrigins, List<String> trustedProxies) {
        public boolean loopback() {
            return ValueType.isLoopback(host);
        }
    }

    /** Certificate and key come together, and never beside {@code selfSigned}. */
    public record Tls(Optional<Path> cert, Optional<Path> key, boolean selfSigned) {
        public boolean enabled() {
            return selfSigned || cert.isPresent();
        }
    }

    /**
     * @param udpPort event loop i listens on this + i; 0 for free ports
     * @param advertise empty: the machine's own addresses
     * @param loops at least 1
     * @param runs how packets for one viewer are gathered
     */
    public record Media(
            int udpPort,
            List<InetAddress> advertise,
            int loops,
            CryptoChoice crypto,
            RunLimits runs,
            List<IceServer> iceServers) {}

    /** A STUN or TURN server for clients. */
    public sealed interface IceServer {
        List<String> urls();
    }

    /** With one user name for all, both empty where the server asks for none. */
    public record FixedIceServer(List<String> urls, String username, String credential) implements IceServer {
        @Override
        public String toString() {
            return "FixedIceServer" + urls;
        }
    }

    /** With credentials made per session from a secret that the TURN server shares (the TURN REST API's scheme). */
    public record SharedSecretIceServer(List<String> urls, String secret, Duration ttl) implements IceServer {
        @Override
        public String toString() {
            return "SharedSecretIceServer" + urls;
        }
    }

    /**
     * Without a secret and keys, or with {@code open}, no tokens are asked.
     *
     * @param keySet of the issuer, a file's or an address
     * @param issuer empty: any, as is the audience
     */
    public record Auth(Optional<String> secret, boolean open, Optional<URI> keySet, String issuer, String audience) {
        public boolean asksForTokens() {
            return (secret.isPresent() || keySet.isPresent()) && !open;
        }

        @Override
        public String toString() {
            return "Auth[secret=" + (secret.isPresent() ? "set" : "none") + ", open=" + open + "]";
        }
    }

    /** @param emptyTimeout after the last one has left; @param unusedTimeout before the first one comes */
    public record Rooms(boolean anyoneCreates, boolean onlyCreated, Duration emptyTimeout, Duration unusedTimeout) {}

    /** @param failuresPerMinute refused tokens of an address, 0 for any number, as for joins */
    public record Limits(int maxRooms, int failuresPerMinute, int joinsPerMinute) {}

    /** @param url with a secret beside it, or neither; @param giveUp how long a message is tried again */
    public record Webhooks(Optional<URI> url, Optional<String> secret, int queue, Duration giveUp) {
        @Override
        public String toString() {
            return "Webhooks[" + (url.isPresent() ? "set" : "none") + ", queue=" + queue + ", giveUp=" + giveUp + "]";
        }
    }

    /**
     * @param members host or host:port of those to ask first, unless there is {@code dns}, whose addresses are all
     * @param host empty: found among the members and the machine's addresses
     * @param publicHost whether the host may be a public address
     * @param detection after how long a silent node is gone
     * @param node its name; empty: a random one
     */
    public record Cluster(
            boolean enabled,
            List<String> members,
            Optional<String> secret,
            String dns,
            String host,
            int port,
            boolean publicHost,
            Duration detection,
            String node,
            String region) {
        @Override
        public String toString() {
            return "Cluster[enabled=" + enabled + ", members=" + members + ", node=" + node + ", region=" + region
                    + "]";
        }
    }

    public record Log(Level level, Format format) {}

    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    public enum Format {
        TEXT,
        JSON
    }

    /** Checks what no single setting can: how they go together. */
    static Configuration of(SettingValues values) {
        Configuration configuration = new Configuration(
                new Http(
                        values.get(Settings.HOST),
                        values.get(Settings.PORT),
                        values.get(Settings.PUBLIC_HOSTS),
                        values.get(Settings.ALLOW_ORIGINS),
                        values.get(Settings.TRUSTED_PROXIES)),
                new Tls(
                        values.get(Settings.TLS_CERT),
                        values.get(Settings.TLS_KEY),
                        values.get(Settings.TLS_SELF_SIGNED)),
                new Media(
                        values.get(Settings.UDP_PORT),
                        values.get(Settings.ADVERTISE),
                        values.get(Settings.LOOPS) == 0
                                ? Runtime.getRuntime().availableProcessors()
                                : values.get(Settings.LOOPS),
                        values.get(Settings.CRYPTO),
                        values.get(Settings.RUNS) == RunMode.OFF
                                ? RunLimits.OFF
                                : RunLimits.DEFAULT.withBound(values.get(Settings.RUN_BOUND) * 1_000L),
                        values.get(Settings.ICE_SERVERS)
                                .map(file -> IceServersFile.read(file, values.origin(Settings.ICE_SERVERS)))
                                .orElse(List.of())),
                new Auth(
                        values.get(Settings.AUTH_SECRET),
                        values.get(Settings.OPEN),
                        values.get(Settings.KEY_SET),
                        values.get(Settings.ISSUER),
                        values.get(Settings.AUDIENCE)),
                new Rooms(
                        values.get(Settings.ANYONE_CREATES),
                        values.get(Settings.ONLY_CREATED),
                        values.get(Settings.EMPTY_TIMEOUT),
                        values.get(Settings.UNUSED_TIMEOUT)),
                new Limits(values.get(Settings.MAX_ROOMS), values.get(Settings.FAILURES), values.get(Settings.JOINS)),
                new Webhooks(
                        values.get(Settings.WEBHOOK_URL),
                        values.get(Settings.WEBHOOK_SECRET),
                        values.get(Settings.WEBHOOK_QUEUE),
                        values.get(Settings.WEBHOOK_GIVE_UP)),
                new Cluster(
                        values.get(Settings.CLUSTER),
                        values.get(Settings.CLUSTER_MEMBERS),
                        values.get(Settings.CLUSTER_SECRET),
                        values.get(Settings.CLUSTER_DNS),
                        values.get(Settings.CLUSTER_HOST),
                        values.get(Settings.CLUSTER_PORT),
                        values.get(Settings.CLUSTER_PUBLIC),
                        values.get(Settings.CLUSTER_DETECTION),
                        values.get(Settings.NODE),
                        values.get(Settings.REGION)),
                new Log(values.get(Settings.LOG_LEVEL), values.get(Settings.LOG_FORMAT)));
        checkTls(configuration.tls, values);
        checkWebhooks(configuration.webhooks, values);
        ClusterRules.check(configuration.cluster, values);
        int lastPort = configuration.media.udpPort + configuration.media.loops - 1;
        if (configuration.media.udpPort != 0 && lastPort > 65_535) {
            throw new ConfigurationError(values.origin(Settings.UDP_PORT) + ": " + configuration.media.loops
                    + " event loops from port " + configuration.media.udpPort + " would need port " + lastPort);
        }
        return configuration;
    }

    private static void checkWebhooks(Webhooks webhooks, SettingValues values) {
        if (webhooks.url.isPresent() != webhooks.secret.isPresent()) {
            Setting<?> given = webhooks.url.isPresent() ? Settings.WEBHOOK_URL : Settings.WEBHOOK_SECRET;
            Setting<?> other = webhooks.url.isPresent() ? Settings.WEBHOOK_SECRET : Settings.WEBHOOK_URL;
            throw new ConfigurationError(values.origin(given) + ": needs " + other.flag() + " beside it");
        }
    }

    private static void checkTls(Tls tls, SettingValues values) {
        if (tls.cert.isPresent() != tls.key.isPresent()) {
            Setting<?> given = tls.cert.isPresent() ? Settings.TLS_CERT : Settings.TLS_KEY;
            Setting<?> other = tls.cert.isPresent() ? Settings.TLS_KEY : Settings.TLS_CERT;
            throw new ConfigurationError(values.origin(given) + ": needs " + other.flag() + " beside it");
        }
        if (tls.selfSigned && tls.cert.isPresent()) {
            throw new ConfigurationError(values.origin(Settings.TLS_SELF_SIGNED) + ": there is a certificate already ("
                    + values.origin(Settings.TLS_CERT) + ")");
        }
    }
}
