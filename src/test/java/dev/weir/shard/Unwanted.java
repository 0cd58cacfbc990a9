package dev.weir.shard;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.dtls.DtlsConnection;
import dev.weir.dtls.DtlsParameters;
import dev.weir.ice.IceAgent;
import dev.weir.ice.IceClient;
import dev.weir.ice.IceCredentials;
import dev.weir.ice.IceDrop;
import dev.weir.ice.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Datagrams that nobody should send us: made from a seed, apart from the handshake's. */
final class Unwanted {
    private static final int MAX_BYTES = 1_472;
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress("192.0.2.1", 1);

    private final Random random;

    Unwanted(long seed) {
        random = new Random(seed);
    }

    byte[] noise() {
        byte[] bytes = new byte[1 + random.nextInt(MAX_BYTES)];
        random.nextBytes(bytes);
        return bytes;
    }

    byte[] oversized() {
        return new byte[1_601 + random.nextInt(400)];
    }

    /** A check that is well formed, for a user fragment, with a password of its own. */
    byte[] check(String ufrag) {
        IceCredentials wrong =
                new IceCredentials(ufrag, IceCredentials.random(random).pwd());
        Route route = new Route(ANYWHERE, ANYWHERE);
        Catch caught = new Catch();
        new IceClient(IceCredentials.random(random), wrong, List.of(route), random).onTimeout(0, caught);
        return caught.datagram;
    }

    String ufrag() {
        return IceCredentials.random(random).ufrag();
    }

    /** RTP with a header that is right and nothing else. */
    byte[] rtp() {
        byte[] bytes = new byte[40 + random.nextInt(1_000)];
        random.nextBytes(bytes);
        bytes[0] = (byte) 0x80;
        bytes[1] = (byte) (random.nextInt(128) & 0x1f | 0x60);
        return bytes;
    }

    byte[] rtcp() {
        byte[] bytes = new byte[32 + 4 * random.nextInt(100)];
        random.nextBytes(bytes);
        bytes[0] = (byte) (0x80 | random.nextInt(32));
        bytes[1] = (byte) (200 + random.nextInt(7));
        return bytes;
    }

    /** Records of a DTLS connection in its encrypted epoch, and alerts in the clear. */
    byte[] dtls() {
        byte[] bytes = noise();
        bytes[0] = (byte) (20 + random.nextInt(4));
        if (bytes.length > 14) {
            bytes[1] = (byte) 0xfe;
            bytes[2] = (byte) 0xfd;
            bytes[3] = 0;
            bytes[4] = (byte) random.nextInt(2);
            bytes[11] = (byte) (bytes.length - 13 >> 8);
            bytes[12] = (byte) (bytes.length - 13);
        }
        return bytes;
    }

    byte[] truncated(byte[] datagram) {
        return Arrays.copyOf(datagram, 1 + random.nextInt(datagram.length - 1));
    }

    byte[] flipped(byte[] datagram) {
        byte[] bytes = datagram.clone();
        int bit = 8 + random.nextInt(8 * (bytes.length - 1));
        bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
        return bytes;
    }

    byte[] oneOf(List<byte[]> datagrams) {
        return datagrams.get(random.nextInt(datagrams.size()));
    }

    /** The first datagram of a handshake. */
    static byte[] clientHello() throws Exception {
        SecureRandom random = new SecureRandom();
        DtlsCertificate certificate = DtlsCertificate.generate(random);
        CompletableFuture<Void> woken = new CompletableFuture<>();
        DtlsConnection connection = new DtlsConnection(
                DtlsParameters.client(certificate, List.of(certificate.fingerprint())),
                random,
                new DtlsConnection.Threads() {
                    @Override
                    public void start(Runnable handshake) {
                        Thread.ofVirtual().start(handshake);
                    }

                    @Override
                    public void wake() {
                        woken.complete(null);
                    }
                });
        connection.start();
        woken.get(10, TimeUnit.SECONDS);
        Catch caught = new Catch();
        connection.drain(caught);
        connection.close();
        return caught.datagram;
    }

    /** Keeps the last datagram. */
    private static final class Catch implements IceAgent.Output, DtlsConnection.Output {
        byte[] datagram;

        @Override
        public void send(ByteBuf sent) {
            datagram = ByteBufUtil.getBytes(sent);
            sent.release();
        }

        @Override
        public void send(Route to, ByteBuf sent) {
            send(sent);
        }

        @Override
        public void connected(int srtpProfile, byte[] keyingMaterial) {
            throw new AssertionError("connected to nobody");
        }

        @Override
        public void failed(String reason) {
            // Nobody answers.
        }

        @Override
        public void closed() {
            // Nobody answers.
        }

        @Override
        public void validated(Route route) {
            // Nobody answers.
        }

        @Override
        public void forgotten(Route route) {
            // Nobody answers.
        }

        @Override
        public void selected(Route route) {
            // Nobody answers.
        }

        @Override
        public void dropped(IceDrop reason) {
            // Nobody answers.
        }
    }
}
