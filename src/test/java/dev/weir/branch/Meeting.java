package dev.weir.branch;

import dev.weir.dtls.DtlsCertificate;
import dev.weir.dtls.DtlsConnection;
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
import dev.weir.rtp.Codec;
import dev.weir.rtp.MediaKind;
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
import dev.weir.signal.Source;
import dev.weir.signal.ToSocket;
import dev.weir.srtp.Ciphers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** A real room and one branch of it in simulated time, with sockets that are lists. Connections never complete. */
final class Meeting implements Branch.Output, Room.Output {
    static final long MILLISECOND = 1_000_000;
    static final ShardId SHARD = new ShardId("here", 4);
    static final RoomPlace PLACE = new RoomPlace("meeting", new ShardId("here", 1), SHARD, 3);

    private static final DtlsCertificate CERTIFICATE = DtlsCertificate.generate(new SecureRandom());

    /** What each socket was sent. */
    final Map<String, List<ToSocket>> sockets = new HashMap<>();

    /** The same as it was handed over: what is for many at once. */
    final List<List<ToSocket.Letter>> posts = new ArrayList<>();

    /** What the branch told the room. */
    final List<RoomCommand> commands = new ArrayList<>();

    int people;
    int closedPeers;
    long now;

    /** Words on their way, in order. */
    private final Deque<Runnable> underway = new ArrayDeque<>();

    private final Room room;
    private Branch branch;
    private Deadlines deadlines;

    Meeting() {
        this(RoomOptions.defaults("meeting"));
    }

    Meeting(RoomOptions options) {
        room = new Room(
                0,
                "meeting",
                PLACE.epoch(),
                options,
                new RoomSettings(Instant.EPOCH, new Random(1), RoomTimes.DEFAULT));
        branch = newBranch();
        settle();
    }

    static RoomOptions smallRoom(int maxParticipants) {
        RoomOptions options = RoomOptions.defaults("meeting");
        return new RoomOptions(
                options.name(),
                maxParticipants,
                options.mode(),
                options.autoSfuThreshold(),
                options.p2pReturnDelayMs(),
                options.adaptiveQuality(),
                options.simulcast(),
                options.codecs(),
                options.audioSlots(),
                options.maxViewers(),
                options.waitingRoom(),
                options.locked(),
                options.e2ee());
    }

    Branch branch() {
        return branch;
    }

    Branch newBranch() {
        branch = new Branch(PLACE, RoomOptions.defaults("meeting"), settings(), this);
        return branch;
    }

    /** Delivers all that is under way, and what comes of it. */
    void settle() {
        while (!underway.isEmpty()) {
            underway.removeFirst().run();
        }
    }

    /** Time passes as on a shard, which looks at its branches every few milliseconds. */
    void pass(long millis) {
        long end = now + millis * MILLISECOND;
        while (now < end) {
            now = Math.min(end, now + 50 * MILLISECOND);
            deadlines.advance(now);
            if (now >= room.nextTimeout()) {
                room.onTimeout(now, this);
            }
            settle();
        }
    }

    /** The answers so far: one, or none while the room has not answered. */
    List<ShardAnswer> ask(String socket, String name, Identity identity, ShardRequest.Resume resume) {
        List<ShardAnswer> answers = new ArrayList<>();
        ShardRequest.Join join = new ShardRequest.Join(
                PLACE, RoomOptions.defaults("meeting"), socket, identity, name, Capabilities.UNKNOWN, resume);
        branch.join(now, join, answers::add);
        return answers;
    }

    ShardAnswer.Joined join(String name) {
        return join("socket of " + name, name, null);
    }

    ShardAnswer.Joined join(String socket, String name, ShardRequest.Resume resume) {
        List<ShardAnswer> answers = ask(socket, name, Identity.OPEN, resume);
        settle();
        return (ShardAnswer.Joined) answers.getFirst();
    }

    ShardAnswer ask(ShardAnswer.Joined who, Request request) {
        return ask(who.sessionId(), request);
    }

    ShardAnswer ask(String sessionId, Request request) {
        List<ShardAnswer> answers = new ArrayList<>();
        branch.ask(now, branch.session(sessionId), request, answers::add);
        settle();
        return answers.getFirst();
    }

    /** Publishes these, each on the mid of its name, and takes two video slots and four of audio. */
    ShardAnswer offer(ShardAnswer.Joined who, Source... sources) {
        List<MediaOffer.Section> sections = new ArrayList<>();
        List<ShardRequest.TrackDeclaration> declared = new ArrayList<>();
        for (Source source : sources) {
            sections.add(section(source.word(), source.kind(), true));
            declared.add(new ShardRequest.TrackDeclaration(source.word(), source));
        }
        for (int i = 0; i < 2; i++) {
            sections.add(section("v" + i, MediaKind.VIDEO, false));
        }
        for (int i = 0; i < 4; i++) {
            sections.add(section("a" + i, MediaKind.AUDIO, false));
        }
        MediaOffer offer = new MediaOffer(
                "abcd",
                "passwordOfTwentyTwoChars",
                List.of(new MediaOffer.Hash("sha-256", CERTIFICATE.fingerprint().hex())),
                sections);
        ShardAnswer answer = branch.offer(now, branch.session(who.sessionId()), offer, declared);
        settle();
        return answer;
    }

    void socketGone(ShardAnswer.Joined who, String socket, boolean properly) {
        branch.socketGone(now, branch.session(who.sessionId()), socket, properly);
    }

    /** The events that a socket was sent. */
    List<Event> events(String socket) {
        return delivered(socket).map(ToSocket.Deliver::event).toList();
    }

    List<Long> seqs(String socket) {
        return delivered(socket).map(ToSocket.Deliver::seq).toList();
    }

    private Stream<ToSocket.Deliver> delivered(String socket) {
        return sockets.getOrDefault(socket, List.of()).stream()
                .filter(ToSocket.Deliver.class::isInstance)
                .map(ToSocket.Deliver.class::cast);
    }

    private static MediaOffer.Section section(String mid, MediaKind kind, boolean sending) {
        MediaOffer.Payload payload = kind == MediaKind.AUDIO
                ? new MediaOffer.Payload(111, Codec.OPUS, -1)
                : new MediaOffer.Payload(96, Codec.VP8, 97);
        List<String> rids = mid.equals("camera") ? List.of("q", "h", "f") : List.of();
        return new MediaOffer.Section(mid, kind, sending, true, List.of(payload), Map.of(), rids, List.of());
    }

    private BranchSettings settings() {
        deadlines = new Deadlines(mistake -> {
            throw mistake;
        });
        PeerSettings peers = new PeerSettings(
                CERTIFICATE,
                _ -> new NoThreads(),
                new SecureRandom(),
                Ciphers.jdk(),
                UnpooledByteBufAllocator.DEFAULT,
                new RunBuffers(UnpooledByteBufAllocator.DEFAULT),
                0,
                RunLimits.DEFAULT,
                deadlines,
                new NoSockets());
        return BranchSettings.of(SHARD, peers, 1 << 20, List::of, new SecureRandom());
    }

    @Override
    public void toRoom(ShardId ownerShard, RoomCommand.Envelope command) {
        commands.add(command.command());
        underway.add(() -> room.onCommand(now, command, this));
    }

    @Override
    public void send(RoomUpdate.Envelope update) {
        underway.add(() -> branch.onUpdate(now, update));
    }

    @Override
    public void toSockets(List<ToSocket.Letter> letters) {
        posts.add(letters);
        for (ToSocket.Letter letter : letters) {
            sockets.computeIfAbsent(letter.socketId(), _ -> new ArrayList<>()).add(letter.message());
        }
    }

    @Override
    public void load(int more) {
        people += more;
    }

    @Override
    public void closed(Traffic traffic) {
        closedPeers++;
    }

    @Override
    public void switched(int from, int to) {}

    @Override
    public void noted(String participantId, String what) {}

    @Override
    public void reported(RoomReport report) {}

    @Override
    public void ended(Room ended) {}

    /** Never runs a handshake. */
    private static final class NoThreads implements DtlsConnection.Threads {
        @Override
        public void start(Runnable handshake) {}

        @Override
        public void wake() {}
    }

    private static final class NoSockets implements Peer.Output {
        @Override
        public void send(Route to, ByteBuf datagram) {
            datagram.release();
        }

        @Override
        public boolean sendRun(Route to, ByteBuf run, int segmentBytes, int packets, long since) {
            run.release();
            return true;
        }

        @Override
        public void turns(Peer peer) {}

        @Override
        public void expects(Peer peer, String ufrag) {}

        @Override
        public void retired(String ufrag) {}

        @Override
        public void routed(Peer peer, Route route) {}

        @Override
        public void unrouted(Peer peer, Route route) {}

        @Override
        public void handshake(boolean completed) {}

        @Override
        public void dropped(DropReason reason) {}
    }
}
