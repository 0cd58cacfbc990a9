package dev.weir.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MemberAddressProviderConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.spi.MemberAddressProvider;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.UUID;

/** How Hazelcast is set up: as few doors as it has, and as little as is needed behind them. */
final class Member {
    static final String ROOMS = "weir.rooms";
    static final String NODES = "weir.nodes";

    /** Nodes of one machine take the next ports when this many are taken. */
    private static final int PORTS = 20;

    /** Hazelcast's heartbeats come each second at the least, so less than this would be taken for a loss. */
    private static final int LEAST_DETECTION_SECONDS = 2;

    private Member() {}

    /** Where Vert.x looks for the name by which it knows a node, another one for each start of it. */
    static final String VERTX_NODE = "__vertx.nodeId";

    /** Blocks while it looks for the others. */
    static HazelcastInstance start(ClusterSettings settings) {
        // Before its first class is loaded, for what it says while there is no instance yet.
        System.setProperty("hazelcast.logging.type", "slf4j");
        return Hazelcast.newHazelcastInstance(config(settings));
    }

    static Config config(ClusterSettings settings) {
        Config config = new Config();
        // Clusters of different secrets never meet, even where their members can reach each other.
        config.setClusterName("weir-" + settings.secret().name("cluster", "name"));
        config.getMemberAttributeConfig().setAttribute(VERTX_NODE, settings.node() + "." + UUID.randomUUID());
        config.setAdvancedNetworkConfig(network(settings));
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.getSerializationConfig().setJavaSerializationFilterConfig(filter());
        config.addMapConfig(new MapConfig(ROOMS).setBackupCount(1).setAsyncBackupCount(1));
        config.addMapConfig(new MapConfig(NODES).setBackupCount(1));
        config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1).setAsyncBackupCount(1));
        config.getMultiMapConfig("__vertx.subs").setBackupCount(1).setAsyncBackupCount(1);
        properties(settings).forEach((name, value) -> config.setProperty("hazelcast." + name, value));
        return config;
    }

    /** With the advanced form there is a socket for members alone: clients, REST and memcache get none. */
    private static AdvancedNetworkConfig network(ClusterSettings settings) {
        ServerSocketEndpointConfig members = new ServerSocketEndpointConfig()
                .setPort(settings.port())
                .setPortAutoIncrement(true)
                .setPortCount(PORTS);
        JoinConfig join = new JoinConfig();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        if (settings.dns().isEmpty()) {
            join.getTcpIpConfig().setEnabled(true).setMembers(settings.members());
        } else {
            // Any name with an address for each member will do; it needs nothing else of Kubernetes.
            join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", settings.dns())
                    .setProperty("service-port", String.valueOf(settings.port()));
        }
        return new AdvancedNetworkConfig()
                .setEnabled(true)
                .setMemberEndpointConfig(members)
                .setMemberAddressProviderConfig(new MemberAddressProviderConfig()
                        .setEnabled(true)
                        .setImplementation(new OneAddress(settings.host())))
                .setJoin(join);
    }

    /** Nothing of ours is ever serialised by Java; members send each other exceptions that way. */
    private static JavaSerializationFilterConfig filter() {
        ClassFilter allowed = new ClassFilter()
                .addPrefixes(
                        "io.vertx.spi.cluster.hazelcast.impl.", "com.hazelcast.core.", "com.hazelcast.spi.exception.")
                .addClasses(
                        "java.lang.Throwable",
                        "java.lang.Exception",
                        "java.lang.RuntimeException",
                        "java.lang.IllegalStateException",
                        "java.lang.IllegalArgumentException",
                        "java.lang.UnsupportedOperationException",
                        "java.lang.NullPointerException",
                        "java.lang.StackTraceElement",
                        "[Ljava.lang.StackTraceElement;",
                        "java.util.ArrayList",
                        "java.util.Collections$EmptyList",
                        "java.io.IOException");
        return new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(allowed);
    }

    private static Map<String, String> properties(ClusterSettings settings) {
        int detection = Math.max(LEAST_DETECTION_SECONDS, settings.detectionSeconds());
        return Map.ofEntries(
                Map.entry("socket.bind.any", "false"),
                Map.entry("phone.home.enabled", "false"),
                Map.entry("logging.type", "slf4j"),
                Map.entry("logging.emoji.enabled", "false"),
                Map.entry("shutdownhook.enabled", "false"),
                Map.entry("health.monitoring.level", "OFF"),
                // The first of several that start together waits so long for the others.
                Map.entry("wait.seconds.before.join", "1"),
                Map.entry("max.wait.seconds.before.join", "5"),
                Map.entry("heartbeat.interval.seconds", "1"),
                Map.entry("max.no.heartbeat.seconds", String.valueOf(detection)),
                Map.entry("mastership.claim.timeout.seconds", String.valueOf(detection + 5)),
                Map.entry("member.list.publish.interval.seconds", "10"),
                Map.entry("merge.first.run.delay.seconds", "5"),
                Map.entry("merge.next.run.delay.seconds", "5"),
                // A call that a lost member would have answered is given up soon.
                Map.entry("operation.call.timeout.millis", "10000"),
                Map.entry("graceful.shutdown.max.wait", "5"),
                // The directory is small: a machine's cores are for media.
                Map.entry("io.thread.count", "1"),
                Map.entry("operation.thread.count", "2"),
                Map.entry("operation.generic.thread.count", "2"),
                Map.entry("event.thread.count", "1"));
    }

    /**
     * Binds to that address and no other. Hazelcast's own way, a pattern for interfaces, knows of loopback the first
     * address only.
     */
    private record OneAddress(String host) implements MemberAddressProvider {
        @Override
        public InetSocketAddress getBindAddress() {
            // Port 0 stands for the configured one or the next that is free.
            return new InetSocketAddress(host, 0);
        }

        @Override
        public InetSocketAddress getBindAddress(EndpointQualifier qualifier) {
            return getBindAddress();
        }

        @Override
        public InetSocketAddress getPublicAddress() {
            return getBindAddress();
        }

        @Override
        public InetSocketAddress getPublicAddress(EndpointQualifier qualifier) {
            return getBindAddress();
        }
    }
}
