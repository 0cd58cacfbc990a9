package dev.weir.shard;

import dev.weir.branch.Branch;
import dev.weir.branch.BranchSettings;
import dev.weir.cluster.Bus;
import dev.weir.cluster.Directory;
import dev.weir.peer.Traffic;
import dev.weir.rtp.MediaKind;
import dev.weir.signal.CloseCode;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Measure;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomFigures;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.ToSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The branches on this shard, and which session is in which. */
final class Branches {
    /** How often sessions that are over are forgotten, in rooms that go on, and the viewers' estimates counted. */
    private static final long REVIEW_INTERVAL_NANOS = 1_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Branches.class);

    private final BranchSettings settings;
    private final Bus bus;
    private final Directory directory;
    private final Counters counters;
    private final LoopWatch watch;
    private final JoinQueue joins;
    private final Map<String, Branch> byRoom = new HashMap<>();
    private final Map<String, Branch> bySession = new HashMap<>();
    private long nextReview;

    Branches(
            BranchSettings settings,
            Bus bus,
            Directory directory,
            Counters counters,
            LoopWatch watch,
            JoinQueue joins) {
        this.settings = settings;
        this.bus = bus;
        this.directory = directory;
        this.counters = counters;
        this.watch = watch;
        this.joins = joins;
    }

    void onRequest(long now, ShardRequest request, Consumer<ShardAnswer> reply) {
        switch (request) {
            case ShardRequest.Join join -> joins.offer(now, join.resume() != null, new Entrant(join, reply));
            case ShardRequest.Offer(var id, var offer, var tracks) ->
                inSession(id, reply, branch -> reply.accept(branch.offer(now, branch.session(id), offer, tracks)));
            case ShardRequest.Ask(var id, var asked) ->
                inSession(id, reply, branch -> branch.ask(now, branch.session(id), asked, reply));
            case ShardRequest.LiveByMedia how ->
                inSession(
                        how.sessionId(),
                        reply,
                        branch -> reply.accept(branch.liveByMedia(now, branch.session(how.sessionId()), how)));
            case ShardRequest.OfHttp ask ->
                inSession(
                        ask.sessionId(),
                        reply,
                        branch -> reply.accept(branch.ask(now, branch.session(ask.sessionId()), ask)));
            case ShardRequest.SocketGone(var id, var socketId, var closeCode) ->
                inSession(id, reply, branch -> {
                    var session = branch.session(id);
                    boolean last = branch.socketGone(now, session, socketId, closeCode == 1000 || closeCode == 1001);
                    if (last && closeCode == CloseCode.TOKEN_EXPIRED.code()) {
                        branch.expire(now, session);
                    }
                    reply.accept(new ShardAnswer.Done());
                });
            case ShardRequest.Reach(var id) ->
                inSession(id, reply, branch -> reply.accept(branch.reach(branch.session(id))));
            case ShardRequest.Figures(var room) -> {
                Branch branch = byRoom.get(room);
                reply.accept(new ShardAnswer.Figured(branch == null ? RoomFigures.NONE : branch.figures(now)));
            }
            case ShardRequest.Measures _ -> reply.accept(new ShardAnswer.Measured(measures()));
        }
    }

    void onUpdate(long now, RoomUpdate.Envelope envelope) {
        Branch branch = byRoom.get(envelope.room());
        if (branch != null) {
            branch.onUpdate(now, envelope);
        }
    }

    /** Lets go what is over. */
    void onTimeout(long now) {
        for (Branch branch : List.copyOf(byRoom.values())) {
            if (branch.over()) {
                branch.detach();
                byRoom.remove(branch.place().room(), branch);
                bySession.values().removeIf(home -> home == branch);
            }
        }
        if (now >= nextReview) {
            nextReview = now + REVIEW_INTERVAL_NANOS;
            bySession.entrySet().removeIf(entry -> entry.getValue().session(entry.getKey()) == null);
            byRoom.values().forEach(branch -> branch.estimates().forEach(counters::estimated));
        }
    }

    void close(long now) {
        byRoom.values().forEach(branch -> branch.close(now));
        byRoom.clear();
        bySession.clear();
    }

    private void join(long now, ShardRequest.Join join, Consumer<ShardAnswer> reply) {
        Branch branch = byRoom.get(join.place().room());
        if (branch == null || branch.place().epoch() < join.place().epoch()) {
            if (branch != null) {
                // Its room is over, and this join was faster than the word of it.
                branch.end(now);
            }
            branch = new Branch(join.place(), join.options(), settings, new Words(join.place()));
            byRoom.put(join.place().room(), branch);
        }
        Branch home = branch;
        home.join(now, join, answer -> {
            if (answer instanceof ShardAnswer.Joined joined) {
                bySession.put(joined.sessionId(), home);
            } else if (answer instanceof ShardAnswer.Waiting waiting) {
                bySession.put(waiting.sessionId(), home);
            }
            reply.accept(answer);
        });
    }

    private void inSession(String sessionId, Consumer<ShardAnswer> reply, Consumer<Branch> then) {
        Branch branch = bySession.get(sessionId);
        if (branch == null || branch.session(sessionId) == null) {
            bySession.remove(sessionId);
            reply.accept(new ShardAnswer.Refused(ErrorCode.NOT_FOUND, "this session is over: join again"));
        } else {
            then.accept(branch);
        }
    }

    private List<Measure> measures() {
        List<Traffic> live = new ArrayList<>();
        int people = 0;
        int audio = 0;
        int video = 0;
        for (Branch branch : byRoom.values()) {
            live.addAll(branch.traffic());
            people += branch.people();
            for (var track : branch.tracks()) {
                if (track.source().kind() == MediaKind.AUDIO) {
                    audio++;
                } else {
                    video++;
                }
            }
        }
        List<Measure> measures = new ArrayList<>(counters.measures(live));
        watch.addTo(measures);
        gauge(measures, "weir_joins_queued", Map.of(), joins.queued());
        measures.add(new Measure.Counter("weir_joins_refused_total", Map.of(), joins.refused()));
        gauge(measures, "weir_participants", Map.of(), people);
        gauge(measures, "weir_sessions", Map.of(), bySession.size());
        gauge(measures, "weir_tracks", Map.of("kind", "audio"), audio);
        gauge(measures, "weir_tracks", Map.of("kind", "video"), video);
        gauge(measures, "weir_store_bytes", Map.of(), settings.storeTakenBytes());
        gauge(
                measures,
                "weir_rtt_seconds",
                Map.of(),
                live.stream().mapToDouble(Traffic::rttSeconds).max().orElse(0));
        gauge(
                measures,
                "weir_jitter_seconds",
                Map.of(),
                live.stream().mapToDouble(Traffic::jitterSeconds).max().orElse(0));
        return measures;
    }

    private static void gauge(List<Measure> measures, String name, Map<String, String> labels, double value) {
        measures.add(new Measure.Gauge(name, labels, value));
    }

    /** Somebody whose turn comes when the loop has time for him. */
    private final class Entrant implements JoinQueue.Join {
        private final ShardRequest.Join join;
        private final Consumer<ShardAnswer> reply;

        Entrant(ShardRequest.Join join, Consumer<ShardAnswer> reply) {
            this.join = join;
            this.reply = reply;
        }

        @Override
        public void begin(long now) {
            join(now, join, reply);
        }

        @Override
        public void refuse(long retryAfterMs) {
            reply.accept(new ShardAnswer.Refused(
                    ErrorCode.UNAVAILABLE, "Too many are coming in just now; try again.", retryAfterMs));
        }
    }

    /** One branch's words, on their way over the bus. */
    private final class Words implements Branch.Output {
        private final RoomPlace place;

        Words(RoomPlace place) {
            this.place = place;
        }

        @Override
        public void toRoom(ShardId ownerShard, RoomCommand.Envelope command) {
            bus.toRoom(ownerShard, command);
        }

        @Override
        public void toSockets(List<ToSocket.Letter> letters) {
            bus.toSockets(letters);
        }

        @Override
        public void load(int people) {
            directory.addLoad(settings.shard(), people);
        }

        @Override
        public void closed(Traffic traffic) {
            counters.closed(traffic);
        }

        @Override
        public void switched(int from, int to) {
            counters.switched(from, to);
        }

        @Override
        public void noted(String participantId, String what) {
            LOG.info("room={} participant={} {}", place.room(), participantId, what);
        }
    }
}
