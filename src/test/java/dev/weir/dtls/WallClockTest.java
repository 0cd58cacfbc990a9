package dev.weir.dtls;

import static dev.weir.dtls.DtlsPair.CLIENT_CERTIFICATE;
import static dev.weir.dtls.DtlsPair.RANDOM;
import static dev.weir.dtls.DtlsPair.SERVER_CERTIFICATE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The threads and the waiting of production: the test's own thread is the event loop. */
class WallClockTest {
    private static final int PAIRS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BlockingQueue<End> woken = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<End> ends = new ArrayList<>();

    @Test
    void twoHundredConnectionsOnVirtualThreadsLeaveNoneBehind() throws Exception {
        for (int i = 0; i < PAIRS; i++) {
            End client = new End(DtlsParameters.client(CLIENT_CERTIFICATE, List.of(SERVER_CERTIFICATE.fingerprint())));
            End server = new End(DtlsParameters.server(SERVER_CERTIFICATE, List.of(CLIENT_CERTIFICATE.fingerprint())));
            client.other = server;
            server.other = client;
            client.connection.start();
        }
        turnUntil("connected");
        assertEquals(2 * PAIRS, threads.size());
        for (End end : ends) {
            assertArrayEquals(end.keys, end.other.keys);
            assertTrue(end.connection.overflowed() == 0);
        }

        for (int i = 0; i < ends.size(); i += 2) ends.get(i).connection.close();
        turnUntil("closed");
        for (Thread thread : threads) assertTrue(thread.join(PATIENCE), "a thread was left behind");
    }

    @Test
    void closeEndsAThreadThatWaitsForItsFirstAnswer() throws Exception {
        End client = new End(DtlsParameters.client(CLIENT_CERTIFICATE, List.of(SERVER_CERTIFICATE.fingerprint())));
        client.connection.start();
        assertNotNull(woken.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));

        client.connection.close();

        assertTrue(threads.getFirst().join(PATIENCE));
    }

    /** Runs the loop until all ends, or of each pair the one that did not close, have heard this. */
    private void turnUntil(String event) throws InterruptedException {
        int wanted = event.equals("connected") ? ends.size() : ends.size() / 2;
        while (ends.stream().filter(end -> end.events.contains(event)).count() < wanted) {
            End end = woken.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertNotNull(end, "nothing happens any more");
            end.connection.drain(end);
        }
    }

    private final class End implements DtlsConnection.Output, DtlsConnection.Threads {
        final DtlsConnection connection;
        final List<String> events = new ArrayList<>();
        End other;
        byte[] keys;

        End(DtlsParameters parameters) {
            connection = new DtlsConnection(parameters, RANDOM, this);
            ends.add(this);
        }

        @Override
        public void start(Runnable handshake) {
            threads.add(Thread.ofVirtual().start(handshake));
        }

        @Override
        public void wake() {
            woken.add(this);
        }

        @Override
        public void send(ByteBuf datagram) {
            // Not to the machine that calls, so no call-back.
            if (other != null) other.connection.onDatagram(datagram);
            datagram.release();
        }

        @Override
        public void connected(int srtpProfile, byte[] keyingMaterial) {
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
