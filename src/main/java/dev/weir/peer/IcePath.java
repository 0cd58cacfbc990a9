package dev.weir.peer;

import dev.weir.ice.IceAgent;
import dev.weir.ice.IceCredentials;
import dev.weir.ice.IceDrop;
import dev.weir.ice.Route;
import dev.weir.sdp.MediaOffer;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** How a peer is reached: its ICE agent and credentials, and the user fragments and routes by which the shard knows it. */
final class IcePath {
    private final Peer peer;
    private final PeerSettings settings;
    private final Peer.Output out;
    private final IceAgent agent;
    private final List<String> ufrags = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final AgentOutput agentOutput = new AgentOutput();
    private IceCredentials local;
    private IceCredentials remote;

    IcePath(Peer peer, PeerSettings settings, MediaOffer offer) {
        this.peer = peer;
        this.settings = settings;
        this.out = settings.output();
        this.local = newCredentials();
        this.remote = new IceCredentials(offer.iceUfrag(), offer.icePwd());
        this.agent = new IceAgent(local, remote);
    }

    /** Ours, for the answer. */
    IceCredentials local() {
        return local;
    }

    /** Restarts where the browser's credentials are new. @return whether they are, and so ours */
    boolean update(MediaOffer offer) {
        if (offer.iceUfrag().equals(remote.ufrag()) && offer.icePwd().equals(remote.pwd())) {
            return false;
        }
        local = newCredentials();
        remote = new IceCredentials(offer.iceUfrag(), offer.icePwd());
        agent.restart(local, remote);
        return true;
    }

    void onStun(long now, Route from, ByteBuf datagram) {
        agent.onStun(now, from, datagram, agentOutput);
    }

    boolean validated(Route route) {
        return agent.validated(route);
    }

    /** Where to send; null before the first check. */
    Route selected() {
        return agent.selected();
    }

    /** Whether anything may be sent there now. */
    boolean isOpen(long now) {
        return agent.maySend(now);
    }

    /** When the last authenticated check came; -1 before the first. */
    long lastCheck() {
        return agent.lastCheck();
    }

    long nextTimeout() {
        return agent.nextTimeout();
    }

    void onTimeout(long now) {
        agent.onTimeout(now, agentOutput);
    }

    /** Gives all user fragments and routes back. */
    void close() {
        ufrags.forEach(out::retired);
        routes.forEach(route -> out.unrouted(peer, route));
    }

    private IceCredentials newCredentials() {
        IceCredentials credentials = IceCredentials.random(settings.random());
        ufrags.add(credentials.ufrag());
        out.expects(peer, credentials.ufrag());
        return credentials;
    }

    private final class AgentOutput implements IceAgent.Output {
        @Override
        public void send(Route to, ByteBuf datagram) {
            out.send(to, datagram);
        }

        @Override
        public void validated(Route route) {
            routes.add(route);
            out.routed(peer, route);
        }

        @Override
        public void forgotten(Route route) {
            routes.remove(route);
            out.unrouted(peer, route);
        }

        @Override
        public void selected(Route route) {
            // Asked for at each packet.
        }

        @Override
        public void dropped(IceDrop reason) {
            out.dropped(DropReason.BAD_CHECK);
        }

        @Override
        public void retired(String localUfrag) {
            ufrags.remove(localUfrag);
            out.retired(localUfrag);
        }
    }
}
