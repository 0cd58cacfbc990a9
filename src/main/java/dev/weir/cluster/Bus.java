package dev.weir.cluster;

import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.OwnerRequest;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomReport;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.ToSocket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The event bus, typed: the one place that knows addresses. Messages of one sender to one address arrive in the order
 * sent, on the consumer's own event loop. Records are immutable, so within one process they travel as they are.
 */
public final class Bus {
    /** How long a signaling verticle waits for a shard. A shard that takes this long has worse troubles. */
    private static final long ANSWER_TIMEOUT_MS = 10_000;

    private static final DeliveryOptions OPTIONS =
            new DeliveryOptions().setCodecName(RecordCodec.NAME).setSendTimeout(ANSWER_TIMEOUT_MS);

    private static final String REPORTS = "weir.reports";

    private final EventBus events;

    public Bus(Vertx vertx) {
        events = vertx.eventBus();
        events.registerCodec(new RecordCodec());
    }

    /** Asks the shard of a session. Fails when it does not answer in time. */
    public Future<ShardAnswer> ask(ShardId shard, ShardRequest request) {
        return events.<ShardAnswer>request(shardAddress(shard), request, OPTIONS)
                .map(reply -> reply.body());
    }

    /** Answers what {@link #ask} sends, on the calling context's loop. */
    public MessageConsumer<ShardRequest> serveShard(
            ShardId shard, Function<ShardRequest, Future<ShardAnswer>> shardLogic) {
        return events.<ShardRequest>localConsumer(shardAddress(shard)).handler(message -> shardLogic
                .apply(message.body())
                .onSuccess(answer -> message.reply(answer, OPTIONS))
                .onFailure(cause -> message.fail(0, String.valueOf(cause.getMessage()))));
    }

    /** Asks the shard that owns a room. Fails when it does not answer in time. */
    public Future<OwnerAnswer> askOwner(ShardId shard, OwnerRequest request) {
        return events.<OwnerAnswer>request(ownerAddress(shard), request, OPTIONS)
                .map(reply -> reply.body());
    }

    /** Answers what {@link #askOwner} sends, on the calling context's loop. */
    public MessageConsumer<OwnerRequest> serveOwner(ShardId shard, Function<OwnerRequest, OwnerAnswer> rooms) {
        return events.<OwnerRequest>localConsumer(ownerAddress(shard))
                .handler(message -> message.reply(rooms.apply(message.body()), OPTIONS));
    }

    /** One message for each desk that has sockets of these, however many they are. */
    public void toSockets(List<ToSocket.Letter> letters) {
        Map<String, List<ToSocket.Letter>> byDesk = new LinkedHashMap<>();
        letters.forEach(letter -> byDesk.computeIfAbsent(Desk.of(letter.socketId()), _ -> new ArrayList<>())
                .add(letter));
        byDesk.forEach((desk, its) -> events.send(deskAddress(desk), new ToSocket.Post(its), OPTIONS));
    }

    /** Where the sockets of the calling event loop get what sessions send them. */
    public Desk openDesk() {
        Desk desk = new Desk(UUID.randomUUID().toString());
        events.<ToSocket.Post>localConsumer(deskAddress(desk.name())).handler(message -> desk.deliver(message.body()));
        return desk;
    }

    public void toRoom(ShardId ownerShard, RoomCommand.Envelope message) {
        events.send(roomAddress(ownerShard), message, OPTIONS);
    }

    public MessageConsumer<RoomCommand.Envelope> onRoomCommand(ShardId shard, Consumer<RoomCommand.Envelope> rooms) {
        return events.<RoomCommand.Envelope>localConsumer(roomAddress(shard))
                .handler(message -> rooms.accept(message.body()));
    }

    public void toBranch(RoomUpdate.Envelope message) {
        events.send(branchAddress(message.toShard()), message, OPTIONS);
    }

    public MessageConsumer<RoomUpdate.Envelope> onRoomUpdate(ShardId shard, Consumer<RoomUpdate.Envelope> branches) {
        return events.<RoomUpdate.Envelope>localConsumer(branchAddress(shard))
                .handler(message -> branches.accept(message.body()));
    }

    /** To whoever watches rooms from outside, if anybody does. */
    public void report(RoomReport report) {
        events.publish(REPORTS, report, OPTIONS);
    }

    public MessageConsumer<RoomReport> onReport(Consumer<RoomReport> watcher) {
        return events.<RoomReport>localConsumer(REPORTS).handler(message -> watcher.accept(message.body()));
    }

    private static String shardAddress(ShardId shard) {
        return "weir.shard." + shard;
    }

    private static String ownerAddress(ShardId shard) {
        return "weir.owners." + shard;
    }

    private static String roomAddress(ShardId shard) {
        return "weir.rooms." + shard;
    }

    private static String branchAddress(ShardId shard) {
        return "weir.branches." + shard;
    }

    private static String deskAddress(String desk) {
        return "weir.desks." + desk;
    }
}
