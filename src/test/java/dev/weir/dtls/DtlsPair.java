package dev.weir.dtls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A client and a server joined by a network in simulated time, which a test may disturb. */
final class DtlsPair {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1000 * MILLI;
    static final SecureRandom RANDOM = new SecureRandom();
    static final DtlsCertificate CLIENT_CERTIFICATE = DtlsCertificate.generate(RANDOM);
    static final DtlsCertificate SERVER_CERTIFICATE = DtlsCertificate.generate(RANDOM);
    private static final long DELAY = 10 * MILLI;

    final LockstepDtls lockstep = new LockstepDtls();
    final End client;
    final End server;
    final List<Flying> network = new ArrayList<>();
    Disturbance disturbance = (_, datagram) -> List.of(datagram);
    long now;
    int sent;

    DtlsPair() {
        this(
                DtlsParameters.client(CLIENT_CERTIFICATE, List.of(SERVER_CERTIFICATE.fingerprint())),
                DtlsParameters.server(SERVER_CERTIFICATE, List.of(CLIENT_CERTIFICATE.fingerprint())),
                Map.of());
    }

    DtlsPair(DtlsParameters clientSide, DtlsParameters serverSide, Map<Integer, byte[]> moreExtensions) {
        client = new End(clientSide, moreExtensions);
        server = new End(serverSide, Map.of());
        client.other = server;
        server.other = client;
    }

    /** What the network makes of one datagram, the n-th: nothing, one, several. */
    interface Disturbance {
        List<Flying> on(int n, Flying datagram);
    }

    record Flying(long at, End to, byte[] bytes) {
        Flying later(long nanos) {
            return new Flying(at + nanos, to, bytes);
        }

        Flying with(byte[] other) {
            return new Flying(at, to, other);
        }
    }

    DtlsPair handshake() {
        client.connection.start();
        run(now + 20 * SECOND);
        return this;
    }

    /** Goes from event to event until nothing is left to happen or the time is up. */
    void run(long until) {
        settle();
        while (true) {
            long next = lockstep.nextTimeout();
            for (Flying flying : network) next = Math.min(next, flying.at);
            if (next > until) break;
            now = Math.max(now, next);
            network.sort(Comparator.comparingLong(Flying::at));
            while (!network.isEmpty() && network.getFirst().at <= now) {
                Flying flying = network.removeFirst();
                flying.to.take(flying.bytes);
                settle();
            }
            settle();
        }
        now = until;
    }

    void settle() {
        lockstep.settle(now);
    }

    boolean isConnected() {
        return client.keys != null && server.keys != null;
    }

    void close() {
        client.connection.close();
        server.connection.close();
        run(now + SECOND);
    }

    /** One of the two, and what was heard from it. */
    final class End implements DtlsConnection.Output {
        final DtlsConnection connection;
        final List<String> events = new ArrayList<>();
        End other;
        byte[] keys;
        int profile;
        int datagrams;

        End(DtlsParameters parameters, Map<Integer, byte[]> moreExtensions) {
            var threads = lockstep.threads(this::drain);
            connection = new DtlsConnection(parameters, moreExtensions, RANDOM, threads);
        }

        void drain() {
            connection.drain(this);
        }

        void take(byte[] bytes) {
            connection.onDatagram(Unpooled.wrappedBuffer(bytes));
        }

        @Override
        public void send(ByteBuf datagram) {
            byte[] bytes = ByteBufUtil.getBytes(datagram);
            datagram.release();
            datagrams++;
            network.addAll(disturbance.on(sent++, new Flying(now + DELAY, other, bytes)));
        }

        @Override
        public void connected(int srtpProfile, byte[] keyingMaterial) {
            profile = srtpProfile;
            keys = keyingMaterial;
            events.add("connected");
        }

        @Override
        public void failed(String reason) {
            events.add("failed: " + reason);
        }

        @Override
        public void closed() {
            events.add("closed");
        }
    }
}
