package dev.weir;

import dev.weir.shard.LocalAddresses;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What this machine is called in the network: its addresses and those advertised. Read by any thread, written by one. */
final class OwnAddresses {
    static final long REFRESH_MS = 5_000;

    private final List<InetAddress> advertised;
    private volatile Set<InetAddress> known = Set.of();

    OwnAddresses(List<InetAddress> advertised) {
        this.advertised = advertised;
    }

    /** Asks the system, so not on an event loop. */
    Void refresh() throws SocketException {
        Set<InetAddress> all = new HashSet<>(advertised);
        all.addAll(LocalAddresses.find());
        known = Set.copyOf(all);
        return null;
    }

    Set<InetAddress> now() {
        return known;
    }
}
