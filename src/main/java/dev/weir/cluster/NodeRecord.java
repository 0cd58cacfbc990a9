package dev.weir.cluster;

import java.util.List;

/**
 * What a node says of itself every few seconds.
 *
 * @param member what it is called among Hazelcast's members since its start, by which its loss is told
 * @param addresses at which its media is reached
 * @param urls where people may be sent; empty: it has no address that others could use
 * @param version of its build
 * @param state {@link #READY} or {@link #DRAINING}
 * @param cpu share of the machine's processors that it uses, 0 to 1; negative: not known
 * @param loops its media loops, in the order of their indices
 * @param people who sit there and joins in flight
 * @param drops packets dropped since its start, for whatever reason
 * @param dropsPerSecond of late, and {@code formerDropsPerSecond} the round before: their trend
 */
public record NodeRecord(
        String node,
        String member,
        String region,
        List<String> addresses,
        List<String> urls,
        String version,
        String state,
        double cpu,
        List<Loop> loops,
        int rooms,
        int maxRooms,
        int people,
        long ingressBps,
        long egressBps,
        long drops,
        double dropsPerSecond,
        double formerDropsPerSecond) {
    public static final String READY = "ready";
    public static final String DRAINING = "draining";

    /** @param busyRatio share of the loop's time in which it worked, 0 to 1 */
    public record Loop(int people, double busyRatio) {}

    public NodeRecord {
        addresses = List.copyOf(addresses);
        urls = List.copyOf(urls);
        loops = List.copyOf(loops);
    }

    boolean takesRooms() {
        return state.equals(READY) && rooms < maxRooms;
    }
}
