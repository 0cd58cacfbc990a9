package dev.weir.sim;

import dev.weir.branch.Branch;
import dev.weir.branch.BranchSettings;
import dev.weir.dtls.DtlsCertificate;
import dev.weir.dtls.DtlsConnection;
import dev.weir.dtls.LockstepDtls;
import dev.weir.ice.IceAgent;
import dev.weir.ice.Route;
import dev.weir.peer.Deadlines;
import dev.weir.peer.DropReason;
import dev.weir.peer.Peer;
import dev.weir.peer.PeerSettings;
import dev.weir.peer.RunBuffers;
import dev.weir.peer.RunLimits;
import dev.weir.peer.Traffic;
import dev.weir.room.Room;
import dev.weir.room.RoomSettings;
import dev.weir.room.RoomTimes;
import dev.weir.rtp.NtpTime;
import dev.weir.sdp.MediaAnswer;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.Capabilities;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.Request;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.RoomReport;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.ToSocket;
import dev.weir.srtp.Ciphers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;

/** What a shard is to a room and a branch, without a loop and sockets: routes, a tick, and messages handed on in turn. */
final class SimServer implements Branch.Output, Room.Output, Peer.Output {
    static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.1", 3478);

    /** As a shard ticks. */
    private static final long TICK_NANOS = 5_000_000;

    /** How soon runs that stay open at the end of a turn are looked at again. */
    private static final long FLUSH_NANOS = 500_000;

    static final ShardId SHARD = new ShardId("here", 0);
    static final RoomPlace PLACE = new RoomPlace("simulated", SHARD, SHARD, 1);

    private final SimNetwork network;
    private final Queue<Runnable> messages = new ArrayDeque<>();
    private final Map<Route, Peer> byRoute = new HashMap<>();
    private final Map<String, Peer> byUfrag = new HashMap<>();
    private final Map<String, List<Event>> events = new HashMap<>();
    private final Map<DropReason, Integer> drops = new EnumMap<>(DropReason.class);
    private final RoomOptions options;
    private final Ciphers ciphers;
    private final ByteBufAllocator buffers;
    private final RunBuffers runBuffers;
    final Garbage garbage = new Garbage();
    private final Room room;
    private final Branch branch;
    private long now;
    private final Deadlines deadlines = new Deadlines(mistake -> {
        throw mistake;
    });
    private long nextTick;
    private final List<Peer> gathering = new ArrayList<>();
    private long nextFlush = Long.MAX_VALUE;
    private long runs;
    private long runPackets;
    private int handshakes;
    private Traffic closed = Traffic.NONE;

    SimServer(
            SimNetwork network,
            LockstepDtls lockstep,
            SecureRandom random,
            ByteBufAllocator buffers,
            Ciphers ciphers,
            RoomOptions options) {
        this.network = network;
        this.ciphers = ciphers;
        this.buffers = buffers;
        this.runBuffers = new RunBuffers(buffers);
        this.options = options;
        network.attach(ADDRESS, this::onDatagram);
        PeerSettings peers = new PeerSettings(
                DtlsCertificate.generate(random),
                peer -> lockstep.threads(() -> peer.onDtls(now)),
                random,
                ciphers,
                buffers,
                runBuffers,
                NtpTime.UNIX_EPOCH_NANOS,
                RunLimits.DEFAULT,
                deadlines,
                this);
        MediaAnswer.Candidate candidate =
                new MediaAnswer.Candidate("1", 1, ADDRESS.getAddress().getHostAddress(), ADDRESS.getPort());
        BranchSettings settings = BranchSettings.of(SHARD, peers, 64 << 20, () -> List.of(candidate), random);
        room = new Room(
                0, PLACE.room(), PLACE.epoch(), options, new RoomSettings(Instant.EPOCH, random, RoomTimes.DEFAULT));
        branch = new Branch(PLACE, options, settings, this);
        handOn();
    }

    ShardAnswer.Joined join(long now, String name) {
        this.now = now;
        List<ShardAnswer> answers = new ArrayList<>();
        Capabilities any = Capabilities.UNKNOWN;
        branch.join(now, new ShardRequest.Join(PLACE, options, name, Identity.OPEN, name, any, null), answers::add);
        handOn();
        return (ShardAnswer.Joined) answers.getFirst();
    }

    ShardAnswer.Answered offer(
            long now, String sessionId, MediaOffer offer, List<ShardRequest.TrackDeclaration> tracks) {
        this.now = now;
        ShardAnswer answer = branch.offer(now, branch.session(sessionId), offer, tracks);
        handOn();
        return (ShardAnswer.Answered) answer;
    }

    ShardAnswer ask(long now, String sessionId, Request request) {
        this.now = now;
        List<ShardAnswer> answers = new ArrayList<>();
        branch.ask(now, branch.session(sessionId), request, answers::add);
        handOn();
        return answers.getFirst();
    }

    boolean hasSession(String sessionId) {
        return branch.session(sessionId) != null;
    }

    /** Asks what is answered at once. */
    ShardAnswer ask(long now, Function<Branch, ShardAnswer> asked) {
        this.now = now;
        ShardAnswer answer = asked.apply(branch);
        handOn();
        return answer;
    }

    long nextTimeout() {
        return Math.min(nextFlush, nextTick);
    }

    void onTimeout(long now) {
        this.now = now;
        if (now >= nextFlush) {
            endTurn();
        }
        if (now >= nextTick) {
            nextTick = now + TICK_NANOS;
            garbage.enter(Garbage.Work.DEADLINES);
            deadlines.advance(now);
            garbage.leave();
            if (now >= room.nextTimeout()) {
                room.onTimeout(now, this);
            }
            handOn();
        }
    }

    /** Hands on what room and branch have said to each other, and what was gathered to be sent. */
    void handOn() {
        while (!messages.isEmpty()) {
            messages.poll().run();
        }
        endTurn();
    }

    void at(long time) {
        now = time;
    }

    void close(long now) {
        this.now = now;
        branch.close(now);
        handOn();
        runBuffers.close();
    }

    /** Protectors and unprotectors that nobody closed. */
    int openCiphers() {
        return ciphers.live();
    }

    List<Snapshot.Track> tracks() {
        return branch.tracks();
    }

    /** What one participant was told, in order. */
    List<Event> events(String name) {
        return events.getOrDefault(name, List.of());
    }

    Map<DropReason, Integer> drops() {
        return drops;
    }

    int handshakes() {
        return handshakes;
    }

    int routes() {
        return byRoute.size();
    }

    int ufrags() {
        return byUfrag.size();
    }

    Traffic traffic() {
        return branch.traffic().stream().reduce(closed, Traffic::plus);
    }

    private void onDatagram(long now, Route from, ByteBuf datagram) {
        this.now = now;
        Peer peer = byRoute.get(from);
        if (IceAgent.looksLikeStun(datagram)) {
            peer = byUfrag.getOrDefault(IceAgent.localUfrag(datagram), peer);
        }
        if (peer == null) {
            dropped(DropReason.UNKNOWN_SOURCE);
        } else {
            boolean media = !IceAgent.looksLikeStun(datagram) && !DtlsConnection.looksLikeDtls(datagram);
            int type = datagram.getUnsignedByte(datagram.readerIndex() + 1);
            if (media) {
                garbage.enter((type & 0xe0) == 0xc0 ? Garbage.Work.CONTROL : Garbage.Work.MEDIA);
            }
            peer.onDatagram(now, from, datagram);
            if (media) {
                garbage.leave();
            }
        }
        handOn();
    }

    @Override
    public void toRoom(ShardId ownerShard, RoomCommand.Envelope command) {
        messages.add(() -> room.onCommand(now, command, this));
    }

    @Override
    public void send(RoomUpdate.Envelope update) {
        messages.add(() -> branch.onUpdate(now, update));
    }

    @Override
    public void toSockets(List<ToSocket.Letter> letters) {
        for (ToSocket.Letter letter : letters) {
            if (letter.message() instanceof ToSocket.Deliver deliver) {
                events.computeIfAbsent(letter.socketId(), _ -> new ArrayList<>())
                        .add(deliver.event());
            }
        }
    }

    @Override
    public void load(int people) {
        // One shard has nothing to balance.
    }

    @Override
    public void closed(Traffic traffic) {
        closed = closed.plus(traffic);
    }

    @Override
    public void switched(int from, int to) {}

    @Override
    public void noted(String participantId, String what) {
        // For a log.
    }

    @Override
    public void reported(RoomReport report) {}

    @Override
    public void ended(Room room) {
        // The room's end is not what is simulated here.
    }

    @Override
    public void send(Route to, ByteBuf datagram) {
        garbage.pause();
        network.send(now, to, datagram);
        garbage.resume();
    }

    /** As a device does it that segments. */
    @Override
    public boolean sendRun(Route to, ByteBuf run, int segmentBytes, int packets, long since) {
        garbage.pause();
        int sent = 0;
        while (run.isReadable()) {
            network.send(now, to, copy(run, Math.min(segmentBytes, run.readableBytes())));
            sent++;
        }
        run.release();
        if (sent != packets) {
            throw new AssertionError(sent + " packets in a run of " + packets);
        }
        runs++;
        runPackets += packets;
        garbage.resume();
        return true;
    }

    /** As the kernel takes it: the run is free for the next at once. */
    private ByteBuf copy(ByteBuf run, int bytes) {
        return buffers.directBuffer(bytes).writeBytes(run, bytes);
    }

    @Override
    public void turns(Peer peer) {
        garbage.pause();
        gathering.add(peer);
        garbage.resume();
    }

    /** The turn of the loop is over. */
    private void endTurn() {
        List<Peer> open = List.copyOf(gathering);
        gathering.clear();
        for (Peer peer : open) {
            garbage.enter(Garbage.Work.END_OF_TURN);
            boolean more = peer.endTurn(now);
            garbage.leave();
            if (more) {
                gathering.add(peer);
            }
        }
        nextFlush = gathering.isEmpty() ? Long.MAX_VALUE : now + FLUSH_NANOS;
    }

    @Override
    public void expects(Peer peer, String ufrag) {
        byUfrag.put(ufrag, peer);
    }

    @Override
    public void retired(String ufrag) {
        byUfrag.remove(ufrag);
    }

    @Override
    public void routed(Peer peer, Route route) {
        byRoute.put(route, peer);
    }

    @Override
    public void unrouted(Peer peer, Route route) {
        byRoute.remove(route, peer);
    }

    @Override
    public void handshake(boolean completed) {
        handshakes += completed ? 1 : 0;
    }

    @Override
    public void dropped(DropReason reason) {
        garbage.pause();
        drops.merge(reason, 1, Integer::sum);
        garbage.resume();
    }
}
