package dev.weir.ice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IceAgentTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3478);
    private static final IceCredentials OURS = new IceCredentials("serverUfrag1", "serverPasswordServerPass");
    private static final IceCredentials THEIRS = new IceCredentials("abcd", "clientPasswordClientPass");
    private static final IceCredentials OURS_2 = new IceCredentials("serverUfrag2", "secondPasswordServerPass");
    private static final IceCredentials THEIRS_2 = new IceCredentials("efgh", "secondPasswordClientPass");
    private static final Route A = route("198.51.100.7", 40000);
    private static final Route B = route("203.0.113.9", 50000);

    private final IceAgent agent = new IceAgent(OURS, THEIRS);
    private final Recorder out = new Recorder();
    private final StunMessage answer = new StunMessage();
    private int transactions;

    static Route route(String host, int port) {
        return new Route(SERVER, new InetSocketAddress(host, port));
    }

    @Test
    void answersACheckWithTheAddressItCameFrom() {
        check(0, A, false);

        readAnswer(A);
        assertEquals(StunMessage.BINDING_SUCCESS, answer.type());
        assertEquals(A.remote(), answer.xorMappedAddress());
        assertTrue(answer.isAuthentic(new StunKey(OURS.pwd())));
        assertTrue(answer.fingerprintFits());
        assertEquals(List.of("validated " + A, "selected " + A), out.events);
        assertTrue(agent.validated(A));
        assertFalse(agent.validated(B));
        assertEquals(0, agent.lastCheck());
    }

    @Test
    void knowsNoRouteBeforeTheFirstCheck() {
        assertNull(agent.selected());
        assertFalse(agent.maySend(0));
        assertEquals(-1, agent.lastCheck());
        assertEquals(Long.MAX_VALUE, agent.nextTimeout());
    }

    @Test
    void answersIpv6() {
        Route six = route("2001:db8::17", 1234);

        check(0, six, true);

        readAnswer(six);
        assertEquals(six.remote(), answer.xorMappedAddress());
    }

    @Test
    void regularNominationReplacesTheFirstValidatedRoute() {
        check(0, A, false);
        check(1, B, false);
        assertEquals(A, agent.selected());

        check(2, B, true);

        assertEquals(B, agent.selected());
    }

    @Test
    void aggressiveNominationFollowsTheLatest() {
        check(0, A, true);
        check(1, B, true);
        assertEquals(B, agent.selected());

        check(2, A, true);

        assertEquals(A, agent.selected());
        assertEquals(
                List.of("validated " + A, "selected " + A, "validated " + B, "selected " + B, "selected " + A),
                out.events);
    }

    @Test
    void aCheckWithoutNominationDoesNotMoveMedia() {
        check(0, A, true);

        check(1, B, false);

        assertEquals(A, agent.selected());
        assertTrue(agent.validated(B));
    }

    @Test
    void followsAClientToAnotherAddressInTheMiddleOfACall() {
        for (int second = 0; second < 60; second += 5) check(second * SECOND, A, true);

        check(60 * SECOND, B, true);

        assertEquals(B, agent.selected());
        assertTrue(agent.maySend(69 * SECOND));
        agent.onTimeout(90 * SECOND, out);
        assertFalse(agent.validated(A));
        assertEquals("forgotten " + A, out.events.getLast());
    }

    @Test
    void mayNotSendTenSecondsAfterTheLastCheck() {
        check(5 * SECOND, A, true);

        assertTrue(agent.maySend(15 * SECOND - 1));
        assertFalse(agent.maySend(15 * SECOND));

        check(20 * SECOND, A, true);
        assertTrue(agent.maySend(20 * SECOND));
        assertEquals(20 * SECOND, agent.lastCheck());
    }

    @Test
    void turnsToALivingRouteWhenTheSelectedOneIsSilent() {
        check(0, A, true);
        check(SECOND, B, false);
        check(8 * SECOND, B, false);
        assertEquals(10 * SECOND, agent.nextTimeout());

        agent.onTimeout(10 * SECOND, out);

        assertEquals(B, agent.selected());
        assertTrue(agent.maySend(10 * SECOND));
    }

    @Test
    void aSilentRouteGivesWayToTheFirstCheckThatComes() {
        check(0, A, true);
        agent.onTimeout(10 * SECOND, out);

        check(20 * SECOND, B, false);

        assertEquals(B, agent.selected());
    }

    @Test
    void aTimeoutTooEarlyOrTwiceDoesNothing() {
        check(0, A, true);
        check(0, B, false);
        int before = out.events.size();

        agent.onTimeout(1, out);
        agent.onTimeout(1, out);
        assertEquals(before, out.events.size());

        agent.onTimeout(40 * SECOND, out);
        agent.onTimeout(40 * SECOND, out);
        assertEquals(before + 1, out.events.size());
        assertEquals(Long.MAX_VALUE, agent.nextTimeout());
    }

    @Test
    void timeoutsNeverStandStill() {
        check(0, A, true);
        for (int port = 1; port < 10; port++) check(port * SECOND, route("203.0.113.9", port), false);

        long now = 9 * SECOND;
        for (int i = 0; i < 50 && agent.nextTimeout() != Long.MAX_VALUE; i++) {
            assertTrue(agent.nextTimeout() > now, "due again at once");
            now = agent.nextTimeout();
            agent.onTimeout(now, out);
        }
        assertEquals(Long.MAX_VALUE, agent.nextTimeout());
    }

    @Test
    void forgetsTheOldestUnusedRouteBeyondTheLimit() {
        check(0, A, true);
        for (int i = 1; i <= IceAgent.MAX_ROUTES; i++) check(i, route("203.0.113.9", i), false);

        assertTrue(agent.validated(A), "the selected one stays");
        assertFalse(agent.validated(route("203.0.113.9", 1)));
        assertTrue(agent.validated(route("203.0.113.9", 2)));
        assertTrue(out.events.contains("forgotten " + route("203.0.113.9", 1)));
    }

    @Test
    void refusesARequestInTheControlledRole() {
        offer(take(request(OURS, THEIRS).controlled(7).integrity(key(OURS)).finish()));

        readAnswer(A);
        assertEquals(487, answer.errorCode());
        assertTrue(answer.isAuthentic(key(OURS)));
        assertEquals(List.of("dropped ROLE_CONFLICT"), out.events);
        assertNull(agent.selected());
    }

    @Test
    void namesTheAttributesItDoesNotUnderstand() {
        byte[] four = new byte[4];
        StunWriter request = request(OURS, THEIRS).attribute(0x7001, four).attribute(0xC001, four);

        offer(take(request.integrity(key(OURS)).finish()));

        ByteBuf sent = readAnswer(A);
        assertEquals(420, answer.errorCode());
        assertTrue(answer.isAuthentic(key(OURS)));
        assertTrue(ByteBufUtil.hexDump(sent).contains("000a" + "0002" + "7001" + "0000"));
        assertFalse(agent.validated(A));
    }

    @Test
    void ignoresUnknownAttributesThatMayBeIgnored() {
        StunWriter request = request(OURS, THEIRS).attribute(0xC057, new byte[4]);

        offer(take(request.integrity(key(OURS)).finish()));

        assertTrue(agent.validated(A));
    }

    @Test
    void refusesWrongCredentialsWithoutBelievingTheAddress() {
        offer(take(request(OURS, THEIRS).integrity(key(THEIRS)).finish()));
        readAnswer(A);
        assertEquals(401, answer.errorCode());
        assertFalse(answer.hasIntegrity());

        offer(take(request(OURS, THEIRS_2).integrity(key(OURS)).finish()));
        readAnswer(A);
        assertEquals(401, answer.errorCode());

        offer(take(request(OURS, THEIRS).finish()));
        readAnswer(A);
        assertEquals(400, answer.errorCode());

        assertEquals(
                List.of("dropped BAD_INTEGRITY", "dropped UNKNOWN_USERNAME", "dropped NO_CREDENTIALS"), out.events);
        assertFalse(agent.validated(A));
        assertFalse(agent.maySend(0));
    }

    @Test
    void neverAnswersMoreThanItWasAsked() {
        offer(take(new StunWriter(StunMessage.BINDING_REQUEST, transaction()).finish()));

        assertEquals(List.of("dropped ANSWER_TOO_LONG"), out.events);
        assertTrue(out.sent.isEmpty());
    }

    @Test
    void dropsARequestWithoutFingerprint() {
        ByteBuf whole = request(OURS, THEIRS).integrity(key(OURS)).finish();
        ByteBuf without = whole.copy(0, whole.readableBytes() - 8);
        without.setShort(2, without.readableBytes() - 20);
        whole.release();

        agent.onStun(0, A, without, out);

        without.release();
        assertEquals(List.of("dropped NO_FINGERPRINT"), out.events);
    }

    @Test
    void ignoresWhatStandsBehindTheIntegrity() {
        // A nomination that the sender did not sign must not move anyone.
        check(0, A, true);
        ByteBuf request =
                request(OURS, THEIRS).integrity(key(OURS)).useCandidate().finish();

        agent.onStun(1, B, request, out);

        request.release();
        assertTrue(agent.validated(B));
        assertEquals(A, agent.selected());
    }

    @Test
    void dropsIndicationsAndResponses() {
        for (int type : List.of(StunMessage.BINDING_INDICATION, StunMessage.BINDING_SUCCESS, 0x0003)) {
            ByteBuf datagram = new StunWriter(type, transaction()).finish();
            agent.onStun(0, A, datagram, out);
            datagram.release();
        }

        assertEquals(List.of("dropped NOT_A_REQUEST", "dropped NOT_A_REQUEST", "dropped NOT_A_REQUEST"), out.events);
    }

    @Test
    void answersARepeatedRequestTheSameWay() {
        ByteBuf request =
                request(OURS, THEIRS).useCandidate().integrity(key(OURS)).finish();

        agent.onStun(0, A, request, out);
        agent.onStun(1, A, request, out);

        request.release();
        assertEquals(2, out.sent.size());
        assertArrayEquals(out.sent.get(0).bytes, out.sent.get(1).bytes);
        assertEquals(List.of("validated " + A, "selected " + A), out.events);
    }

    @Test
    void oldCredentialsStayGoodUntilTheNewOnesHaveANominatedPair() {
        check(0, A, true);
        agent.restart(OURS_2, THEIRS_2);

        check(5 * SECOND, A, true);
        assertTrue(agent.maySend(14 * SECOND), "consent goes on with the old ones");
        check(6 * SECOND, B, OURS_2, THEIRS_2, false);
        assertEquals(A, agent.selected());

        check(7 * SECOND, B, OURS_2, THEIRS_2, true);
        assertEquals(B, agent.selected());
        assertTrue(out.events.contains("retired " + OURS.ufrag()));

        check(8 * SECOND, A, true);
        assertEquals("dropped UNKNOWN_USERNAME", out.events.getLast());
    }

    @Test
    void ofSeveralRestartsTheLastCountsAndTheNominatedOneStays() {
        check(0, A, true);
        agent.restart(OURS_2, THEIRS_2);
        IceCredentials third = IceCredentials.random(new SplittableRandom(3));
        agent.restart(third, THEIRS_2);

        check(1, A, OURS_2, THEIRS_2, true);
        assertEquals("dropped UNKNOWN_USERNAME", out.events.getLast());
        check(2, A, true);
        check(3, B, third, THEIRS_2, true);
        assertEquals(B, agent.selected());
    }

    @Test
    void survivesTruncationsAndBitFlips() {
        byte[] golden =
                take(request(OURS, THEIRS).useCandidate().integrity(key(OURS)).finish());
        for (int length = 0; length < golden.length; length++) offer(Arrays.copyOf(golden, length));
        for (int bit = 0; bit < golden.length * 8; bit++) {
            byte[] flipped = golden.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            offer(flipped);
        }
        assertNull(agent.selected(), "nothing that was tampered with may count");
        assertEquals(golden.length * 9, out.events.size(), "every refusal has a name");
    }

    @Test
    void survivesRandomAttributes() {
        Random random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[20 + 4 * random.nextInt(20)];
            random.nextBytes(bytes);
            Unpooled.wrappedBuffer(bytes)
                    .setShort(0, 1)
                    .setShort(2, bytes.length - 20)
                    .setInt(4, 0x2112A442);
            for (int at = 20; at < bytes.length && random.nextInt(4) > 0; at += 8) {
                bytes[at] = (byte) (random.nextBoolean() ? 0 : 0x80);
                bytes[at + 1] = (byte) random.nextInt(48);
                bytes[at + 2] = 0;
                bytes[at + 3] = (byte) random.nextInt(24);
            }
            offer(bytes);
            IceAgent.localUfrag(Unpooled.wrappedBuffer(bytes));
        }
        assertNull(agent.selected());
        assertEquals(20_000, out.events.size());
    }

    @Test
    void refusesMoreAttributesThanTheLimit() {
        StunWriter request = request(OURS, THEIRS);
        for (int i = 0; i < StunMessage.MAX_ATTRIBUTES; i++) request.attribute(0xC000 + i, new byte[0]);

        offer(take(request.integrity(key(OURS)).finish()));

        assertEquals(List.of("dropped MALFORMED"), out.events);
    }

    @Test
    void readsTheFragmentThatAFirstDatagramIsAddressedTo() {
        ByteBuf request = request(OURS, THEIRS).integrity(key(OURS)).finish();
        assertEquals(OURS.ufrag(), IceAgent.localUfrag(request));
        assertTrue(IceAgent.looksLikeStun(request));
        byte[] bytes = take(request);
        for (int length = 0; length < bytes.length; length++) {
            String ufrag = IceAgent.localUfrag(Unpooled.wrappedBuffer(bytes, 0, length));
            assertTrue(ufrag == null || ufrag.equals(OURS.ufrag()));
        }
        for (String username : List.of("", ":", "nocolon", ":right")) {
            ByteBuf odd = new StunWriter(StunMessage.BINDING_REQUEST, transaction())
                    .attribute(StunMessage.USERNAME, username.getBytes(StandardCharsets.US_ASCII))
                    .finish();
            assertNull(IceAgent.localUfrag(odd), username);
            odd.release();
        }
    }

    @Test
    void credentialsAreRandomAndValidated() {
        IceCredentials made = IceCredentials.random(new SplittableRandom(1));
        assertTrue(made.ufrag().length() >= 8 && made.pwd().length() >= 24);
        assertFalse(made.toString().contains(made.pwd()));
        assertTrue(IceCredentials.of("abcd", "a".repeat(22)).isPresent());
        assertTrue(IceCredentials.of("abc", "a".repeat(22)).isEmpty());
        assertTrue(IceCredentials.of("abcd", "a".repeat(21)).isEmpty());
        assertTrue(IceCredentials.of("ab:d", "a".repeat(22)).isEmpty());
        assertTrue(IceCredentials.of("a".repeat(257), "a".repeat(22)).isEmpty());
        assertTrue(IceCredentials.of(null, null).isEmpty());
    }

    private void check(long now, Route from, boolean nominate) {
        check(now, from, OURS, THEIRS, nominate);
    }

    private void check(long now, Route from, IceCredentials ours, IceCredentials theirs, boolean nominate) {
        StunWriter request = request(ours, theirs).controlling(1).priority(1);
        if (nominate) request.useCandidate();
        ByteBuf datagram = request.integrity(key(ours)).finish();
        agent.onStun(now, from, datagram, out);
        assertEquals(1, datagram.refCnt(), "the buffer is borrowed");
        datagram.release();
    }

    private StunWriter request(IceCredentials ours, IceCredentials theirs) {
        String username = ours.ufrag() + ":" + theirs.ufrag();
        return new StunWriter(StunMessage.BINDING_REQUEST, transaction())
                .attribute(StunMessage.USERNAME, username.getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] transaction() {
        byte[] id = new byte[12];
        id[0] = (byte) ++transactions;
        return id;
    }

    private static StunKey key(IceCredentials credentials) {
        return new StunKey(credentials.pwd());
    }

    private void offer(byte[] bytes) {
        agent.onStun(0, A, Unpooled.wrappedBuffer(bytes), out);
    }

    private static byte[] take(ByteBuf buffer) {
        byte[] bytes = ByteBufUtil.getBytes(buffer);
        buffer.release();
        return bytes;
    }

    private ByteBuf readAnswer(Route to) {
        Recorder.Sent sent = out.sent.getLast();
        assertEquals(to, sent.to);
        ByteBuf datagram = Unpooled.wrappedBuffer(sent.bytes);
        assertTrue(answer.wrap(datagram));
        return datagram;
    }

    /** Remembers everything, and releases the buffers that it was given. */
    static final class Recorder implements IceAgent.Output {
        record Sent(Route to, byte[] bytes) {}

        final List<Sent> sent = new ArrayList<>();
        final List<String> events = new ArrayList<>();

        @Override
        public void send(Route to, ByteBuf datagram) {
            sent.add(new Sent(to, take(datagram)));
        }

        @Override
        public void validated(Route route) {
            events.add("validated " + route);
        }

        @Override
        public void forgotten(Route route) {
            events.add("forgotten " + route);
        }

        @Override
        public void selected(Route route) {
            events.add("selected " + route);
        }

        @Override
        public void dropped(IceDrop reason) {
            events.add("dropped " + reason);
        }

        @Override
        public void retired(String localUfrag) {
            events.add("retired " + localUfrag);
        }
    }
}
