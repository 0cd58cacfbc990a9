package dev.weir.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A client and an agent, joined by a network that passes what a test lets pass. */
class IceClientTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final SplittableRandom RANDOM = new SplittableRandom(1);
    private static final IceCredentials OURS = IceCredentials.random(RANDOM);
    private static final IceCredentials THEIRS = IceCredentials.random(RANDOM);
    private static final InetSocketAddress DESK = new InetSocketAddress("198.51.100.7", 40000);
    private static final InetSocketAddress CAFE = new InetSocketAddress("203.0.113.9", 50000);
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3478);
    private static final InetSocketAddress DEAD_SERVER = new InetSocketAddress("192.0.2.2", 3478);

    private final IceAgent agent = new IceAgent(OURS, THEIRS);
    private final IceAgentTest.Recorder clientOut = new IceAgentTest.Recorder();
    private final IceAgentTest.Recorder agentOut = new IceAgentTest.Recorder();
    private final List<Long> sendTimes = new ArrayList<>();
    private IceClient client;
    private boolean broken;
    private long now;

    @Test
    void connectsAndKeepsConsent() {
        client = client(new Route(DESK, SERVER));
        run(60 * SECOND);

        assertEquals(new Route(DESK, SERVER), client.selected());
        assertEquals(new Route(SERVER, DESK), agent.selected());
        assertTrue(client.maySend(now));
        assertTrue(agent.maySend(now));
        for (int i = 1; i < sendTimes.size(); i++) {
            long gap = sendTimes.get(i) - sendTimes.get(i - 1);
            assertTrue(gap >= 2 * SECOND && gap <= 3 * SECOND, "gap " + gap);
        }
        assertTrue(sendTimes.stream().distinct().count() >= 10);
    }

    @Test
    void bothStopWhenThePathBreaks() {
        client = client(new Route(DESK, SERVER));
        run(10 * SECOND);
        broken = true;
        run(30 * SECOND);
        assertFalse(agent.maySend(now));
        run(45 * SECOND);
        assertFalse(client.maySend(now));

        broken = false;
        run(55 * SECOND);
        assertTrue(client.maySend(now));
        assertTrue(agent.maySend(now));
    }

    @Test
    void repeatsAnUnansweredCheckByTheTimersOfTheRfc() {
        broken = true;
        client = client(new Route(DESK, SERVER));
        run(60 * SECOND);

        assertEquals(
                List.of(0L, 500L, 1500L, 3500L, 7500L, 15500L, 31500L),
                sendTimes.stream().map(t -> t / MILLI).toList());
        assertEquals(Long.MAX_VALUE, client.nextTimeout());
        assertNull(client.selected());
    }

    @Test
    void takesTheCandidateThatAnswers() {
        client = client(new Route(DESK, DEAD_SERVER), new Route(DESK, SERVER));
        run(5 * SECOND);

        assertEquals(new Route(DESK, SERVER), client.selected());
    }

    @Test
    void movesToAnotherAddress() {
        client = client(new Route(DESK, SERVER));
        run(10 * SECOND);
        client.add(new Route(CAFE, SERVER));
        run(11 * SECOND);

        assertEquals(new Route(CAFE, SERVER), client.selected());
        assertEquals(new Route(SERVER, CAFE), agent.selected());
        run(60 * SECOND);
        assertTrue(agent.maySend(now));
    }

    @Test
    void believesNoForgedOrForeignAnswer() {
        client = client(new Route(DESK, SERVER));
        client.onTimeout(0, clientOut);
        StunMessage request = new StunMessage();
        ByteBuf datagram = Unpooled.wrappedBuffer(clientOut.sent.getFirst().bytes());
        assertTrue(request.wrap(datagram));

        answer(request.transaction(), THEIRS);
        answer(new byte[12], OURS);

        assertEquals(List.of("dropped BAD_INTEGRITY", "dropped UNKNOWN_TRANSACTION"), clientOut.events);
        assertNull(client.selected());
    }

    @Test
    void answersAFullAgentsCheckIfItKnowsThePassword() {
        client = client(new Route(DESK, SERVER));
        byte[] username = (THEIRS.ufrag() + ":" + OURS.ufrag()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (IceCredentials credentials : List.of(THEIRS, OURS)) {
            ByteBuf check = new StunWriter(StunMessage.BINDING_REQUEST, new byte[12])
                    .attribute(StunMessage.USERNAME, username)
                    .integrity(new StunKey(credentials.pwd()))
                    .finish();
            client.onStun(0, new Route(DESK, SERVER), check, clientOut);
            check.release();
        }

        assertEquals(List.of("dropped BAD_INTEGRITY"), clientOut.events);
        assertEquals(1, clientOut.sent.size());
        StunMessage response = new StunMessage();
        assertTrue(
                response.wrap(Unpooled.wrappedBuffer(clientOut.sent.getFirst().bytes())));
        assertEquals(StunMessage.BINDING_SUCCESS, response.type());
        assertTrue(response.isAuthentic(new StunKey(THEIRS.pwd())));
    }

    private void answer(byte[] transaction, IceCredentials credentials) {
        ByteBuf forged = new StunWriter(StunMessage.BINDING_SUCCESS, transaction)
                .xorMappedAddress(DESK)
                .integrity(new StunKey(credentials.pwd()))
                .finish();
        client.onStun(0, new Route(DESK, SERVER), forged, clientOut);
        forged.release();
    }

    private static IceClient client(Route... routes) {
        return new IceClient(THEIRS, OURS, List.of(routes), new SplittableRandom(2));
    }

    private void run(long until) {
        while (Math.min(client.nextTimeout(), agent.nextTimeout()) <= until) {
            now = Math.max(now, Math.min(client.nextTimeout(), agent.nextTimeout()));
            client.onTimeout(now, clientOut);
            agent.onTimeout(now, agentOut);
            deliver();
        }
        now = until;
    }

    private void deliver() {
        for (var sent : List.copyOf(clientOut.sent)) {
            sendTimes.add(now);
            if (broken || !sent.to().remote().equals(SERVER)) continue;
            Route back = new Route(SERVER, sent.to().local());
            agent.onStun(now, back, Unpooled.wrappedBuffer(sent.bytes()), agentOut);
        }
        clientOut.sent.clear();
        for (var sent : List.copyOf(agentOut.sent)) {
            Route back = new Route(sent.to().remote(), SERVER);
            client.onStun(now, back, Unpooled.wrappedBuffer(sent.bytes()), clientOut);
        }
        agentOut.sent.clear();
    }
}
