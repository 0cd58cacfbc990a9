package dev.weir.shard;

import dev.weir.branch.BranchSettings;
import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.dtls.DtlsConnection;
import dev.weir.dtls.Waiting;
import dev.weir.ice.Route;
import dev.weir.peer.Deadlines;
import dev.weir.peer.Peer;
import dev.weir.peer.PeerSettings;
import dev.weir.peer.RunBuffers;
import dev.weir.room.RoomSettings;
import dev.weir.rtp.NtpTime;
import dev.weir.signal.Event;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.srtp.Ciphers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A media verticle: one event loop, one UDP port, the rooms it owns and the branches it holds. Here are the clock, the
 * timer and the sockets; everything else is told the time.
 */
public final class Shard extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    /** How often what is over is looked for among branches and rooms. */
    private static final long REVIEW_NANOS = 100_000_000;

    /** For each connection's own thread to have its close_notify sent, when the shard stops. */
    private static final long FAREWELL_MS = 100;

    private final ShardId id;
    private final ShardSettings settings;
    private final Bus bus;
    private final Directory directory;
    private final Counters counters = new Counters();
    private final LoopWatch watch;
    private final Routes routes = new Routes(counters);
    private final RunBuffers runBuffers = new RunBuffers(PooledByteBufAllocator.DEFAULT);
    private final OwnedRooms rooms;
    private final JoinQueue joins = new JoinQueue(JoinLimits.DEFAULT);
    private final long origin = System.nanoTime();
    private final Deadlines deadlines =
            new Deadlines(mistake -> LOG.error("what was due was not done, through a mistake of ours", mistake));
    private final Deadlines.Timer reviews = deadlines.timer(this::onReview);
    private final Deadlines.Timer joinTurns = deadlines.timer(this::onJoinsDue);
    private final Runnable flush = this::flush;
    private final Runnable runsAreDue = this::onRunsDue;
    private final Runnable onAlarm = this::onAlarm;
    private final Ciphers ciphers;

    private EventLoop loop;
    private Ports ports;
    private Branches branches;
    private ScheduledFuture<?> alarm;
    private long alarmAt = Long.MAX_VALUE;
    private long wokeUp;
    private boolean flushDue;
    private boolean runsDue;

    public Shard(ShardId id, ShardSettings settings, Bus bus, Directory directory) {
        this.id = id;
        this.watch = new LoopWatch(id.index());
        this.settings = settings;
        this.bus = bus;
        this.directory = directory;
        this.ciphers = settings.crypto().ciphers();
        RoomSettings ofRooms =
                new RoomSettings(Instant.now().minusNanos(now()), settings.random(), settings.roomTimes());
        this.rooms = new OwnedRooms(id, bus, directory, ofRooms);
    }

    @Override
    public Future<?> start() {
        loop = UdpPort.loopOf(context);
        int port = settings.udpPort() == 0 ? 0 : settings.udpPort() + id.index();
        ports = new Ports(
                vertx, context, port, settings.advertised(), settings.runs().maxPackets() > 1, new Receiver());
        routes.use(ports);
        branches = new Branches(
                BranchSettings.of(id, peerSettings(), settings.storeBytes(), ports::candidates, settings.random()),
                bus,
                directory,
                counters,
                watch,
                joins);
        return ports.open().onSuccess(_ -> {
            bus.serveShard(id, this::onRequest);
            bus.serveOwner(id, request -> rooms.onRequest(wake(), request));
            bus.onRoomCommand(id, this::onRoomCommand);
            bus.onRoomUpdate(id, this::onRoomUpdate);
            counters.segmenting(ports.segmenting());
            reviews.at(now());
            setAlarm(now());
        });
    }

    @Override
    public Future<?> stop() {
        branches.close(wake());
        return vertx.timer(FAREWELL_MS).compose(_ -> {
            flush();
            alarm.cancel(false);
            return ports.close().onComplete(_ -> runBuffers.close());
        });
    }

    private PeerSettings peerSettings() {
        Instant wall = Instant.now();
        long unixNanos = wall.getEpochSecond() * 1_000_000_000L + wall.getNano();
        return new PeerSettings(
                settings.certificate(),
                HandshakeThreads::new,
                settings.random(),
                ciphers,
                PooledByteBufAllocator.DEFAULT,
                runBuffers,
                NtpTime.UNIX_EPOCH_NANOS + unixNanos - now(),
                settings.runs(),
                deadlines,
                routes);
    }

    private Future<ShardAnswer> onRequest(ShardRequest request) {
        Promise<ShardAnswer> answer = Promise.promise();
        long begun = wake();
        if (request instanceof ShardRequest.Join) {
            joins.hold(settings.handshakes().isBehind());
        }
        branches.onRequest(begun, request, answer::complete);
        if (request instanceof ShardRequest.Join || request instanceof ShardRequest.Offer) {
            joins.spent(now() - begun);
            joinsDue(begun);
        }
        return answer.future();
    }

    private void onRoomCommand(RoomCommand.Envelope envelope) {
        long begun = wake();
        rooms.onCommand(begun, envelope);
        if (envelope.command() instanceof RoomCommand.Join) {
            joins.spent(now() - begun);
        }
    }

    private void onRoomUpdate(RoomUpdate.Envelope envelope) {
        long begun = wake();
        branches.onUpdate(begun, envelope);
        if (envelope.update() instanceof RoomUpdate.Happened happened
                && happened.event() instanceof Event.ParticipantJoin) {
            joins.spent(now() - begun);
        }
    }

    private void onAlarm() {
        wokeUp = now();
        watch.onAlarm(wokeUp, alarmAt);
        alarm = null;
        alarmAt = Long.MAX_VALUE;
        flush();
    }

    /** The loop sleeps until something is due: there is no tick. */
    private void setAlarm(long now) {
        long due = deadlines.next();
        if (due >= alarmAt) {
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmAt = due;
        alarm = loop.schedule(onAlarm, Math.max(0, due - now), TimeUnit.NANOSECONDS);
    }

    private void onJoinsDue(long now) {
        long begun = now();
        joins.onTick(now, settings.handshakes().isBehind());
        joins.spent(now() - begun);
        joinsDue(now);
    }

    /** Those who wait begin as time is left for them: a few at a time, as often as the loop's clock ticks. */
    private void joinsDue(long now) {
        if (joins.queued() > 0) {
            joinTurns.at(now + Deadlines.TICK_NANOS);
        }
    }

    private void onReview(long now) {
        reviews.about(now + REVIEW_NANOS);
        branches.onTimeout(now);
        rooms.onTimeout(now);
    }

    /** What waited for the rest of a picture has waited long enough. */
    private void onRunsDue() {
        runsDue = false;
        wokeUp = now();
        flush();
    }

    private long now() {
        return System.nanoTime() - origin;
    }

    /** The time of this wake-up; what it sends leaves at the end of the turn. */
    private long wake() {
        wokeUp = now();
        if (!flushDue) {
            flushDue = true;
            loop.execute(flush);
        }
        return wokeUp;
    }

    private void flush() {
        flushDue = false;
        long now = now();
        if (now >= deadlines.next()) {
            wokeUp = now;
            deadlines.advance(now);
        }
        if (routes.endTurn(now) && !runsDue) {
            runsDue = true;
            loop.schedule(runsAreDue, settings.runs().boundNanos(), TimeUnit.NANOSECONDS);
        }
        if (counters.hasSent()) {
            ports.flush();
            counters.flushed(now());
        }
        setAlarm(now);
    }

    private final class Receiver implements UdpPort.Receiver {
        private boolean reading;

        @Override
        public void onDatagram(Route from, ByteBuf datagram) {
            if (!reading) {
                reading = true;
                wokeUp = now();
            }
            routes.onDatagram(wokeUp, from, datagram);
        }

        @Override
        public void onBatchEnd() {
            reading = false;
            flush();
        }
    }

    /** One peer's handshake on a virtual thread, which wakes this loop when there is something to take. */
    private final class HandshakeThreads implements DtlsConnection.Threads {
        private final Peer peer;

        HandshakeThreads(Peer peer) {
            this.peer = peer;
        }

        @Override
        public void start(Runnable handshake) {
            settings.handshakes().start(handshake);
        }

        @Override
        public Waiting waiting() {
            return settings.handshakes().waiting();
        }

        @Override
        public void wake() {
            loop.execute(() -> peer.onDtls(Shard.this.wake()));
        }
    }
}
