package dev.weir.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.signal.LeaveReason;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BusTest {
    private static final int MESSAGES = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void messagesOfOneSenderArriveInTheirOrderOnTheConsumersLoop() throws Exception {
        List<Long> numbers = new ArrayList<>();
        Set<Thread> threads = new HashSet<>();
        CompletableFuture<List<Long>> all = new CompletableFuture<>();
        Context consumer = loop();
        consumer.runOnContext(_ -> bus.onRoomCommand(shard(3), envelope -> {
            threads.add(Thread.currentThread());
            numbers.add(envelope.number());
            if (numbers.size() == MESSAGES) {
                all.complete(numbers);
            }
        }));
        settle(consumer);

        loop().runOnContext(
                        _ -> LongStream.range(0, MESSAGES).forEach(number -> bus.toRoom(shard(3), command(number))));

        assertEquals(LongStream.range(0, MESSAGES).boxed().toList(), all.get(10, TimeUnit.SECONDS));
        assertEquals(1, threads.size());
    }

    @Test
    void aShardsWordsReachOnlyTheShardThatTheyAreFor() throws Exception {
        CompletableFuture<RoomUpdate.Envelope> two = new CompletableFuture<>();
        List<RoomUpdate.Envelope> one = new ArrayList<>();
        Context consumer = loop();
        consumer.runOnContext(_ -> {
            bus.onRoomUpdate(shard(1), one::add);
            bus.onRoomUpdate(shard(2), two::complete);
        });
        settle(consumer);
        RoomUpdate.Envelope update = new RoomUpdate.Envelope("room", 1, shard(2), 1, new RoomUpdate.NotHere());

        bus.toBranch(update);

        assertSame(update, two.get(10, TimeUnit.SECONDS), "within a process records travel as they are");
        assertEquals(List.of(), one);
    }

    @Test
    void aQuestionIsAnsweredByTheShard() throws Exception {
        Context consumer = loop();
        consumer.runOnContext(_ -> bus.serveShard(shard(5), _ -> Future.succeededFuture(new ShardAnswer.Done())));
        settle(consumer);

        assertEquals(new ShardAnswer.Done(), answer(bus.ask(shard(5), new ShardRequest.Measures())));
    }

    @Test
    void aFailureOfTheShardAndAShardThatIsNotThereFailTheQuestion() throws Exception {
        Context consumer = loop();
        consumer.runOnContext(_ -> bus.serveShard(shard(5), _ -> Future.failedFuture("broken")));
        settle(consumer);

        Future<ShardAnswer> broken = bus.ask(shard(5), new ShardRequest.Measures());
        Future<ShardAnswer> nobody = bus.ask(shard(6), new ShardRequest.Measures());

        Future.join(broken, nobody)
                .otherwiseEmpty()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertTrue(broken.failed() && broken.cause().getMessage().contains("broken"));
        assertTrue(nobody.failed());
    }

    private Context loop() {
        return ((VertxInternal) vertx).createEventLoopContext();
    }

    /** Waits until the consumers that a loop was asked to make are there. */
    private static void settle(Context context) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(_ -> context.runOnContext(_ -> done.complete(null)));
        done.get(10, TimeUnit.SECONDS);
    }

    private static ShardAnswer answer(Future<ShardAnswer> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static RoomCommand.Envelope command(long number) {
        return new RoomCommand.Envelope("room", 1, shard(1), number, new RoomCommand.Leave("a", LeaveReason.LEFT));
    }

    private static ShardId shard(int index) {
        return new ShardId("here", index);
    }
}
