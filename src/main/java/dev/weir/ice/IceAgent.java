package dev.weir.ice;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Our side of one peer connection's ICE: lite and therefore controlled (RFC 8445 section 2.5). It answers checks,
 * remembers from where authenticated ones came, and follows the other side's nomination; it sends nothing of its own.
 *
 * <p>The pair that was nominated last is the selected one, so that a client may move to another address in the middle
 * of a call. Whoever nominates aggressively thereby moves us with every check, which costs nothing. When the selected
 * route has been silent for {@link #CONSENT_NANOS} and another one has not, that one takes over.
 *
 * <p>Owned by the peer connection's event loop. The {@link Output} must not call back.
 */
public final class IceAgent {
    /** Nothing is sent to a route this long after its last authenticated check (the idea of RFC 7675 section 5.1). */
    public static final long CONSENT_NANOS = 10_000_000_000L;

    /** A route is forgotten after this long without a check; browsers check their spare routes every 25 s. */
    public static final long ROUTE_SILENCE_NANOS = 30_000_000_000L;

    /** At most so many validated routes; the one that was silent longest and is not selected makes room. */
    public static final int MAX_ROUTES = 16;

    private final StunMessage message = new StunMessage();
    private final List<KnownRoute> routes = new ArrayList<>();
    private Generation current;
    private Generation previous;
    private KnownRoute selected;
    private long lastCheck;
    private boolean checked;
    private boolean calling;

    /**
     * An agent that has heard nothing yet.
     *
     * @param local the credentials that we gave
     * @param remote the credentials of the other side's description
     */
    public IceAgent(IceCredentials local, IceCredentials remote) {
        current = new Generation(local, remote);
    }

    /** What the agent wants done. */
    public interface Output {
        /** Send a datagram; the callee owns the buffer from now on. */
        void send(Route to, ByteBuf datagram);

        /** A first authenticated check came this way: DTLS may now be listened to from there. */
        void validated(Route route);

        /** A validated route is none any more. */
        void forgotten(Route route);

        /** Send there from now on. */
        void selected(Route route);

        /** A datagram was refused; called once for it, also when an error was sent in answer. */
        void dropped(IceDrop reason);

        /** After a restart: checks to this user fragment are no longer answered. */
        default void retired(String localUfrag) {}
    }

    /** The user fragment of ours that a datagram is addressed to, or null where it names none. Authenticates nothing. */
    public static String localUfrag(ByteBuf stun) {
        return StunMessage.localUfrag(stun);
    }

    /** Whether a datagram has a STUN header (RFC 7983). */
    public static boolean looksLikeStun(ByteBuf datagram) {
        return StunMessage.looksLikeStun(datagram);
    }

    /**
     * An ICE restart (RFC 8445 section 9). The old credentials stay good until a pair is nominated with the new ones,
     * and media goes on over the old route until then.
     */
    public void restart(IceCredentials local, IceCredentials remote) {
        // Of two unfinished restarts in a row only the later matters; what carries the media stays.
        if (previous == null || current.nominated) previous = current;
        current = new Generation(local, remote);
    }

    /** Takes one datagram, which is borrowed. */
    public void onStun(long now, Route from, ByteBuf datagram, Output out) {
        enter();
        IceDrop drop = check(now, from, datagram, out);
        if (drop != null) out.dropped(drop);
        calling = false;
    }

    /** Forgets routes that went silent. May come early, late or twice. */
    public void onTimeout(long now, Output out) {
        enter();
        for (Iterator<KnownRoute> it = routes.iterator(); it.hasNext(); ) {
            KnownRoute known = it.next();
            if (known == selected || now - known.lastCheck < ROUTE_SILENCE_NANOS) continue;
            it.remove();
            out.forgotten(known.route);
        }
        if (selected != null && now - selected.lastCheck >= CONSENT_NANOS) leaveSilentRoute(now, out);
        calling = false;
    }

    /** When {@link #onTimeout} has something to do; {@link Long#MAX_VALUE}: never. */
    public long nextTimeout() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < routes.size(); i++) {
            KnownRoute known = routes.get(i);
            if (known != selected) next = Math.min(next, known.lastCheck + ROUTE_SILENCE_NANOS);
        }
        // Where there is no other route to turn to, a silent selected one needs no wake-up: maySend says it all.
        return selected == null || routes.size() == 1 ? next : Math.min(next, silentFrom());
    }

    /** The time at which the selected route has been silent too long, unless that was already acted on. */
    private long silentFrom() {
        return selected.leftInSilence ? Long.MAX_VALUE : selected.lastCheck + CONSENT_NANOS;
    }

    /** Whether an authenticated check came from there lately. */
    public boolean validated(Route route) {
        return selected != null && selected.route.equals(route) || find(route) != null;
    }

    /** Where to send: the pair nominated last, before any nomination the first validated one; null while there is none. */
    public Route selected() {
        return selected == null ? null : selected.route;
    }

    /** Whether the selected route was heard of within {@link #CONSENT_NANOS}; false without one. */
    public boolean maySend(long now) {
        return selected != null && now - selected.lastCheck < CONSENT_NANOS;
    }

    /** When the last authenticated check came, on whichever route; -1 before the first. */
    public long lastCheck() {
        return checked ? lastCheck : -1;
    }

    private void enter() {
        assert !calling : "an output called back";
        calling = true;
    }

    /** The order of RFC 8489 sections 6.3 and 9.1.3; null where the check is good. */
    private IceDrop check(long now, Route from, ByteBuf datagram, Output out) {
        if (!looksLikeStun(datagram)) return IceDrop.NOT_STUN;
        if (!message.wrap(datagram)) return IceDrop.MALFORMED;
        if (message.type() != StunMessage.BINDING_REQUEST) return IceDrop.NOT_A_REQUEST;
        if (!message.hasFingerprint()) return IceDrop.NO_FINGERPRINT;
        if (!message.fingerprintFits()) return IceDrop.BAD_FINGERPRINT;
        if (!message.hasUsername() || !message.hasIntegrity()) {
            return refuse(from, error(400).finish(), IceDrop.NO_CREDENTIALS, out);
        }
        Generation generation = addressed();
        if (generation == null) return refuse(from, error(401).finish(), IceDrop.UNKNOWN_USERNAME, out);
        StunKey key = generation.key;
        if (!message.isAuthentic(key)) return refuse(from, error(401).finish(), IceDrop.BAD_INTEGRITY, out);
        int[] unknown = message.unknownAttributes();
        if (unknown.length > 0) {
            var error = error(420).unknownAttributes(unknown).integrity(key);
            return refuse(from, error.finish(), IceDrop.UNKNOWN_ATTRIBUTES, out);
        }
        if (message.isControlled()) {
            return refuse(from, error(487).integrity(key).finish(), IceDrop.ROLE_CONFLICT, out);
        }
        return accept(now, from, generation, out);
    }

    private Generation addressed() {
        if (message.isUsername(current.username)) return current;
        return previous != null && message.isUsername(previous.username) ? previous : null;
    }

    private StunWriter error(int code) {
        return new StunWriter(StunMessage.BINDING_ERROR, message.transaction()).errorCode(code);
    }

    private IceDrop refuse(Route from, ByteBuf error, IceDrop reason, Output out) {
        return answer(from, error, out) ? reason : IceDrop.ANSWER_TOO_LONG;
    }

    /** An address is proved only by the check after this answer, so we never send it more than came from there. */
    private boolean answer(Route to, ByteBuf response, Output out) {
        if (response.readableBytes() > message.lengthBytes()) {
            response.release();
            return false;
        }
        out.send(to, response);
        return true;
    }

    private IceDrop accept(long now, Route from, Generation generation, Output out) {
        var response = new StunWriter(StunMessage.BINDING_SUCCESS, message.transaction())
                .xorMappedAddress(from.remote())
                .integrity(generation.key);
        if (!answer(from, response.finish(), out)) return IceDrop.ANSWER_TOO_LONG;
        lastCheck = now;
        checked = true;
        KnownRoute known = find(from);
        if (known == null) known = remember(now, from, out);
        known.lastCheck = now;
        known.leftInSilence = false;
        if (message.useCandidate()) {
            nominate(known, generation, out);
        } else if (selected == null || now - selected.lastCheck >= CONSENT_NANOS) {
            select(known, out);
        }
        return null;
    }

    private KnownRoute find(Route route) {
        for (int i = 0; i < routes.size(); i++) {
            KnownRoute known = routes.get(i);
            if (known.route.equals(route)) return known;
        }
        return null;
    }

    private KnownRoute remember(long now, Route route, Output out) {
        if (routes.size() == MAX_ROUTES) forgetOldest(out);
        KnownRoute known = new KnownRoute(route, now);
        routes.add(known);
        out.validated(route);
        return known;
    }

    private void forgetOldest(Output out) {
        KnownRoute oldest = null;
        for (KnownRoute known : routes) {
            if (known != selected && (oldest == null || known.lastCheck < oldest.lastCheck)) oldest = known;
        }
        routes.remove(oldest);
        out.forgotten(oldest.route);
    }

    private void nominate(KnownRoute known, Generation generation, Output out) {
        generation.nominated = true;
        if (generation == current && previous != null) {
            out.retired(previous.local.ufrag());
            previous = null;
        }
        known.nominated = true;
        select(known, out);
    }

    private void select(KnownRoute known, Output out) {
        if (selected == known) return;
        selected = known;
        out.selected(known.route);
    }

    /** Turns to the route that was heard last, nominated ones first; stays where it is when all are silent. */
    private void leaveSilentRoute(long now, Output out) {
        KnownRoute best = null;
        for (KnownRoute known : routes) {
            if (now - known.lastCheck >= CONSENT_NANOS) continue;
            if (best == null || known.isBetterThan(best)) best = known;
        }
        selected.leftInSilence = true;
        if (best != null) select(best, out);
    }

    /** Credentials of one ICE generation (RFC 8445 section 9). */
    private static final class Generation {
        final IceCredentials local;
        final byte[] username;
        final StunKey key;
        boolean nominated;

        Generation(IceCredentials local, IceCredentials remote) {
            this.local = local;
            username = (local.ufrag() + ":" + remote.ufrag()).getBytes(StandardCharsets.US_ASCII);
            key = new StunKey(local.pwd());
        }
    }

    private static final class KnownRoute {
        final Route route;
        long lastCheck;
        boolean nominated;
        boolean leftInSilence;

        KnownRoute(Route route, long now) {
            this.route = route;
            lastCheck = now;
        }

        boolean isBetterThan(KnownRoute other) {
            return nominated != other.nominated ? nominated : lastCheck > other.lastCheck;
        }
    }
}
