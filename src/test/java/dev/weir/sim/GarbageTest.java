package dev.weir.sim;

import static dev.weir.sim.SimCall.MILLI;
import static dev.weir.sim.SimCall.SECOND;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.client.ClientPlan;
import dev.weir.signal.RoomOptions;
import dev.weir.sim.Garbage.Work;
import dev.weir.srtp.CryptoChoice;
import dev.weir.srtp.CryptoUnavailable;
import dev.weir.srtp.PacketCrypto;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole way of a packet through the server makes no garbage, from the datagram that comes to the run that is handed
 * over: with feedback of both sides, packets sent again, and pictures that wait for their pace.
 */
class GarbageTest {
    private static final long WARM_UP = 40 * SECOND;
    private static final long MEASURED = 20 * SECOND;
    private static final Conditions GOOD = Conditions.GOOD.withJitter(2 * MILLI);

    private final ResourceLeakDetector.Level detection = ResourceLeakDetector.getLevel();

    /** Its records would be counted. */
    @BeforeEach
    void doNotDetectLeaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void detectLeaks() {
        ResourceLeakDetector.setLevel(detection);
    }

    @ParameterizedTest
    @CsvSource({"false, 0, 0", "true, 0, 0", "true, 0.02, 0", "false, 0.02, 2500"})
    void aCallMakesNone(boolean simulcast, double loss, int kbps) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        // As an event loop is one: only such threads get their buffers back.
        Thread thread = new FastThreadLocalThread(() -> call(simulcast, loss, kbps));
        thread.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown));
        thread.start();
        thread.join();
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    private static void call(boolean simulcast, double loss, int kbps) {
        PooledByteBufAllocator buffers = new PooledByteBufAllocator(true);
        try (SimCall call = new SimCall(1, buffers, crypto().ciphers(), RoomOptions.defaults(SimServer.PLACE.room()))) {
            ClientPlan plan = simulcast ? ClientPlan.SIMULCAST : ClientPlan.USUAL;
            Conditions conditions = GOOD.withLoss(loss).withRate(kbps * 1_000L);
            for (int i = 0; i < 3; i++) {
                call.join("person " + i, plan, conditions);
                call.run(300 * MILLI);
            }
            call.viewAll(720);
            call.run(WARM_UP);
            Garbage garbage = call.server.garbage;
            long before = call.server.traffic().resentOut();
            garbage.clear();
            call.run(MEASURED);
            System.out.println(garbage + " " + (call.server.traffic().resentOut() - before) + " sent again");

            // What is compiled meanwhile may box something once; a packet's garbage would be ten thousand times.
            assertTrue(garbage.bytes(Work.MEDIA) < 1, garbage::toString);
            assertTrue(garbage.bytes(Work.CONTROL) < 1, garbage::toString);
            assertTrue(garbage.bytes(Work.END_OF_TURN) < 1, garbage::toString);
        }
    }

    private static PacketCrypto crypto() {
        try {
            return PacketCrypto.choose(CryptoChoice.LIBCRYPTO, Optional.empty());
        } catch (CryptoUnavailable e) {
            assumeTrue(false, "the JDK's ciphers make garbage: " + e.getMessage());
            throw e;
        }
    }
}
