package dev.weir.shard;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The addresses of this machine that media can use. Asks the system, so not for an event loop. */
public final class LocalAddresses {
    /** How many addresses apart from loopback are used. Each costs a socket a shard, and a candidate an answer. */
    public static final int MAX_ADDRESSES = 8;

    /** IPv4 before IPv6, loopback last. */
    static final Comparator<InetSocketAddress> BEST_FIRST = Comparator.comparing(
                    (InetSocketAddress socket) -> socket.getAddress().isLoopbackAddress())
            .thenComparing(socket -> !(socket.getAddress() instanceof Inet4Address));

    private LocalAddresses() {}

    /** IPv4 before IPv6, loopback last; neither link-local nor temporary interfaces that are down. */
    public static List<InetAddress> find() throws SocketException {
        List<InetAddress> outward = new ArrayList<>();
        List<InetAddress> loopback = new ArrayList<>();
        for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
            if (!network.isUp()) {
                continue;
            }
            network.inetAddresses()
                    .filter(address -> !address.isLinkLocalAddress() && !address.isMulticastAddress())
                    .map(LocalAddresses::withoutScope)
                    .forEach(address -> (address.isLoopbackAddress() ? loopback : outward).add(address));
        }
        Comparator<InetAddress> families = Comparator.comparing(address -> !(address instanceof Inet4Address));
        outward.sort(families);
        loopback.sort(families);
        return Stream.concat(outward.stream().limit(MAX_ADDRESSES), loopback.stream())
                .toList();
    }

    /** Without the interface's name that Java keeps in IPv6 addresses, so that equal addresses are equal. */
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of the system's has an impossible length", e);
        }
    }
}
