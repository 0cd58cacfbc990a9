package dev.weir.dtls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsTimeoutException;

/**
 * Bouncy Castle's view of the network: receives from an inbox, and gathers what it sends into as few datagrams as fit.
 * Used by the handshake thread only.
 *
 * <pre>
 *  DTLS 1.2 record (RFC 6347 section 4.1), and behind it in a handshake record (section 4.2.2):
 *  | type 1 | version 2 | epoch 2 | sequence number 6 | length 2 |
 *  | msg_type 1 | length 3 | message_seq 2 | fragment_offset 3 | fragment_length 3 |
 * </pre>
 */
final class QueueTransport implements DatagramTransport {
    /** The whole handshake may take so long, from the moment its thread starts. */
    static final long HANDSHAKE_TIMEOUT_NANOS = 15_000_000_000L;

    /** Longer datagrams are not taken. Handshake flights are cut to the sender's path MTU, so this is generous. */
    static final int MAX_DATAGRAM_BYTES = 2048;

    /** What AES-GCM adds to a record: 8 bytes of nonce, 16 of tag (RFC 5288). */
    static final int GCM_OVERHEAD_BYTES = 24;

    /** What ChaCha20-Poly1305 adds (RFC 7905). */
    static final int CHACHA_OVERHEAD_BYTES = 16;

    private static final int RECORD_HEADER_BYTES = 13;
    private static final int RECORD_EPOCH_OFFSET = 3;
    private static final int RECORD_LENGTH_OFFSET = 11;
    private static final int MESSAGE_SEQ_OFFSET = RECORD_HEADER_BYTES + 4;
    private static final int MESSAGE_HEADER_BYTES = 12;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;

    private final Exchange exchange;
    private final Waiting waiting;
    private final int mtuBytes;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private long deadline;
    private int highestMessageSeq = -1;
    private boolean cipherChanged;
    private int sealOverheadBytes = GCM_OVERHEAD_BYTES;
    private boolean inFlight;
    private boolean admitted;
    private boolean closed;

    QueueTransport(Exchange exchange, Waiting waiting, int mtuBytes) {
        this.exchange = exchange;
        this.waiting = waiting;
        this.mtuBytes = mtuBytes;
        deadline = waiting.now() + HANDSHAKE_TIMEOUT_NANOS;
    }

    /** The handshake is over: from now on waiting has no end. */
    void connected() {
        deadline = Long.MAX_VALUE;
    }

    /** Says how much longer than its content a sealed record is with the negotiated cipher suite. */
    void sealOverheadBytes(int bytes) {
        sealOverheadBytes = bytes;
    }

    /** Whether the other side has closed the connection, or the protocol has given up on it. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public int getReceiveLimit() {
        return MAX_DATAGRAM_BYTES;
    }

    @Override
    public int getSendLimit() {
        return mtuBytes;
    }

    /** Throws InterruptedIOException when there is nothing to wait for any more: Bouncy Castle lets it pass unharmed. */
    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        flush();
        if (closed || exchange.closing()) throw new InterruptedIOException("closed");
        byte[] datagram = await(waitMillis);
        if (exchange.closing()) throw new InterruptedIOException("closed");
        if (datagram == null) {
            if (deadline != Long.MAX_VALUE && waiting.now() >= deadline) throw new TlsTimeoutException("timed out");
            return -1;
        }
        int wellFormed = wellFormedBytes(datagram);
        if (wellFormed > length) return -1;
        System.arraycopy(datagram, 0, buffer, offset, wellFormed);
        return wellFormed;
    }

    private byte[] await(int waitMillis) throws IOException {
        try {
            return waiting.await(exchange.inbox(), waitMillis, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /**
     * The length of the whole records at the front. One that is too short to have been sealed ends them: Bouncy Castle
     * 1.84 ignores a false seal but ends the connection over a missing one, which anyone could send.
     */
    private int wellFormedBytes(byte[] datagram) {
        int at = 0;
        while (datagram.length - at >= RECORD_HEADER_BYTES) {
            int length = unsignedShort(datagram, at + RECORD_LENGTH_OFFSET);
            if (length > datagram.length - at - RECORD_HEADER_BYTES) return at;
            boolean sealed = unsignedShort(datagram, at + RECORD_EPOCH_OFFSET) > 0;
            if (sealed && length < sealOverheadBytes) return at;
            at += RECORD_HEADER_BYTES + length;
        }
        return at;
    }

    /**
     * Takes one record; several make a datagram. What is sent between two receives is a flight; but when time runs out
     * between two records of one datagram, Bouncy Castle repeats its last flight, and the next follows with no receive
     * between them.
     */
    @Override
    public void send(byte[] buffer, int offset, int length) {
        boolean repeated = isRepeated(buffer, offset, length);
        if (!inFlight || !admitted && !repeated) {
            inFlight = true;
            admitted = waiting.admits(repeated);
        }
        if (!admitted) return;
        if (gathered.size() + length > mtuBytes) sendGathered();
        gathered.write(buffer, offset, length);
    }

    /**
     * Whether a record was sent before. That of the last flight of all counts as new where it begins a flight: it is
     * repeated only when asked for, never by time.
     */
    private boolean isRepeated(byte[] buffer, int offset, int length) {
        boolean sealed = unsignedShort(buffer, offset + RECORD_EPOCH_OFFSET) > 0;
        return switch (buffer[offset]) {
            case CHANGE_CIPHER_SPEC -> {
                boolean before = cipherChanged;
                cipherChanged = true;
                yield inFlight && before;
            }
            // Finished, which shares the fate of the change before it.
            case HANDSHAKE -> sealed ? inFlight && !admitted : isRepeatedMessage(buffer, offset, length);
            // Alerts.
            default -> false;
        };
    }

    private boolean isRepeatedMessage(byte[] buffer, int offset, int length) {
        if (length < RECORD_HEADER_BYTES + MESSAGE_HEADER_BYTES) return false;
        int messageSeq = unsignedShort(buffer, offset + MESSAGE_SEQ_OFFSET);
        if (messageSeq <= highestMessageSeq) return true;
        highestMessageSeq = messageSeq;
        return false;
    }

    private static int unsignedShort(byte[] bytes, int index) {
        return (bytes[index] & 0xFF) << 8 | bytes[index + 1] & 0xFF;
    }

    /** Ends a flight. */
    void flush() {
        sendGathered();
        inFlight = false;
    }

    private void sendGathered() {
        if (gathered.size() == 0) return;
        exchange.post(new Exchange.Event.Send(gathered.toByteArray()));
        gathered.reset();
    }

    /** Called by Bouncy Castle after a fatal alert or close_notify, in either direction. */
    @Override
    public void close() {
        flush();
        closed = true;
    }
}
