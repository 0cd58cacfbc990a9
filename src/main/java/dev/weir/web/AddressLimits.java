package dev.weir.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How often something may come from one address, for all verticles together. An IPv6 address counts as its /64, which
 * is what one customer gets. Safe for use from any thread.
 */
final class AddressLimits {
    /** Those seen longest ago are forgotten first. */
    static final int MAX_ADDRESSES = 20_000;

    private static final int PREFIX_BYTES = 8;
    private static final double SECONDS_PER_MINUTE = 60;

    private final int perMinute;
    private final Map<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** @param perMinute allowed for long, and at once; 0: any number */
    AddressLimits(int perMinute) {
        this.perMinute = perMinute;
    }

    /** Counts one. @return seconds to wait when it is one too many, which is not counted */
    synchronized OptionalInt take(InetAddress address, long now) {
        if (perMinute == 0) {
            return OptionalInt.empty();
        }
        TokenBucket bucket = buckets.computeIfAbsent(
                key(address), _ -> new TokenBucket(perMinute / SECONDS_PER_MINUTE, perMinute, now));
        if (buckets.size() > MAX_ADDRESSES) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        return bucket.take(1, now)
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.ceil(SECONDS_PER_MINUTE / perMinute));
    }

    private static String key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, PREFIX_BYTES) : bytes);
    }
}
