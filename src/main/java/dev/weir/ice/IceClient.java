package dev.weir.ice;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The full and controlling side, towards an {@link IceAgent}: for tests and the load generator, so it does no more than
 * they need. It answers what a full agent asks. It checks each route with USE-CANDIDATE, takes the first that answers, and repeats the check for consent.
 * A route added later and answered takes over, as when a laptop leaves the desk.
 *
 * <p>Owned by one thread. The {@link IceAgent.Output} must not call back.
 */
public final class IceClient {
    /** Between the first checks of two routes (RFC 8445 section 14.2). */
    static final long PACING_NANOS = 50_000_000L;
    /** The first wait for an answer; it doubles with each repetition (RFC 8489 section 6.2.1). */
    static final long RTO_NANOS = 500_000_000L;
    /** Rc: a check is sent so many times, then given up. */
    static final int MAX_SENDS = 7;
    /** Rm: after the last time the answer may take so many first waits. */
    static final int LAST_WAIT_RTOS = 16;
    /**
     * Checks of the route in use come this far apart, by a random factor of 0.8 to 1.2: as in Chromium 156. RFC 7675
     * section 5.1 has 5 s, and then one lost check can leave an agent without consent for a moment.
     */
    static final long CONSENT_INTERVAL_NANOS = 2_500_000_000L;
    /** Without an answer for this long there is no consent any more (RFC 7675 section 5.1). */
    static final long CONSENT_EXPIRY_NANOS = 30_000_000_000L;
    /** Of consent checks without an answer so many are remembered. */
    private static final int MAX_CONSENT_CHECKS = 16;
    /** A peer-reflexive candidate's preference over the one component we have (RFC 8445 section 5.1.2.1). */
    private static final long PRIORITY = (110L << 24) | (65535L << 8) | 255;

    private final StunMessage message = new StunMessage();
    private final List<Check> checks = new ArrayList<>();
    private final List<byte[]> consentChecks = new ArrayList<>();
    private final byte[] username;
    private final byte[] ownUsername;
    private final StunKey key;
    private final StunKey ownKey;
    private final RandomGenerator random;
    private final long tieBreaker;
    private long nextStart;
    private long nextConsent = Long.MAX_VALUE;
    private long lastAnswer;
    private Route selected;

    /**
     * A client that has sent nothing yet; {@link #nextTimeout} is due at once when there are routes.
     *
     * @param local our credentials
     * @param remote those of the agent, which answers with its password
     * @param routes what to check, in this order
     * @param random transaction ids and jitter
     */
    public IceClient(IceCredentials local, IceCredentials remote, List<Route> routes, RandomGenerator random) {
        this.random = random;
        username = (remote.ufrag() + ":" + local.ufrag()).getBytes(StandardCharsets.US_ASCII);
        ownUsername = (local.ufrag() + ":" + remote.ufrag()).getBytes(StandardCharsets.US_ASCII);
        key = new StunKey(remote.pwd());
        ownKey = new StunKey(local.pwd());
        tieBreaker = random.nextLong();
        routes.forEach(this::add);
    }

    /** Checks one more route, and moves there when it answers. */
    public void add(Route route) {
        checks.add(new Check(route, transaction()));
    }

    /** Sends what is due. May come early, late or twice. */
    public void onTimeout(long now, IceAgent.Output out) {
        for (Check check : checks) {
            if (check.sends == 0 && now >= nextStart) {
                nextStart = now + PACING_NANOS;
                send(now, check, out);
            } else if (check.sends > 0 && now >= check.due) {
                send(now, check, out);
            }
        }
        checks.removeIf(check -> check.sends > MAX_SENDS);
        if (now >= nextConsent) sendConsent(now, out);
    }

    /** When {@link #onTimeout} has something to do; {@link Long#MAX_VALUE}: never. */
    public long nextTimeout() {
        long next = nextConsent;
        for (Check check : checks) next = Math.min(next, check.sends == 0 ? nextStart : check.due);
        return next;
    }

    /** Takes one datagram, which is borrowed. */
    public void onStun(long now, Route from, ByteBuf datagram, IceAgent.Output out) {
        IceDrop drop = onResponse(now, from, datagram, out);
        if (drop != null) out.dropped(drop);
    }

    /** Where to send; null while nothing has answered. */
    public Route selected() {
        return selected;
    }

    /** Whether the agent has answered within {@link #CONSENT_EXPIRY_NANOS}. */
    public boolean maySend(long now) {
        return selected != null && now - lastAnswer < CONSENT_EXPIRY_NANOS;
    }

    private IceDrop onResponse(long now, Route from, ByteBuf datagram, IceAgent.Output out) {
        if (!StunMessage.looksLikeStun(datagram)) return IceDrop.NOT_STUN;
        if (!message.wrap(datagram)) return IceDrop.MALFORMED;
        if (!message.fingerprintFits()) return IceDrop.BAD_FINGERPRINT;
        if (message.type() == StunMessage.BINDING_REQUEST) return onRequest(from, out);
        boolean success = message.type() == StunMessage.BINDING_SUCCESS;
        if (!success && message.type() != StunMessage.BINDING_ERROR) return IceDrop.UNKNOWN_TRANSACTION;
        if (!message.isAuthentic(key)) {
            return success || message.hasIntegrity() ? IceDrop.BAD_INTEGRITY : IceDrop.REFUSED;
        }
        if (from.equals(selected) && success && consentChecks.removeIf(message::hasTransaction)) {
            lastAnswer = now;
            return null;
        }
        for (Check check : checks) {
            if (check.sends == 0 || !check.route.equals(from) || !message.hasTransaction(check.transaction)) continue;
            checks.remove(check);
            if (!success) return IceDrop.REFUSED;
            onAnswered(now, from, out);
            return null;
        }
        return IceDrop.UNKNOWN_TRANSACTION;
    }

    /** An agent that is not lite checks too, and does not send before we have answered (RFC 8445 section 7.3). */
    private IceDrop onRequest(Route from, IceAgent.Output out) {
        if (!message.isUsername(ownUsername)) return IceDrop.UNKNOWN_USERNAME;
        if (!message.isAuthentic(ownKey)) return IceDrop.BAD_INTEGRITY;
        var response = new StunWriter(StunMessage.BINDING_SUCCESS, message.transaction())
                .xorMappedAddress(from.remote())
                .integrity(ownKey);
        out.send(from, response.finish());
        return null;
    }

    private void onAnswered(long now, Route route, IceAgent.Output out) {
        // Only one is wanted: the rest of the first round is not checked, or it would take over when answered.
        if (selected == null) checks.clear();
        lastAnswer = now;
        selected = route;
        consentChecks.clear();
        scheduleConsent(now);
        out.validated(route);
        out.selected(route);
    }

    private void send(long now, Check check, IceAgent.Output out) {
        check.sends++;
        if (check.sends > MAX_SENDS) return;
        check.due = now + RTO_NANOS * (check.sends == MAX_SENDS ? LAST_WAIT_RTOS : 1L << check.sends - 1);
        out.send(check.route, request(check.transaction));
    }

    private void sendConsent(long now, IceAgent.Output out) {
        byte[] transaction = transaction();
        if (consentChecks.size() == MAX_CONSENT_CHECKS) consentChecks.removeFirst();
        consentChecks.add(transaction);
        scheduleConsent(now);
        out.send(selected, request(transaction));
    }

    private void scheduleConsent(long now) {
        nextConsent = now + (long) (CONSENT_INTERVAL_NANOS * random.nextDouble(0.8, 1.2));
    }

    private ByteBuf request(byte[] transaction) {
        return new StunWriter(StunMessage.BINDING_REQUEST, transaction)
                .attribute(StunMessage.USERNAME, username)
                .controlling(tieBreaker)
                .useCandidate()
                .priority(PRIORITY)
                .integrity(key)
                .finish();
    }

    private byte[] transaction() {
        byte[] id = new byte[StunMessage.TRANSACTION_BYTES];
        random.nextBytes(id);
        return id;
    }

    /** One route's check: the same transaction, repeated. */
    private static final class Check {
        final Route route;
        final byte[] transaction;
        int sends;
        long due;

        Check(Route route, byte[] transaction) {
            this.route = route;
            this.transaction = transaction;
        }
    }
}
