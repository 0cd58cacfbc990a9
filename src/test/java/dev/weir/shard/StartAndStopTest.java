package dev.weir.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.client.ClientPlan;
import dev.weir.ice.Route;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A shard's beginning and end on real sockets. */
class StartAndStopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Test
    void aPortInUseIsOneSentence() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            BindException refused = assertThrows(BindException.class, () -> new LiveServer(1, port));
            assertEquals("UDP port " + port + " on 127.0.0.1 is in use", refused.getMessage());
        }
    }

    /** Nothing of a shard that did not start stays bound. */
    @Test
    void aPortThatIsInUseOnOneAddressIsLeftOnTheOthers() throws Exception {
        Set<InetAddress> all = new HashSet<>(LocalAddresses.find());
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (DatagramSocket taken = new DatagramSocket(0, loopback)) {
            Vertx vertx = Vertx.vertx();
            try {
                Ports ports = new Ports(
                        vertx, vertx.getOrCreateContext(), taken.getLocalPort(), List.of(), true, new Silent());
                assertThrows(BindException.class, () -> LiveServer.await(ports.open()));
                all.remove(loopback);
                for (InetAddress address : all) {
                    assertTrue(isSoonFree(taken.getLocalPort(), address), address::toString);
                }
            } finally {
                LiveServer.await(vertx.close());
            }
        }
    }

    @Test
    void anAddressThatIsNotHereIsOneSentence() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            BindException refused = assertThrows(
                    BindException.class,
                    () -> LiveServer.await(UdpPort.open(
                            vertx.getOrCreateContext(),
                            new InetSocketAddress("198.51.100.7", 40_000),
                            true,
                            new Silent())));
            assertEquals(
                    "UDP port 40000 on 198.51.100.7: this machine does not have that address", refused.getMessage());
        } finally {
            LiveServer.await(vertx.close());
        }
    }

    @Test
    void aStoppedServerClosesEverything() throws Exception {
        try (LeakWatch watch = new LeakWatch()) {
            startAndStop();
            Footprint before = Footprint.now();
            startAndStop();
            Footprint after = Footprint.now();
            assertEquals(before.threads(), after.threads());
            assertEquals(before.descriptors(), after.descriptors());
            assertEquals(0, after.handshakes());
            assertTrue(after.threads().stream().noneMatch(name -> name.startsWith("vert.x")), () -> after.threads()
                    .toString());
            assertTrue(watch.leaks().isEmpty(), () -> watch.leaks().toString());
        }
    }

    /** In the middle of a call, which ends for the client too. */
    private static void startAndStop() throws Exception {
        LiveServer server = new LiveServer(2);
        try (LiveClients clients = new LiveClients(server)) {
            LiveClient ada = clients.join("end", "Ada", ClientPlan.USUAL);
            LiveClient grace = clients.join("end", "Grace", ClientPlan.USUAL);
            clients.await("both hear", () -> ada.hears() && grace.hears());
            InetSocketAddress address = ada.serverAddress();
            server.undeploy();
            new DatagramSocket(address.getPort(), address.getAddress()).close();
            clients.await(
                    "it is over for both",
                    () -> ada.machine().failure() != null && grace.machine().failure() != null);
        } finally {
            server.close();
        }
    }

    /** NIO gives a descriptor back only when the loop looks at its sockets again. */
    private static boolean isSoonFree(int port, InetAddress address) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            try (DatagramSocket socket = new DatagramSocket(port, address)) {
                return socket.isBound();
            } catch (SocketException e) {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    private static final class Silent implements UdpPort.Receiver {
        @Override
        public void onDatagram(Route from, ByteBuf datagram) {
            // Nobody is spoken to.
        }

        @Override
        public void onBatchEnd() {
            // Nobody is spoken to.
        }
    }
}
