package dev.weir.shard;

import dev.weir.sdp.MediaAnswer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Turns a shard's sockets into the host candidates of its answers. */
final class Candidates {
    /** RFC 8445 section 5.1.2: host, component 1. */
    private static final long HOST_PREFERENCE = 126L << 24;

    private static final int COMPONENT = 256 - 1;
    private static final int MAX_LOCAL_PREFERENCE = 65_535;

    private Candidates() {}

    /**
     * @param ports what is bound, best first
     * @param advertised if not empty: just these; one that is not bound is another machine's face (1:1 NAT, container)
     *     and stands for the first port
     */
    static List<MediaAnswer.Candidate> of(Collection<InetSocketAddress> ports, List<InetAddress> advertised) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        if (advertised.isEmpty()) {
            addresses.addAll(ports);
        } else {
            advertised.forEach(address -> addresses.add(portOf(address, ports)));
        }
        List<MediaAnswer.Candidate> candidates = new ArrayList<>();
        for (InetSocketAddress address : addresses) {
            int place = candidates.size();
            long priority = HOST_PREFERENCE + (long) (MAX_LOCAL_PREFERENCE - place) * 256 + COMPONENT;
            candidates.add(new MediaAnswer.Candidate(
                    String.valueOf(place + 1), priority, address.getAddress().getHostAddress(), address.getPort()));
        }
        return List.copyOf(candidates);
    }

    private static InetSocketAddress portOf(InetAddress advertised, Collection<InetSocketAddress> ports) {
        for (InetSocketAddress port : ports) {
            if (port.getAddress().equals(advertised)) {
                return port;
            }
        }
        return new InetSocketAddress(advertised, ports.iterator().next().getPort());
    }
}
