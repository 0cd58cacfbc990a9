package dev.weir.web;

import java.net.InetAddress;
import java.util.Optional;

/** A block of addresses, {@code 10.0.0.0/8} or {@code fd00::/8}; a plain address is a block of one. */
public record Cidr(InetAddress network, int prefixLength) {

    /** Empty for what is no address block. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = network.getAddress().length * 8;
            int prefixLength = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            return prefixLength < 0 || prefixLength > bits
                    ? Optional.empty()
                    : Optional.of(new Cidr(network, prefixLength));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] other = address.getAddress();
        if (ours.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >>> (bit & 7);
            if (((ours[bit >> 3] ^ other[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
