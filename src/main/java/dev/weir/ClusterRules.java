package dev.weir;

import dev.weir.cluster.ClusterSecret;
import dev.weir.cluster.ClusterSettings;
import dev.weir.cluster.Directory;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an operator has to say before a node opens ports to others, and what is made of it. */
final class ClusterRules {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int LONGEST_DETECTION_SECONDS = 60;
    private static final List<Setting<?>> ONLY_WITH_CLUSTER = List.of(
            Settings.CLUSTER_MEMBERS,
            Settings.CLUSTER_SECRET,
            Settings.CLUSTER_DNS,
            Settings.CLUSTER_HOST,
            Settings.CLUSTER_PORT,
            Settings.CLUSTER_PUBLIC,
            Settings.CLUSTER_DETECTION);

    private ClusterRules() {}

    static void check(Configuration.Cluster cluster, SettingValues values) {
        if (!cluster.enabled()) {
            // A setting that would do nothing is refused rather than ignored.
            ONLY_WITH_CLUSTER.stream().filter(values::changed).findFirst().ifPresent(setting -> {
                throw new ConfigurationError(
                        values.origin(setting) + ": does nothing without " + Settings.CLUSTER.flag());
            });
            return;
        }
        if (!cluster.dns().isEmpty() && !cluster.members().isEmpty()) {
            throw new ConfigurationError(values.origin(Settings.CLUSTER_DNS) + ": stands instead of "
                    + Settings.CLUSTER_MEMBERS.flag() + ", not beside it");
        }
        if (cluster.detection().toMillis() < 1_000 || cluster.detection().toSeconds() > LONGEST_DETECTION_SECONDS) {
            throw new ConfigurationError(values.origin(Settings.CLUSTER_DETECTION) + ": must be from 1s to 60s");
        }
        if (cluster.secret().isEmpty() && !staysHere(cluster)) {
            throw new ConfigurationError("a cluster beyond loopback needs " + Settings.CLUSTER_SECRET.flag() + " (or "
                    + Settings.CLUSTER_SECRET.variable() + "; openssl rand -base64 32 makes one)");
        }
        String host = cluster.host();
        if (!host.isEmpty() && !isLoopbackName(host) && !ValueType.isAddress(host)) {
            throw new ConfigurationError(values.origin(Settings.CLUSTER_HOST) + ": must be an IP address");
        }
        if (ValueType.isAddress(host) && isAny(host)) {
            throw new ConfigurationError(
                    values.origin(Settings.CLUSTER_HOST) + ": must be one address of this machine, not all of them");
        }
        if (ValueType.isAddress(host)) {
            requirePrivate(cluster, host);
        }
    }

    /** Whether no byte ever leaves this machine. */
    private static boolean staysHere(Configuration.Cluster cluster) {
        return cluster.dns().isEmpty()
                && Stream.concat(
                                cluster.members().stream().map(ClusterRules::hostOf),
                                Stream.of(cluster.host()).filter(host -> !host.isEmpty()))
                        .allMatch(ClusterRules::isLoopbackName);
    }

    private static boolean isLoopbackName(String host) {
        return ValueType.isLoopback(host);
    }

    private static String hostOf(String member) {
        int bracket = member.lastIndexOf(']');
        int colon = member.lastIndexOf(':');
        String host = colon > bracket ? member.substring(0, colon) : member;
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static void requirePrivate(Configuration.Cluster cluster, String host) {
        if (!isPrivate(address(host)) && !cluster.publicHost()) {
            throw new ConfigurationError(
                    host + " is a public address, where anybody could reach the cluster's ports: give "
                            + Settings.CLUSTER_HOST.flag() + " a private one, or add " + Settings.CLUSTER_PUBLIC.flag()
                            + " and see to it that a firewall keeps others away");
        }
    }

    private static boolean isAny(String host) {
        return address(host).isAnyLocalAddress();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(literal));
        } catch (UnknownHostException e) {
            throw new AssertionError("an address is never looked up", e);
        }
    }

    /** Loopback, RFC 1918, RFC 4193 and the shared space of RFC 6598, which overlay networks use. */
    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        return address.isLoopbackAddress()
                || address.isSiteLocalAddress() && bytes.length == 4
                || address.isLinkLocalAddress()
                || uniqueLocal
                || shared;
    }

    /** @param own the machine's addresses, best first */
    static ClusterSettings settings(Configuration.Cluster cluster, Collection<InetAddress> own, SecureRandom random) {
        String host = hostFor(cluster, own);
        requirePrivate(cluster, host);
        return new ClusterSettings(
                nodeName(cluster, random),
                cluster.region(),
                host,
                cluster.port(),
                cluster.members().isEmpty() ? List.of(host) : cluster.members(),
                cluster.dns(),
                cluster.secret().map(ClusterSecret::of).orElseGet(ClusterSecret::none),
                (int) Math.ceilDiv(cluster.detection().toMillis(), 1_000));
    }

    static String nodeName(Configuration.Cluster cluster, SecureRandom random) {
        return cluster.node().isEmpty() ? Directory.newNode(random) : cluster.node();
    }

    private static String hostFor(Configuration.Cluster cluster, Collection<InetAddress> own) {
        if (!cluster.host().isEmpty()) {
            return cluster.host().equals("localhost") ? LOOPBACK : cluster.host();
        }
        if (staysHere(cluster)) {
            return LOOPBACK;
        }
        List<String> members =
                cluster.members().stream().map(ClusterRules::hostOf).toList();
        List<String> ours = own.stream().map(InetAddress::getHostAddress).toList();
        Optional<String> named = ours.stream().filter(members::contains).findFirst();
        return named.or(() -> own.stream()
                        .filter(address -> isPrivate(address) && !address.isLoopbackAddress())
                        .filter(address -> address.getAddress().length == 4)
                        .map(InetAddress::getHostAddress)
                        .findFirst())
                .orElseThrow(() -> new ConfigurationError("this machine has no private address for "
                        + Settings.CLUSTER.flag() + ": name one by " + Settings.CLUSTER_HOST.flag()));
    }
}
