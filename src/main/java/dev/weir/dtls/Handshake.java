package dev.weir.dtls;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;

/**
 * A connection's own thread, from the first datagram to the end: the handshake, and then waiting for a repeated last
 * flight, which Bouncy Castle answers by itself, or for the end.
 */
final class Handshake implements Runnable {
    /** Nobody sends application data in WebRTC without data channels; what comes is read and forgotten. */
    private static final int APPLICATION_DATA_BYTES = QueueTransport.MAX_DATAGRAM_BYTES;

    private final DtlsParameters parameters;
    private final Map<Integer, byte[]> moreExtensions;
    private final SecureRandom random;
    private final Waiting waiting;
    private final Exchange exchange;

    Handshake(
            DtlsParameters parameters,
            Map<Integer, byte[]> moreExtensions,
            SecureRandom random,
            Waiting waiting,
            Exchange exchange) {
        this.parameters = parameters;
        this.moreExtensions = moreExtensions;
        this.random = random;
        this.waiting = waiting;
        this.exchange = exchange;
    }

    @Override
    public void run() {
        if (exchange.closing()) return;
        var transport = new QueueTransport(exchange, waiting, parameters.mtuBytes());
        DTLSTransport connection = connect(transport);
        if (connection != null) attend(connection, transport);
        transport.flush();
    }

    private DTLSTransport connect(QueueTransport transport) {
        var terms = new Terms(parameters, parameters.certificate().crypto().crypto(random), waiting, transport);
        try {
            DTLSTransport connection = handshake(terms, transport);
            // The last flight goes first, so that the other side has its keys when our media comes; and the loop has
            // ours in the same turn, since the other side's media come as soon as it has that flight.
            exchange.hold();
            transport.flush();
            transport.connected();
            exchange.post(new Exchange.Event.Connected(terms.srtpProfile(), terms.takeKeyingMaterial()));
            exchange.release();
            return connection;
        } catch (IOException | RuntimeException e) {
            transport.flush();
            if (!exchange.closing()) exchange.post(new Exchange.Event.Failed(reason(e, terms, transport)));
            return null;
        }
    }

    private DTLSTransport handshake(Terms terms, QueueTransport transport) throws IOException {
        return switch (parameters.role()) {
            case SERVER -> new DTLSServerProtocol().accept(new DtlsServer(terms), transport);
            case CLIENT -> new DTLSClientProtocol().connect(new DtlsClient(terms, moreExtensions), transport);
        };
    }

    private static String reason(Exception e, Terms terms, QueueTransport transport) {
        if (terms.refusal() != null) return terms.refusal();
        return switch (e) {
            case TlsFatalAlertReceived received ->
                "the other side sent " + AlertDescription.getName(received.getAlertDescription());
            case TlsTimeoutException _ -> "timed out";
            case TlsFatalAlert alert -> "the handshake broke: " + AlertDescription.getName(alert.getAlertDescription());
            default -> transport.isClosed() ? "the other side closed" : "the handshake broke: " + e;
        };
    }

    private void attend(DTLSTransport connection, QueueTransport transport) {
        byte[] applicationData = new byte[APPLICATION_DATA_BYTES];
        try {
            while (!transport.isClosed()) connection.receive(applicationData, 0, applicationData.length, 0);
        } catch (IOException e) {
            // An alert, or one of the two ends closed: whichever it was, what follows is the same.
        }
        if (exchange.closing()) {
            say(connection);
        } else {
            exchange.post(new Exchange.Event.Closed());
        }
    }

    /** Our own close: says close_notify. */
    private static void say(DTLSTransport connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new IllegalStateException("sending into a queue does not fail", e);
        }
    }
}
