package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StopTest {
    @Test
    void theSecondSignalHaltsWhileTheFirstIsStillStopping() {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            CountDownLatch stopping = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            List<Integer> halts = new ArrayList<>();
            Stop stop = new Stop(
                    () -> {
                        stopping.countDown();
                        awaitQuietly(mayEnd);
                    },
                    halts::add);
            Thread first = Thread.ofVirtual().start(() -> stop.signalled(143));
            stopping.await();
            assertEquals(List.of(), halts);
            stop.signalled(143);
            assertEquals(List.of(143), halts);
            mayEnd.countDown();
            stop.await();
            first.join();
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
