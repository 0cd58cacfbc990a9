package dev.weir.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A loop that is as quick as can be: it drains within the very call that wakes it. */
class LastFlightTest {
    private static final int PATIENCE_SECONDS = 20;

    @Test
    void theKeysAreThereInTheTurnThatSendsTheLastFlight() throws Exception {
        var client = new End(
                DtlsParameters.client(DtlsPair.CLIENT_CERTIFICATE, List.of(DtlsPair.SERVER_CERTIFICATE.fingerprint())));
        var server = new End(
                DtlsParameters.server(DtlsPair.SERVER_CERTIFICATE, List.of(DtlsPair.CLIENT_CERTIFICATE.fingerprint())));
        client.other = server;
        server.other = client;

        client.connection.start();

        assertTrue(client.connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(server.connected.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(List.of("sent", "connected"), server.turns.getLast());
        client.connection.close();
        server.connection.close();
    }

    private static final class End implements DtlsConnection.Output, DtlsConnection.Threads {
        final DtlsConnection connection;
        final List<List<String>> turns = new ArrayList<>();
        final CountDownLatch connected = new CountDownLatch(1);
        private final List<byte[]> outgoing = new ArrayList<>();
        private volatile End other;

        End(DtlsParameters parameters) {
            connection = new DtlsConnection(parameters, DtlsPair.RANDOM, this);
        }

        @Override
        public void start(Runnable handshake) {
            Thread.ofVirtual().start(handshake);
        }

        @Override
        public void wake() {
            if (connected.getCount() == 0) return;
            turns.add(new ArrayList<>());
            connection.drain(this);
            // What a turn sends leaves at its end.
            for (byte[] datagram : outgoing) {
                other.connection.onDatagram(Unpooled.wrappedBuffer(datagram));
            }
            outgoing.clear();
            if (turns.getLast().contains("connected")) connected.countDown();
        }

        @Override
        public void send(ByteBuf datagram) {
            turns.getLast().add("sent");
            outgoing.add(ByteBufUtil.getBytes(datagram));
            datagram.release();
        }

        @Override
        public void connected(int srtpProfile, byte[] keyingMaterial) {
            turns.getLast().add("connected");
        }

        @Override
        public void failed(String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void closed() {
            throw new AssertionError("closed");
        }
    }
}
