package dev.weir.cluster;

import java.util.List;
import java.util.Optional;

/**
 * How a node joins a cluster; checked already.
 *
 * @param node this node's name, which no other node has
 * @param region may be empty
 * @param host the address of this machine at which other nodes reach it
 * @param port of Hazelcast; the event bus listens on this + {@link #BUS_PORT_OFFSET}
 * @param members host or host:port of those to ask first
 * @param dns a name whose addresses are all the members; empty: {@code members} are
 * @param detectionSeconds a node that is silent this long is gone
 */
public record ClusterSettings(
        String node,
        String region,
        String host,
        int port,
        List<String> members,
        String dns,
        ClusterSecret secret,
        int detectionSeconds) {
    public static final int BUS_PORT_OFFSET = 100;

    public ClusterSettings {
        members = List.copyOf(members);
    }

    /** Where this node's people are sent, and what it is. */
    public record Face(String version, List<String> addresses, Optional<String> url) {
        public Face {
            addresses = List.copyOf(addresses);
        }
    }
}
