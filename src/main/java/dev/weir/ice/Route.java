package dev.weir.ice;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A pair of addresses that datagrams travel between: one of ours, and the peer's as we see it.
 *
 * @param local our own address and port, resolved
 * @param remote the other side's address and port, resolved
 */
public record Route(InetSocketAddress local, InetSocketAddress remote) {
    public Route {
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(remote, "remote");
    }
}
