package dev.weir.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An agent, what it says, and a client's side of the conversation. */
abstract class IceAgentFixture {
    static final long SECOND = 1_000_000_000L;
    static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3478);
    static final IceCredentials OURS = new IceCredentials("serverUfrag1", "serverPasswordServerPass");
    static final IceCredentials THEIRS = new IceCredentials("abcd", "clientPasswordClientPass");
    static final IceCredentials OURS_2 = new IceCredentials("serverUfrag2", "secondPasswordServerPass");
    static final IceCredentials THEIRS_2 = new IceCredentials("efgh", "secondPasswordClientPass");
    static final Route A = route("198.51.100.7", 40000);
    static final Route B = route("203.0.113.9", 50000);

    final IceAgent agent = new IceAgent(OURS, THEIRS);
    final Recorder out = new Recorder();
    final StunMessage answer = new StunMessage();
    int transactions;

    static Route route(String host, int port) {
        return new Route(SERVER, new InetSocketAddress(host, port));
    }

    void check(long now, Route from, boolean nominate) {
        check(now, from, OURS, THEIRS, nominate);
    }

    void check(long now, Route from, IceCredentials ours, IceCredentials theirs, boolean nominate) {
        StunWriter request = request(ours, theirs).controlling(1).priority(1);
        if (nominate) request.useCandidate();
        ByteBuf datagram = request.integrity(key(ours)).finish();
        agent.onStun(now, from, datagram, out);
        assertEquals(1, datagram.refCnt(), "the buffer is borrowed");
        datagram.release();
    }

    StunWriter request(IceCredentials ours, IceCredentials theirs) {
        String username = ours.ufrag() + ":" + theirs.ufrag();
        return new StunWriter(StunMessage.BINDING_REQUEST, transaction())
                .attribute(StunMessage.USERNAME, username.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] transaction() {
        byte[] id = new byte[12];
        id[0] = (byte) ++transactions;
        return id;
    }

    static StunKey key(IceCredentials credentials) {
        return new StunKey(credentials.pwd());
    }

    void offer(byte[] bytes) {
        agent.onStun(0, A, Unpooled.wrappedBuffer(bytes), out);
    }

    static byte[] take(ByteBuf buffer) {
        byte[] bytes = ByteBufUtil.getBytes(buffer);
        buffer.release();
        return bytes;
    }

    ByteBuf readAnswer(Route to) {
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
