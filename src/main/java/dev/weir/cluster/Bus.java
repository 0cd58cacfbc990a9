package dev.weir.cluster;

import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.OwnerRequest;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomPlace;
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
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The event bus, typed: the one place that knows addresses. Messages of one sender to one address arrive in the order
 * sent, on the consumer's own event loop; between nodes some may be lost while a connection breaks. Records are
 * immutable, so within one process they travel as they are.
 */
public final class Bus {
    /** How long a signaling verticle waits for a shard. A shard that takes this long has worse troubles. */
    private static final long ANSWER_TIMEOUT_MS = 10_000;

    private static final int UNREADABLE = 1;

    private static final DeliveryOptions ANYWHERE =
            new DeliveryOptions().setCodecName(RecordCodec.NAME).setSendTimeout(ANSWER_TIMEOUT_MS);

    /** Nobody has to be asked where the address is. */
    private static final DeliveryOptions HERE = new DeliveryOptions(ANYWHERE).setLocalOnly(true);

    private static final String REPORTS = "weir.reports";
    private static final String LOSSES = "weir.losses";

    private final EventBus events;
    private final Optional<String> node;
    private final Complaints complaints = new Complaints();
    /** Until the other nodes can reach what is served here. */
    private final Queue<Future<?>> registrations = new ConcurrentLinkedQueue<>();

    /** Of a node that is alone. */
    public Bus(Vertx vertx) {
        this(vertx, Optional.empty(), new Wire(Wire.VERSION, RecordCodec.TRAVELLERS));
    }

    /** Of a node in a cluster, by that name. */
    public Bus(Vertx vertx, String node) {
        this(vertx, Optional.of(node), new Wire(Wire.VERSION, RecordCodec.TRAVELLERS));
    }

    Bus(Vertx vertx, Optional<String> node, Wire wire) {
        this.events = vertx.eventBus();
        this.node = node;
        events.registerCodec(new RecordCodec(wire));
    }

    /** Done when all that is served here so far can be reached from the other nodes. */
    public Future<?> reachable() {
        return Future.all(registrations.stream().toList());
    }

    /** Asks the shard of a session. Fails when it does not answer in time. */
    public Future<ShardAnswer> ask(ShardId shard, ShardRequest request) {
        return ask(shardAddress(shard), request, optionsFor(shard), ShardAnswer.class);
    }

    /** Answers what {@link #ask} sends, on the calling context's loop. */
    public MessageConsumer<ShardRequest> serveShard(
            ShardId shard, Function<ShardRequest, Future<ShardAnswer>> shardLogic) {
        return serve(shardAddress(shard), message -> reply(message, shardLogic.apply(message.body())));
    }

    /** Asks the shard that owns a room. Fails when it does not answer in time. */
    public Future<OwnerAnswer> askOwner(ShardId shard, OwnerRequest request) {
        return ask(ownerAddress(shard), request, optionsFor(shard), OwnerAnswer.class);
    }

    /** Answers what {@link #askOwner} sends, on the calling context's loop. */
    public MessageConsumer<OwnerRequest> serveOwner(ShardId shard, Function<OwnerRequest, OwnerAnswer> rooms) {
        return serve(ownerAddress(shard), message -> message.reply(rooms.apply(message.body()), ANYWHERE));
    }

    /** Asks another node to make a room; empty when it has no room for it. */
    Future<Optional<RoomPlace>> askForRoom(String otherNode, String room) {
        return ask(nodeAddress(otherNode), new NodeQuestion.MakeRoom(room), ANYWHERE, NodeQuestion.Made.class)
                .map(NodeQuestion.Made::place);
    }

    /** Answers what {@link #askForRoom} sends. */
    void serveRooms(Function<String, Future<Optional<RoomPlace>>> maker) {
        this.<NodeQuestion>serve(nodeAddress(node.orElseThrow()), message -> {
            switch (message.body()) {
                case NodeQuestion.MakeRoom(var room) ->
                    reply(message, maker.apply(room).map(NodeQuestion.Made::new));
            }
        });
    }

    /** One message for each desk that has sockets of these, however many they are. */
    public void toSockets(List<ToSocket.Letter> letters) {
        Map<String, List<ToSocket.Letter>> byDesk = new LinkedHashMap<>();
        letters.forEach(letter -> byDesk.computeIfAbsent(Desk.of(letter.socketId()), _ -> new ArrayList<>())
                .add(letter));
        byDesk.forEach((desk, its) -> events.send(deskAddress(desk), new ToSocket.Post(its), optionsFor(desk)));
    }

    /** Where the sockets of the calling event loop get what sessions send them; in a cluster its name begins with the node's. */
    public Desk openDesk() {
        String id = UUID.randomUUID().toString();
        Desk desk = new Desk(node.map(name -> name + "." + id).orElse(id));
        this.<ToSocket.Post>serve(deskAddress(desk.name()), message -> desk.deliver(message.body()));
        return desk;
    }

    public void toRoom(ShardId ownerShard, RoomCommand.Envelope message) {
        events.send(roomAddress(ownerShard), message, optionsFor(ownerShard));
    }

    public MessageConsumer<RoomCommand.Envelope> onRoomCommand(ShardId shard, Consumer<RoomCommand.Envelope> rooms) {
        return serve(roomAddress(shard), message -> rooms.accept(message.body()));
    }

    public void toBranch(RoomUpdate.Envelope message) {
        events.send(branchAddress(message.toShard()), message, optionsFor(message.toShard()));
    }

    public MessageConsumer<RoomUpdate.Envelope> onRoomUpdate(ShardId shard, Consumer<RoomUpdate.Envelope> branches) {
        return serve(branchAddress(shard), message -> branches.accept(message.body()));
    }

    /** To whoever watches rooms from outside, if anybody does on this node: each room's owner tells once. */
    public void report(RoomReport report) {
        events.publish(REPORTS, report, HERE);
    }

    public MessageConsumer<RoomReport> onReport(Consumer<RoomReport> watcher) {
        return events.<RoomReport>localConsumer(REPORTS).handler(message -> watcher.accept(message.body()));
    }

    /** Tells those on this node who have to do with it that another node is gone. */
    void tellLoss(String otherNode) {
        events.publish(LOSSES, new NodeQuestion.Lost(otherNode), HERE);
    }

    public MessageConsumer<?> onLoss(Consumer<String> watcher) {
        return events.<NodeQuestion.Lost>localConsumer(LOSSES)
                .handler(message -> watcher.accept(message.body().node()));
    }

    /** Whether what is said to and by that shard crosses from node to node. */
    public boolean isFar(ShardId shard) {
        return node.isPresent() && !shard.node().equals(node.get());
    }

    private DeliveryOptions optionsFor(String desk) {
        return node.isEmpty() || desk.startsWith(node.get() + ".") ? HERE : ANYWHERE;
    }

    private DeliveryOptions optionsFor(ShardId shard) {
        return isFar(shard) ? ANYWHERE : HERE;
    }

    private <T> Future<T> ask(String address, Object question, DeliveryOptions options, Class<T> answers) {
        return events.request(address, question, options).map(reply -> {
            if (reply.body() instanceof RecordCodec.Unreadable(var why)) {
                complaints.about(address, why);
                throw new WireRefusal(why);
            }
            return answers.cast(reply.body());
        });
    }

    private <T> MessageConsumer<T> serve(String address, Consumer<Message<T>> taker) {
        if (node.isEmpty()) {
            return events.<T>localConsumer(address).handler(taker::accept);
        }
        MessageConsumer<T> consumer = events.<T>consumer(address).handler(message -> {
            Object body = message.body();
            if (body instanceof RecordCodec.Unreadable(var why)) {
                complaints.about(address, why);
                if (message.replyAddress() != null) {
                    message.fail(UNREADABLE, why);
                }
            } else {
                taker.accept(message);
            }
        });
        registrations.add(consumer.completion());
        return consumer;
    }

    private static void reply(Message<?> message, Future<?> answer) {
        answer.onSuccess(record -> message.reply(record, ANYWHERE))
                .onFailure(cause -> message.fail(0, String.valueOf(cause.getMessage())));
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

    private static String nodeAddress(String node) {
        return "weir.node." + node;
    }

    private static String deskAddress(String desk) {
        return "weir.desks." + desk;
    }
}
