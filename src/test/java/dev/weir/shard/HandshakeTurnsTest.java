package dev.weir.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.dtls.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandshakeTurnsTest {
    private static final int AT_ONCE = 2;
    private static final int HANDSHAKES = 200;
    private static final int FLIGHTS = 3;

    @Test
    void onlySoManyComputeAtOnceAndAllComeToTheirEnd() throws InterruptedException {
        HandshakeTurns turns = new HandshakeTurns(AT_ONCE);
        AtomicInteger computing = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<BlockingQueue<byte[]>> inboxes = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(HANDSHAKES);
        for (int i = 0; i < HANDSHAKES; i++) {
            BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(FLIGHTS);
            inboxes.add(inbox);
            Waiting waiting = turns.waiting();
            turns.start(() -> {
                for (int flight = 0; flight < FLIGHTS; flight++) {
                    most.accumulateAndGet(computing.incrementAndGet(), Math::max);
                    Thread.yield();
                    computing.decrementAndGet();
                    await(waiting, inbox);
                }
                ended.countDown();
            });
        }
        for (int flight = 0; flight < FLIGHTS; flight++) {
            inboxes.forEach(inbox -> inbox.add(new byte[1]));
        }

        ended.await();
        assertTrue(most.get() <= AT_ONCE, most + " at once");
        assertEquals(0, turns.queued());
    }

    @Test
    void oneThatWaitsForItsPeerHoldsNobodyUp() throws InterruptedException {
        HandshakeTurns turns = new HandshakeTurns(1);
        BlockingQueue<byte[]> silent = new ArrayBlockingQueue<>(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Waiting waiting = turns.waiting();
        turns.start(() -> {
            started.countDown();
            await(waiting, silent);
            ended.countDown();
        });
        started.await();

        CountDownLatch other = new CountDownLatch(1);
        turns.start(other::countDown);

        other.await();
        assertEquals(1, ended.getCount());
        silent.add(new byte[1]);
        ended.await();
    }

    @Test
    void thoseWhoWaitComeInTheirOrder() throws InterruptedException {
        HandshakeTurns turns = new HandshakeTurns(1);
        CountDownLatch go = new CountDownLatch(1);
        turns.start(() -> awaitLatch(go));
        BlockingQueue<Integer> order = new LinkedBlockingQueue<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            turns.start(() -> order.add(number));
            while (turns.queued() < i + 1) {
                Thread.onSpinWait();
            }
        }
        go.countDown();

        for (int i = 0; i < 20; i++) {
            assertEquals(i, order.poll(30, TimeUnit.SECONDS));
        }
    }

    private static void await(Waiting waiting, BlockingQueue<byte[]> inbox) {
        try {
            waiting.await(inbox, 0, Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
