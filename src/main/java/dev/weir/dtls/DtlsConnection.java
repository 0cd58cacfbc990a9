package dev.weir.dtls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.security.SecureRandom;
import java.util.Map;

/**
 * DTLS with one peer, as its event loop sees it: datagrams go in by {@link #onDatagram} and nothing waits; what comes
 * of it is fetched by {@link #drain} after each {@link Threads#wake}. All methods are the loop's.
 *
 * <p>The life of a connection is at most one {@link Output#connected}, then at most one {@link Output#closed}; or one
 * {@link Output#failed}. After {@link #close} only datagrams come, of which the last says close_notify.
 */
public final class DtlsConnection {
    /** Longer datagrams are ignored. */
    public static final int MAX_DATAGRAM_BYTES = QueueTransport.MAX_DATAGRAM_BYTES;

    private static final int FIRST_CONTENT_TYPE = 20;
    private static final int LAST_CONTENT_TYPE = 63;

    private final DtlsRole role;
    private final Threads threads;
    private final Exchange exchange;
    private final Handshake handshake;
    private boolean started;
    private boolean closed;
    private boolean draining;
    private long ignored;
    private long overflowed;

    /**
     * A connection that has no thread yet: a server starts at its first datagram, a client at {@link #start}.
     *
     * @param parameters what to agree on
     * @param random keys and nonces; shared by all connections, used on the handshake thread
     * @param threads this connection's own
     */
    public DtlsConnection(DtlsParameters parameters, SecureRandom random, Threads threads) {
        this(parameters, Map.of(), random, threads);
    }

    /** With extensions in the ClientHello that Bouncy Castle does not make, as browsers have them. */
    DtlsConnection(
            DtlsParameters parameters, Map<Integer, byte[]> moreExtensions, SecureRandom random, Threads threads) {
        this.threads = threads;
        role = parameters.role();
        exchange = new Exchange(threads::wake);
        handshake = new Handshake(parameters, moreExtensions, random, threads.waiting(), exchange);
    }

    /** Where a connection's own thread comes from, and how it calls for the loop. */
    public interface Threads {
        /**
         * Called once, on the loop: runs this on some thread off the loop, at once or when there is room. It blocks for
         * as long as the connection lives, so a virtual thread is right. Nothing is lost when it never runs but this
         * connection.
         */
        void start(Runnable handshake);

        /** Called on the handshake thread: have {@link DtlsConnection#drain} called on the loop soon. */
        void wake();

        /** How the thread waits; asked once, when the connection is made. */
        default Waiting waiting() {
            return Waiting.wallClock();
        }
    }

    /** What came of the datagrams. Must not call back. */
    public interface Output {
        /** Send a datagram to the peer; the callee owns the buffer from now on. */
        void send(ByteBuf datagram);

        /**
         * The peer is who the fingerprint says, and these are the keys.
         *
         * @param srtpProfile the protection profile agreed on, one of {@link DtlsParameters#srtpProfiles}
         * @param keyingMaterial client's key, server's key, client's salt, server's salt (RFC 5764 section 4.2); the
         *     callee's own, to be cleared after use
         */
        void connected(int srtpProfile, byte[] keyingMaterial);

        /** There will be no connection; the reason is for the log. */
        void failed(String reason);

        /** The peer ended the connection, by close_notify or a fatal alert. */
        void closed();
    }

    /** A client's begin; for a server nothing. */
    public void start() {
        if (role == DtlsRole.CLIENT) startOnce();
    }

    /**
     * Takes one datagram, which is borrowed and copied.
     *
     * @return false: ignored, since it is no DTLS record, too long or too much, or the connection is closed
     */
    public boolean onDatagram(ByteBuf datagram) {
        if (closed) return false;
        if (!looksLikeDtls(datagram) || datagram.readableBytes() > MAX_DATAGRAM_BYTES) {
            ignored++;
            return false;
        }
        byte[] copy = new byte[datagram.readableBytes()];
        datagram.getBytes(datagram.readerIndex(), copy);
        boolean delivered = exchange.deliver(copy);
        if (!delivered) overflowed++;
        startOnce();
        return delivered;
    }

    /** Whether a datagram begins like a DTLS record (RFC 7983 section 7). */
    public static boolean looksLikeDtls(ByteBuf datagram) {
        if (!datagram.isReadable()) return false;
        int first = datagram.getUnsignedByte(datagram.readerIndex());
        return first >= FIRST_CONTENT_TYPE && first <= LAST_CONTENT_TYPE;
    }

    private void startOnce() {
        if (started || closed) return;
        started = true;
        threads.start(handshake);
    }

    /** Takes out what the handshake thread has put there, in order. Cheap when that is nothing. */
    public void drain(Output out) {
        assert !draining : "an output called back";
        draining = true;
        for (Exchange.Event event = exchange.poll(); event != null; event = exchange.poll()) emit(event, out);
        draining = false;
    }

    private void emit(Exchange.Event event, Output out) {
        switch (event) {
            case Exchange.Event.Send(byte[] datagram) ->
                out.send(ByteBufAllocator.DEFAULT.buffer(datagram.length).writeBytes(datagram));
            case Exchange.Event.Connected connected -> {
                if (!closed) out.connected(connected.srtpProfile, connected.keyingMaterial);
            }
            case Exchange.Event.Failed(String reason) -> {
                if (!closed) out.failed(reason);
            }
            case Exchange.Event.Closed() -> {
                if (!closed) out.closed();
            }
        }
    }

    /**
     * Ends the connection and its thread. What is left to be said to the peer comes out of a last {@link #drain}, after
     * the thread's last {@link Threads#wake}; a loop that has no more use for it may leave it there.
     */
    public void close() {
        if (closed) return;
        closed = true;
        exchange.close();
    }

    /** Datagrams that were no DTLS or too long. */
    public long ignored() {
        return ignored;
    }

    /** Datagrams dropped because a queue was full, in either direction. */
    public long overflowed() {
        return overflowed + exchange.outboxOverflows();
    }

    @Override
    public String toString() {
        return "DtlsConnection[" + role + (closed ? ", closed]" : "]");
    }
}
