package dev.weir.ice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IceRefusalTest extends IceAgentFixture {
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
        assertArrayEquals(out.sent.get(0).bytes(), out.sent.get(1).bytes());
        assertEquals(List.of("validated " + A, "selected " + A), out.events);
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
}
