package dev.weir.sim;

import dev.weir.ice.Route;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Datagrams between addresses in simulated time, from a seed. Each host has a path up and a path down with conditions of
 * their own; a host without any is reached at once. A host may sit behind an address translation that changes.
 */
final class SimNetwork {
    /** IP and UDP. */
    private static final int HEADER_BYTES = 28;

    private static final int MTU_BYTES = 1_200;
    private static final long MAX_OVERTAKEN_NANOS = 15_000_000;

    /** Takes what arrives; borrowed. */
    interface Host {
        void onDatagram(long now, Route from, ByteBuf datagram);
    }

    /** One datagram that arrived, was lost or had nobody to arrive at. */
    record Trace(long time, int fromPort, int toPort, int bytes, String fate) {}

    private record Flying(long at, long number, InetSocketAddress from, InetSocketAddress to, ByteBuf datagram)
            implements Comparable<Flying> {
        @Override
        public int compareTo(Flying other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    private static final class Path {
        Conditions conditions = Conditions.GOOD;
        boolean losing;
        long freeAt;
        long lastArrival;
        int lost;
        int duplicated;
    }

    private final SplittableRandom random;
    private final PriorityQueue<Flying> flying = new PriorityQueue<>();
    private final Map<InetSocketAddress, Host> hosts = new HashMap<>();
    private final Map<InetSocketAddress, Path> up = new HashMap<>();
    private final Map<InetSocketAddress, Path> down = new HashMap<>();
    private final Map<InetSocketAddress, InetSocketAddress> outside = new HashMap<>();
    private final Map<InetSocketAddress, InetSocketAddress> inside = new HashMap<>();
    private final List<Trace> trace = new ArrayList<>();
    private Predicate<ByteBuf> interference = _ -> false;
    private long sent;

    SimNetwork(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Someone who is reached at once: a server, whose clients have the paths. */
    void attach(InetSocketAddress address, Host host) {
        hosts.put(address, host);
    }

    /** Someone at the end of a path. */
    void attach(InetSocketAddress address, Host host, Conditions conditions) {
        hosts.put(address, host);
        up.put(address, new Path());
        down.put(address, new Path());
        conditions(address, conditions, conditions);
    }

    void conditions(InetSocketAddress address, Conditions upwards, Conditions downwards) {
        up.get(address).conditions = upwards;
        down.get(address).conditions = downwards;
    }

    /** What a host sends seems to come from another address from now on; the one before leads nowhere. */
    void translate(InetSocketAddress host, InetSocketAddress seenAs) {
        inside.remove(outside.put(host, seenAs));
        inside.put(seenAs, host);
    }

    /** Datagrams for which this says true are lost. */
    void lose(Predicate<ByteBuf> which) {
        interference = which;
    }

    /** Takes the buffer. */
    void send(long now, Route route, ByteBuf datagram) {
        InetSocketAddress from = outside.getOrDefault(route.local(), route.local());
        if (interference.test(datagram)) {
            note(now, from, route.remote(), datagram, "taken");
            datagram.release();
            return;
        }
        InetSocketAddress target = hostOf(route.remote());
        Path path = up.getOrDefault(route.local(), target == null ? null : down.get(target));
        if (path == null) {
            flying.add(new Flying(now, sent++, from, route.remote(), datagram));
            return;
        }
        if (loses(path) || overflows(now, path)) {
            path.lost++;
            note(now, from, route.remote(), datagram, "lost");
            datagram.release();
            return;
        }
        if (random.nextDouble() < path.conditions.duplication()) {
            path.duplicated++;
            flying.add(new Flying(arrival(now, path, datagram), sent++, from, route.remote(), datagram.copy()));
        }
        flying.add(new Flying(arrival(now, path, datagram), sent++, from, route.remote(), datagram));
    }

    /** When the next datagram arrives; {@link Long#MAX_VALUE}: none is on its way. */
    long nextTimeout() {
        return flying.isEmpty() ? Long.MAX_VALUE : flying.peek().at();
    }

    /** Lets all arrive that are due. */
    void deliver(long now) {
        while (nextTimeout() <= now) {
            deliver(now, flying.poll());
        }
    }

    private void deliver(long now, Flying next) {
        InetSocketAddress target = hostOf(next.to());
        Host host = target == null ? null : hosts.get(target);
        note(now, next.from(), next.to(), next.datagram(), host == null ? "nowhere" : "");
        if (host != null) {
            host.onDatagram(now, new Route(target, next.from()), next.datagram());
        }
        next.datagram().release();
    }

    /** Lets everything on its way go. */
    void close() {
        flying.forEach(each -> each.datagram().release());
        flying.clear();
    }

    List<Trace> trace() {
        return trace;
    }

    int lostUp(InetSocketAddress host) {
        return up.get(host).lost;
    }

    int lostDown(InetSocketAddress host) {
        return down.get(host).lost;
    }

    int duplicatedDown(InetSocketAddress host) {
        return down.get(host).duplicated;
    }

    private InetSocketAddress hostOf(InetSocketAddress address) {
        InetSocketAddress translated = inside.get(address);
        if (translated != null) {
            return translated;
        }
        return outside.containsKey(address) ? null : hosts.containsKey(address) ? address : null;
    }

    /** Two states (Gilbert): the mean length of a burst and the mean loss give both ways between them. */
    private boolean loses(Path path) {
        Conditions conditions = path.conditions;
        double draw = random.nextDouble();
        if (conditions.loss() == 0) {
            return false;
        }
        double end = 1 / conditions.burst();
        double begin = conditions.loss() * end / (1 - conditions.loss());
        path.losing = path.losing ? draw >= end : draw < begin;
        return path.losing;
    }

    /** Drop-tail, before a rate. */
    private static boolean overflows(long now, Path path) {
        long most = path.conditions.queueNanos();
        return most > 0 && path.freeAt - now > most;
    }

    private long arrival(long now, Path path, ByteBuf datagram) {
        Conditions conditions = path.conditions;
        long leaves = now;
        if (conditions.rateBps() > 0) {
            long nanos = wireBytes(datagram) * 8L * 1_000_000_000L / conditions.rateBps();
            path.freeAt = Math.max(now, path.freeAt) + nanos;
            leaves = path.freeAt;
        }
        double jitter = random.nextDouble();
        boolean overtaken = random.nextDouble() < conditions.reordering();
        long at = leaves + conditions.delayNanos() + (long) (jitter * conditions.jitterNanos());
        if (overtaken) {
            return at + 1 + random.nextLong(MAX_OVERTAKEN_NANOS);
        }
        path.lastArrival = Math.max(path.lastArrival, at);
        return path.lastArrival;
    }

    private void note(long now, InetSocketAddress from, InetSocketAddress to, ByteBuf datagram, String fate) {
        trace.add(new Trace(now, from.getPort(), to.getPort(), wireBytes(datagram), fate));
    }

    /** A handshake's datagrams vary by a byte or two with its signatures, which no seed governs: all count as full. */
    private static int wireBytes(ByteBuf datagram) {
        int first = datagram.getUnsignedByte(datagram.readerIndex());
        boolean dtls = first >= 20 && first <= 63;
        return HEADER_BYTES + (dtls ? MTU_BYTES : datagram.readableBytes());
    }
}
