package dev.weir.shard;

import dev.weir.dtls.DtlsConnection;
import dev.weir.ice.IceAgent;
import dev.weir.ice.Route;
import dev.weir.peer.DropReason;
import dev.weir.peer.Peer;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which datagram is for which peer: by route once a check has passed, by user fragment before. */
final class Routes implements Peer.Output {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    /**
     * Runs that leave with one system call: enough that the call is cheap for each, few enough that their buffers stay
     * in the processor's cache until the kernel has copied them.
     */
    private static final int RUNS_PER_FLUSH = 4;

    private final Counters counters;
    private final Map<Route, Peer> byRoute = new HashMap<>();
    private final Map<String, Peer> byUfrag = new HashMap<>();
    private final ArrayList<Peer> turning = new ArrayList<>();
    private Ports ports;
    private int unflushedRuns;

    Routes(Counters counters) {
        this.counters = counters;
    }

    void use(Ports sockets) {
        ports = sockets;
    }

    void onDatagram(long now, Route from, ByteBuf datagram) {
        if (datagram.readableBytes() > Peer.MAX_DATAGRAM_BYTES) {
            dropped(DropReason.OVERSIZED);
            return;
        }
        Peer peer = byRoute.get(from);
        if (peer == null || IceAgent.looksLikeStun(datagram)) {
            peer = named(datagram, peer);
        }
        if (peer != null) {
            peer.onDatagram(now, from, datagram);
        }
    }

    /** A check says by its user fragment whose it is, which may be another's than the route's was. */
    private Peer named(ByteBuf datagram, Peer routed) {
        if (!IceAgent.looksLikeStun(datagram)) {
            dropped(DtlsConnection.looksLikeDtls(datagram) ? DropReason.DTLS_UNCHECKED : DropReason.UNKNOWN_SOURCE);
            return null;
        }
        String ufrag = IceAgent.localUfrag(datagram);
        Peer peer = ufrag == null ? routed : byUfrag.get(ufrag);
        if (peer == null) {
            dropped(DropReason.UNKNOWN_UFRAG);
        }
        return peer;
    }

    @Override
    public void send(Route to, ByteBuf datagram) {
        if (ports.send(to, datagram)) {
            counters.sent();
        } else {
            dropped(DropReason.SOCKET_FULL);
        }
    }

    @Override
    public boolean sendRun(Route to, ByteBuf run, int segmentBytes, int packets, long since) {
        int sends = ports.sendRun(to, run, segmentBytes);
        if (sends > 0) {
            counters.sentRun(packets, sends, since);
            if (++unflushedRuns >= RUNS_PER_FLUSH) {
                unflushedRuns = 0;
                ports.flush();
            }
            return true;
        }
        for (int i = 0; i < packets; i++) {
            dropped(DropReason.SOCKET_FULL);
        }
        return false;
    }

    @Override
    public void turns(Peer peer) {
        turning.add(peer);
    }

    /** The turn of the loop is over: what was gathered leaves. @return whether something waits for more */
    boolean endTurn(long now) {
        int open = 0;
        for (int i = 0; i < turning.size(); i++) {
            Peer peer = turning.get(i);
            if (endTurn(now, peer)) {
                turning.set(open++, peer);
            }
        }
        while (turning.size() > open) {
            turning.removeLast();
        }
        return open > 0;
    }

    /** A mistake of ours with one connection ends that one, and keeps nobody else's packets back. */
    private static boolean endTurn(long now, Peer peer) {
        try {
            return peer.endTurn(now);
        } catch (RuntimeException mistake) {
            LOG.error("a connection is closed, since its packets could not be sent", mistake);
            peer.close();
            return false;
        }
    }

    @Override
    public void expects(Peer peer, String ufrag) {
        byUfrag.put(ufrag, peer);
        count();
    }

    @Override
    public void retired(String ufrag) {
        byUfrag.remove(ufrag);
        count();
    }

    @Override
    public void routed(Peer peer, Route route) {
        byRoute.put(route, peer);
        count();
    }

    @Override
    public void unrouted(Peer peer, Route route) {
        byRoute.remove(route, peer);
        count();
    }

    @Override
    public void handshake(boolean completed) {
        counters.handshake(completed);
    }

    @Override
    public void dropped(DropReason reason) {
        counters.dropped(reason);
    }

    private void count() {
        counters.routes(byUfrag.size(), byRoute.size());
    }
}
