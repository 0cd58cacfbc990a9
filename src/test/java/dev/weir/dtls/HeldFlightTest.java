package dev.weir.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

/** A simulation holds back what Bouncy Castle repeats because a real millisecond has passed, and nothing besides. */
class HeldFlightTest {
    private static final int MTU_BYTES = 1_200;
    private static final byte[] CERTIFICATE = message(2);
    private static final byte[] HELLO_DONE = message(3);
    private static final byte[] CIPHER_CHANGE = record(20, 0, 1);
    private static final byte[] FINISHED = record(22, 1, 40);
    private static final byte[] ALERT = record(21, 0, 2);

    private final Exchange exchange = new Exchange(() -> {});
    private final QueueTransport transport = new QueueTransport(exchange, new Holding(), MTU_BYTES);

    @Test
    void aNewFlightBehindAHeldOneIsSent() throws IOException {
        assertEquals(bytes(CERTIFICATE, HELLO_DONE), flight(CERTIFICATE, HELLO_DONE));
        assertEquals(
                bytes(CIPHER_CHANGE, FINISHED),
                flight(CERTIFICATE, HELLO_DONE, CIPHER_CHANGE, FINISHED),
                "a repetition, and with no receive between them the last flight");
    }

    @Test
    void aRepeatedFlightIsHeldToItsEnd() throws IOException {
        byte[][] flight = {CERTIFICATE, HELLO_DONE, CIPHER_CHANGE, FINISHED};
        assertEquals(bytes(flight), flight(flight));
        assertEquals(0, flight(flight));
    }

    @Test
    void theLastFlightIsRepeatedWheneverItIsAskedFor() throws IOException {
        assertEquals(bytes(CIPHER_CHANGE, FINISHED), flight(CIPHER_CHANGE, FINISHED));
        assertEquals(bytes(CIPHER_CHANGE, FINISHED), flight(CIPHER_CHANGE, FINISHED));
    }

    @Test
    void anAlertIsNeverHeld() throws IOException {
        flight(CERTIFICATE);
        assertEquals(bytes(ALERT), flight(CERTIFICATE, ALERT));
    }

    /** How many bytes of these left. */
    private int flight(byte[]... records) throws IOException {
        for (byte[] each : records) {
            transport.send(each, 0, each.length);
        }
        transport.receive(new byte[MTU_BYTES], 0, MTU_BYTES, 1);
        int left = 0;
        for (Exchange.Event event = exchange.poll(); event != null; event = exchange.poll()) {
            if (event instanceof Exchange.Event.Send(byte[] datagram)) {
                left += datagram.length;
            }
        }
        return left;
    }

    private static int bytes(byte[]... records) {
        int sum = 0;
        for (byte[] each : records) {
            sum += each.length;
        }
        return sum;
    }

    private static byte[] message(int sequence) {
        byte[] handshake = record(22, 0, 100);
        handshake[18] = (byte) sequence;
        return handshake;
    }

    private static byte[] record(int type, int epoch, int bytes) {
        byte[] made = new byte[13 + bytes];
        made[0] = (byte) type;
        made[4] = (byte) epoch;
        made[12] = (byte) bytes;
        return made;
    }

    /** Nothing ever comes, and no repetition is due. */
    private static final class Holding implements Waiting {
        @Override
        public long now() {
            return 0;
        }

        @Override
        public int resendMillis() {
            return 0;
        }

        @Override
        public byte[] await(BlockingQueue<byte[]> inbox, int waitMillis, long deadline) {
            return null;
        }

        @Override
        public boolean admits(boolean repeated) {
            return !repeated;
        }
    }
}
