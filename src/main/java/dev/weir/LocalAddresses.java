package dev.weir;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The machine's own addresses, in the order in which candidates are made of them. */
final class LocalAddresses {
    static final int MAX = 8;

    private LocalAddresses() {}

    /** At most eight that others may reach, IPv4 first, then the loopback address. */
    static List<InetAddress> advertised() {
        List<InetAddress> all;
        try {
            all = NetworkInterface.networkInterfaces()
                    .filter(LocalAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            all = List.of();
        }
        return Stream.concat(
                        all.stream()
                                .filter(address -> !address.isLoopbackAddress()
                                        && !address.isLinkLocalAddress()
                                        && !address.isMulticastAddress())
                                .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                                .limit(MAX),
                        all.stream()
                                .filter(address -> address.isLoopbackAddress() && address instanceof Inet4Address)
                                .limit(1))
                .toList();
    }

    private static boolean isUp(NetworkInterface networkInterface) {
        try {
            return networkInterface.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
