package dev.weir.dtls;

import static dev.weir.dtls.DtlsPair.CLIENT_CERTIFICATE;
import static dev.weir.dtls.DtlsPair.MILLI;
import static dev.weir.dtls.DtlsPair.RANDOM;
import static dev.weir.dtls.DtlsPair.SECOND;
import static dev.weir.dtls.DtlsPair.SERVER_CERTIFICATE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DtlsConnectionTest {
    private static final int GCM = DtlsParameters.AEAD_AES_128_GCM;
    private static final int CM = DtlsParameters.AES128_CM_HMAC_SHA1_80;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;

    @Test
    void agreesOnTheServersFirstProfileAndEqualKeys() {
        DtlsPair pair = pair(List.of(CM, GCM), List.of(GCM, CM), 1200).handshake();

        assertConnected(pair);
        assertEquals(GCM, pair.server.profile);
        assertEquals(56, pair.server.keys.length);
        assertTrue(pair.server.datagrams <= 2, "flights share datagrams");
        pair.close();
        assertEquals(0, pair.lockstep.liveThreads());
    }

    @Test
    void agreesOnTheProfileThatBothHave() {
        DtlsPair pair = pair(List.of(CM), List.of(GCM, CM), 1200).handshake();

        assertConnected(pair);
        assertEquals(CM, pair.server.profile);
        assertEquals(60, pair.server.keys.length);
        pair.close();
    }

    @Test
    void connectsInTwoRoundTrips() {
        DtlsPair pair = new DtlsPair();
        pair.client.connection.start();
        pair.run(40 * MILLI);

        assertConnected(pair);
        pair.close();
    }

    @Test
    void survivesTheLossOfAnyDatagram() {
        int total = 0;
        for (int lost = 0; lost <= total; lost++) {
            int dropped = lost;
            DtlsPair pair = new DtlsPair();
            pair.disturbance = (n, datagram) -> n == dropped ? List.of() : List.of(datagram);
            pair.handshake();

            assertTrue(pair.isConnected(), "without datagram " + lost + ": " + pair.client.events + pair.server.events);
            assertConnected(pair);
            if (lost == 0) total = pair.sent;
            pair.close();
        }
    }

    @Test
    void survivesTheLossOfAnyDatagramOfAFragmentedHandshake() {
        for (int lost = 0; lost < 16; lost++) {
            int dropped = lost;
            DtlsPair pair = pair(List.of(GCM), List.of(GCM), 256);
            pair.disturbance = (n, datagram) -> n == dropped ? List.of() : List.of(datagram);
            pair.handshake();

            assertTrue(pair.isConnected(), "without datagram " + lost + ": " + pair.client.events + pair.server.events);
            pair.close();
        }
    }

    @Test
    void survivesHeavyLossReorderingAndDuplication() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            DtlsPair pair = pair(List.of(GCM), List.of(GCM), 400);
            pair.disturbance = (_, datagram) -> {
                var out = new ArrayList<DtlsPair.Flying>();
                if (random.nextInt(100) >= 20) out.add(datagram.later(random.nextInt(30) * MILLI));
                if (random.nextInt(100) < 30) out.add(datagram.later(random.nextInt(60) * MILLI));
                return out;
            };
            pair.handshake();

            assertTrue(pair.isConnected(), "seed " + seed + ": " + pair.client.events + pair.server.events);
            assertConnected(pair);
            pair.close();
        }
    }

    @Test
    void goesTheSameWayEachTime() {
        List<Integer> first = timesUnderLoss(7);
        for (int i = 0; i < 5; i++) assertEquals(first, timesUnderLoss(7));
    }

    private static List<Integer> timesUnderLoss(int seed) {
        Random random = new Random(seed);
        var times = new ArrayList<Integer>();
        DtlsPair pair = new DtlsPair();
        pair.disturbance = (_, datagram) -> {
            times.add((int) (datagram.at() / MILLI));
            return random.nextInt(100) < 40 ? List.of() : List.of(datagram);
        };
        pair.handshake();
        pair.close();
        return times;
    }

    @Test
    void takesAClientHelloInFragments() {
        var parts = new ArrayList<Integer>();
        DtlsPair pair = pair(List.of(GCM), List.of(GCM), 256);
        pair.disturbance = (_, datagram) -> {
            parts.add(datagram.bytes().length);
            return List.of(datagram);
        };
        pair.handshake();

        assertConnected(pair);
        assertTrue(parts.stream().allMatch(bytes -> bytes <= 256), parts.toString());
        pair.close();
    }

    @Test
    void answersAnOfferOf13AndAPostQuantumKeyShareWith12() {
        // As Chromium's and Firefox's newest: DTLS 1.3 first, and X25519MLKEM768's share of 1,216 bytes. Made by hand.
        byte[] versions = {4, (byte) 0xFE, (byte) 0xFC, (byte) 0xFE, (byte) 0xFD};
        byte[] keyShare = new byte[2 + 4 + 1216];
        Unpooled.wrappedBuffer(keyShare)
                .setShort(0, 4 + 1216)
                .setShort(2, 0x11EC)
                .setShort(4, 1216);
        DtlsPair pair = new DtlsPair(
                parameters(DtlsRole.CLIENT, List.of(GCM), 1200, SERVER_CERTIFICATE.fingerprint()),
                parameters(DtlsRole.SERVER, List.of(GCM), 1200, CLIENT_CERTIFICATE.fingerprint()),
                Map.of(SUPPORTED_VERSIONS, versions, KEY_SHARE, keyShare));
        var first = new ArrayList<byte[]>();
        pair.disturbance = (_, datagram) -> {
            if (pair.now == 0) first.add(datagram.bytes());
            return List.of(datagram);
        };
        pair.handshake();

        assertConnected(pair);
        assertEquals(2, first.size(), "the ClientHello does not fit one datagram");
        String hello = HexFormat.of().formatHex(first.get(0)) + HexFormat.of().formatHex(first.get(1));
        assertTrue(hello.contains("002b000504fefcfefd"), "1.3 was offered");
        pair.close();
    }

    @Test
    void refusesAClientWithAnotherCertificate() {
        DtlsPair pair = new DtlsPair(
                parameters(DtlsRole.CLIENT, List.of(GCM), 1200, SERVER_CERTIFICATE.fingerprint()),
                parameters(DtlsRole.SERVER, List.of(GCM), 1200, SERVER_CERTIFICATE.fingerprint()),
                Map.of());
        pair.handshake();

        assertEquals(List.of("failed: the certificate does not match the fingerprint"), pair.server.events);
        assertEquals(List.of("failed: the other side sent bad_certificate"), pair.client.events);
        assertEquals(0, pair.lockstep.liveThreads());
    }

    @Test
    void refusesAServerWithAnotherCertificate() {
        DtlsPair pair = new DtlsPair(
                parameters(DtlsRole.CLIENT, List.of(GCM), 1200, CLIENT_CERTIFICATE.fingerprint()),
                parameters(DtlsRole.SERVER, List.of(GCM), 1200, CLIENT_CERTIFICATE.fingerprint()),
                Map.of());
        pair.handshake();

        assertEquals(List.of("failed: the certificate does not match the fingerprint"), pair.client.events);
        assertEquals(List.of("failed: the other side sent bad_certificate"), pair.server.events);
    }

    @Test
    void refusesAClientWithoutACommonProfile() {
        DtlsPair pair = pair(List.of(CM), List.of(GCM), 1200).handshake();

        assertEquals(List.of("failed: no SRTP protection profile in common"), pair.server.events);
        assertEquals(List.of("failed: the other side sent handshake_failure"), pair.client.events);
        assertEquals(0, pair.lockstep.liveThreads());
    }

    @Test
    void givesUpAfterFifteenSeconds() {
        DtlsPair pair = new DtlsPair();
        pair.disturbance = (_, datagram) -> datagram.to() == pair.client ? List.of() : List.of(datagram);
        pair.client.connection.start();
        pair.run(14 * SECOND);
        assertEquals(List.of(), pair.client.events);

        pair.run(16 * SECOND);

        assertEquals(List.of("failed: timed out"), pair.client.events);
        assertTrue(pair.server.events.getFirst().startsWith("failed: "), pair.server.events.toString());
        assertTrue(pair.sent < 30, pair.sent + " datagrams");
        assertEquals(0, pair.lockstep.liveThreads());
    }

    @Test
    void garbageBeforeDuringAndAfterChangesNothing() {
        Random random = new Random(5);
        DtlsPair pair = new DtlsPair();
        for (int i = 0; i < 20; i++) garbage(pair, pair.server, random);
        pair.disturbance = (_, datagram) -> {
            garbage(pair, pair.client, random);
            garbage(pair, pair.server, random);
            return List.of(datagram);
        };
        pair.handshake();
        assertConnected(pair);

        for (int i = 0; i < 500; i++) garbage(pair, i % 2 == 0 ? pair.client : pair.server, random);
        pair.run(pair.now + SECOND);
        assertEquals(List.of("connected"), pair.client.events);
        assertEquals(List.of("connected"), pair.server.events);

        pair.disturbance = (_, datagram) -> List.of(datagram);
        pair.client.connection.close();
        pair.run(pair.now + SECOND);
        assertEquals(List.of("connected", "closed"), pair.server.events);
    }

    /**
     * Records of every type, of all lengths, whole and cut, plain or as if sealed. Not among them: a plain record that
     * is in order, for as long as nothing is sealed whoever can forge the address can break a DTLS 1.2 handshake.
     */
    private static void garbage(DtlsPair pair, DtlsPair.End to, Random random) {
        byte[] bytes = new byte[random.nextInt(80)];
        random.nextBytes(bytes);
        if (bytes.length > 0) bytes[0] = (byte) (20 + random.nextInt(44));
        if (bytes.length >= 13 && random.nextInt(4) > 0) {
            boolean sealed = random.nextBoolean();
            bytes[0] = (byte) (sealed ? 20 + random.nextInt(5) : 20);
            int length = random.nextInt(bytes.length - 12);
            Unpooled.wrappedBuffer(bytes)
                    .setShort(1, sealed ? 0xFEFD : 0x0303)
                    .setShort(3, sealed ? 1 : 0)
                    .setInt(5, 0)
                    .setShort(9, 500 + random.nextInt(50))
                    .setShort(11, length);
        }
        to.take(bytes);
        if (random.nextBoolean()) pair.network.add(new DtlsPair.Flying(pair.now + MILLI, to, bytes));
    }

    @Test
    void bitFlipsInFlightAreSurvivedOrRefusedButNeverMisagreed() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            DtlsPair pair = new DtlsPair();
            pair.disturbance = (n, datagram) -> {
                if (n != random.nextInt(4)) return List.of(datagram);
                byte[] flipped = datagram.bytes().clone();
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                return List.of(datagram.with(flipped));
            };
            pair.handshake();

            if (pair.isConnected()) assertArrayEquals(pair.client.keys, pair.server.keys, "seed " + seed);
            pair.close();
            assertEquals(0, pair.lockstep.liveThreads(), "seed " + seed);
        }
    }

    @Test
    void answersARepeatedFinishedAfterItsLastFlightWasLost() {
        DtlsPair pair = new DtlsPair();
        pair.disturbance =
                (_, datagram) -> pair.server.keys == null && pair.server.datagrams == 2 && datagram.to() == pair.client
                        ? List.of()
                        : List.of(datagram);
        pair.client.connection.start();
        pair.run(45 * MILLI);
        assertEquals(List.of("connected"), pair.server.events);
        assertNull(pair.client.keys);

        pair.run(SECOND);

        assertConnected(pair);
        pair.close();
    }

    @Test
    void theOtherSideNoticesAClose() {
        DtlsPair first = new DtlsPair().handshake();
        first.server.connection.close();
        first.run(first.now + SECOND);
        assertEquals(List.of("connected", "closed"), first.client.events);
        assertEquals(List.of("connected"), first.server.events, "who closes needs not be told");
        assertEquals(0, first.lockstep.liveThreads());

        DtlsPair second = new DtlsPair().handshake();
        second.client.connection.close();
        second.client.connection.close();
        second.run(second.now + SECOND);
        assertEquals(List.of("connected", "closed"), second.server.events);
        assertEquals(0, second.lockstep.liveThreads());
    }

    @Test
    void closingInTheMiddleOfAHandshakeEndsBothThreads() {
        DtlsPair pair = new DtlsPair();
        pair.client.connection.start();
        pair.run(25 * MILLI);
        pair.server.connection.close();
        pair.run(SECOND);

        assertEquals(List.of(), pair.server.events);
        assertTrue(pair.client.events.getFirst().startsWith("failed: "), pair.client.events.toString());
        assertEquals(0, pair.lockstep.liveThreads());
    }

    @Test
    void closingBeforeTheFirstDatagramStartsNothing() {
        DtlsPair pair = new DtlsPair();
        pair.server.connection.close();
        pair.client.connection.start();
        pair.run(20 * SECOND);

        assertEquals(List.of(), pair.server.events);
        assertEquals(List.of("failed: timed out"), pair.client.events);
    }

    @Test
    void twoHundredConnectionsLeaveNoThreadBehind() {
        var pairs = new ArrayList<DtlsPair>();
        for (int i = 0; i < 100; i++) pairs.add(new DtlsPair().handshake());
        for (DtlsPair pair : pairs) {
            assertTrue(pair.isConnected());
            assertEquals(2, pair.lockstep.liveThreads());
        }
        for (DtlsPair pair : pairs) {
            pair.close();
            assertEquals(0, pair.lockstep.liveThreads());
        }
    }

    @Test
    void ignoresWhatIsNoDtlsOrTooLongAndCountsWhatIsTooMuch() {
        DtlsConnection server = new DtlsConnection(
                DtlsParameters.server(SERVER_CERTIFICATE, List.of(CLIENT_CERTIFICATE.fingerprint())),
                RANDOM,
                new DtlsConnection.Threads() {
                    @Override
                    public void start(Runnable handshake) {}

                    @Override
                    public void wake() {}
                });
        offer(server, 0, 19);
        offer(server, 100, 19);
        offer(server, 100, 64);
        offer(server, DtlsConnection.MAX_DATAGRAM_BYTES + 1, 22);
        assertEquals(4, server.ignored());

        for (int i = 0; i < Exchange.INBOX_LIMIT + 3; i++) offer(server, 100, 22);
        assertEquals(3, server.overflowed());
        server.close();
        offer(server, 100, 22);
        assertEquals(4, server.ignored());
    }

    private static void offer(DtlsConnection connection, int length, int first) {
        ByteBuf datagram = ByteBufAllocator.DEFAULT.buffer(Math.max(1, length)).writeZero(length);
        if (length > 0) datagram.setByte(0, first);
        connection.onDatagram(datagram);
        assertEquals(1, datagram.refCnt(), "the buffer is borrowed");
        datagram.release();
    }

    @Test
    void textShowsNoSecret() {
        DtlsPair pair = new DtlsPair().handshake();
        String text = pair.server.connection + " " + SERVER_CERTIFICATE + " "
                + new Exchange.Event.Connected(1, pair.server.keys);

        assertFalse(text.contains(Arrays.toString(pair.server.keys)));
        assertTrue(text.contains(SERVER_CERTIFICATE.fingerprint().hex()));
        pair.close();
    }

    private static void assertConnected(DtlsPair pair) {
        assertEquals(List.of("connected"), pair.client.events);
        assertEquals(List.of("connected"), pair.server.events);
        assertEquals(pair.client.profile, pair.server.profile);
        assertArrayEquals(pair.client.keys, pair.server.keys);
    }

    private static DtlsPair pair(List<Integer> clientProfiles, List<Integer> serverProfiles, int mtuBytes) {
        return new DtlsPair(
                parameters(DtlsRole.CLIENT, clientProfiles, mtuBytes, SERVER_CERTIFICATE.fingerprint()),
                parameters(DtlsRole.SERVER, serverProfiles, mtuBytes, CLIENT_CERTIFICATE.fingerprint()),
                Map.of());
    }

    private static DtlsParameters parameters(
            DtlsRole role, List<Integer> profiles, int mtuBytes, Fingerprint expected) {
        DtlsCertificate own = role == DtlsRole.CLIENT ? CLIENT_CERTIFICATE : SERVER_CERTIFICATE;
        return new DtlsParameters(role, own, List.of(expected), profiles, mtuBytes);
    }
}
