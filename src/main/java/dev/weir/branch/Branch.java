package dev.weir.branch;

import dev.weir.media.Slots;
import dev.weir.media.Track;
import dev.weir.peer.Deadlines;
import dev.weir.peer.Traffic;
import dev.weir.sdp.MediaOffer;
import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.Request;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomFigures;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomPlace;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.ShardRequest;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import dev.weir.signal.ToSocket;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * What one shard holds of one room. Follows the room's updates in their order, serves the sessions that sit here, and
 * forwards between their peers. Owned by the shard's loop.
 */
public final class Branch {
    /** Where a branch's words go. Must not call back. */
    public interface Output {
        void toRoom(ShardId ownerShard, RoomCommand.Envelope command);

        /** Each socket's in the order of the list; what is for many comes as one list. */
        void toSockets(List<ToSocket.Letter> letters);

        /** People came or went. */
        void load(int people);

        /** A peer is closed; this is all that passed through it. */
        void closed(Traffic traffic);

        /** A viewer's picture goes on in another layer. By index, of simulcast or SVC. */
        void switched(int from, int to);

        /** A change of state, for the log. */
        void noted(String participantId, String what);
    }

    /** How long a first word may wait to be noticed. */
    private static final long VOICES_NANOS = 10_000_000;

    private static final ShardAnswer DONE = new ShardAnswer.Done();

    private final RoomPlace place;
    private final BranchSettings settings;
    private final Output output;
    private final Roster roster = new Roster();
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final Map<String, Session> byParticipant = new HashMap<>();
    private final Entrance entrance = new Entrance(this);
    private final Departures departures = new Departures(this, entrance, sessions, byParticipant);
    private final Figures figures = new Figures();
    private final CodecAccord codecs = new CodecAccord();
    private final Asks asks = new Asks();
    private final News news = new News(this);
    private final HttpSessions http = new HttpSessions(this);
    /** Who has the floor here as the room knows, by breakout room. */
    private final Map<String, String> loudest = new HashMap<>();

    private RoomOptions options;
    private Stage stage;
    private final Deadlines.Timer timer;
    private long nextNumber = 1;
    private long lastUpdate;

    /** @param options of the room, should it not exist yet */
    public Branch(RoomPlace place, RoomOptions options, BranchSettings settings, Output output) {
        this.place = place;
        this.options = options;
        this.settings = settings;
        this.output = output;
        this.timer = settings.peers().deadlines().timer(this::onTimeout);
        toRoom(new RoomCommand.Attach(options));
    }

    public RoomPlace place() {
        return place;
    }

    /** Lets someone in, or asks the room to; the answer may come at once or with the room's. */
    public void join(long now, ShardRequest.Join join, Consumer<ShardAnswer> reply) {
        entrance.join(now, join, reply);
    }

    /** @return null when there is no such session here */
    public Session session(String sessionId) {
        return sessions.get(sessionId);
    }

    public ShardAnswer offer(
            long now, Session session, MediaOffer offer, List<ShardRequest.TrackDeclaration> declared) {
        if (!session.in()) {
            return new ShardAnswer.Refused(ErrorCode.CONFLICT, "not in the room");
        }
        if (!declared.isEmpty() && !session.role().maySend()) {
            return new ShardAnswer.Refused(
                    ErrorCode.FORBIDDEN, "a " + session.role().word() + " may not publish");
        }
        Map<String, Source> sources = new HashMap<>();
        declared.forEach(declaration -> sources.put(declaration.mid(), declaration.source()));
        Map<String, Publication> added = session.offer(now, offer, sources);
        announce(session, offer, added);
        List<ShardAnswer.TrackId> tracks = session.publications().stream()
                .map(publication -> new ShardAnswer.TrackId(
                        publication.mid(), publication.track().trackId()))
                .toList();
        return new ShardAnswer.Answered(http.answer(session), tracks);
    }

    /** From now on the session has no socket, and is there while its media is. */
    public ShardAnswer liveByMedia(long now, Session session, ShardRequest.LiveByMedia how) {
        return http.liveByMedia(now, session, how);
    }

    /** What a client without a socket asks. */
    public ShardAnswer ask(long now, Session session, ShardRequest.OfHttp ask) {
        return http.ask(now, session, ask);
    }

    /** @param reply is told at once, or when the room has answered */
    public void ask(long now, Session session, Request request, Consumer<ShardAnswer> reply) {
        boolean givesUp = session.waits() && request instanceof Request.Leave;
        if (!session.in() && !givesUp) {
            reply.accept(new ShardAnswer.Refused(ErrorCode.CONFLICT, "not in the room"));
            return;
        }
        switch (request) {
            case Request.View view -> {
                session.view(now, view);
                reply.accept(DONE);
            }
            case Request.Mute(var trackId, var muted) -> {
                boolean owns = session.publication(trackId) != null;
                if (owns) {
                    toRoom(new RoomCommand.Mute(session.participantId(), trackId, muted));
                }
                reply.accept(owns ? DONE : notYours(trackId));
            }
            case Request.Unpublish(var trackId) -> {
                Publication publication = session.publication(trackId);
                if (publication != null) {
                    session.unpublish(now, publication);
                }
                reply.accept(publication != null ? DONE : notYours(trackId));
            }
            case Request.Quality quality ->
                reply.accept(
                        session.report(now, quality)
                                ? DONE
                                : new ShardAnswer.Refused(ErrorCode.RATE_LIMITED, "quality is taken once a second"));
            case Request.Leave _ -> {
                departures.leave(now, session, LeaveReason.LEFT);
                sessions.remove(session.sessionId());
                reply.accept(DONE);
            }
            case RoomRequest ofRoom -> asks.ask(this, session.participantId(), ofRoom, reply);
        }
    }

    public ShardAnswer reach(Session session) {
        return new ShardAnswer.Reached(session.seq());
    }

    /** @return whether it was his socket now: one that was replaced does not matter */
    public boolean socketGone(long now, Session session, String socketId, boolean properly) {
        return session.socketGone(now, socketId, properly);
    }

    /** His right to be here has ended, and his media with it; with a new token he may come back. */
    public void expire(long now, Session session) {
        if (session.in() || session.waits()) {
            departures.leave(now, session, LeaveReason.EXPIRED);
        }
    }

    /** What the room says happened. Repeats and words of another epoch are dropped. */
    public void onUpdate(long now, RoomUpdate.Envelope envelope) {
        if (envelope.epoch() != place.epoch() || envelope.number() <= lastUpdate) {
            return;
        }
        if (stage == null && !begins(envelope.update())) {
            // Meant for the branch that was here before, and numbered for it.
            return;
        }
        lastUpdate = envelope.number();
        switch (envelope.update()) {
            case RoomUpdate.Attached state -> {
                options = state.options();
                stage = new Stage(options.audioSlots());
                timer.at(now);
                roster.reset(state.state());
            }
            case RoomUpdate.NotHere _ -> {
                entrance.close();
                asks.close();
                sessions.clear();
            }
            case RoomUpdate.Waits(var participantId) -> entrance.waits(participantId);
            case RoomUpdate.Denied(var participantId) -> entrance.denied(now, participantId);
            case RoomUpdate.Answer(var askId, var answer) -> asks.answered(askId, answer);
            case RoomUpdate.Told(var participantId, var event) -> {
                Session session = byParticipant.get(participantId);
                if (session != null) {
                    session.tell(now, event);
                }
            }
            case RoomUpdate.JoinRefused(var participantId, var code, var message) ->
                forget(entrance.refused(participantId, code, message));
            case RoomUpdate.Happened(var event) -> news.happened(now, event);
        }
    }

    private static boolean begins(RoomUpdate update) {
        return update instanceof RoomUpdate.Attached || update instanceof RoomUpdate.NotHere;
    }

    /** The room is over, by its own word or as a newer one of its name shows. */
    public void end(long now) {
        asks.close();
        departures.endRoom(now);
    }

    /** Whether there is nobody here and nobody who may come back. */
    public boolean over() {
        return sessions.isEmpty() && entrance.isEmpty();
    }

    /** The branch's last word. */
    public void detach() {
        if (!entrance.isClosed()) {
            toRoom(new RoomCommand.Detach());
        }
    }

    /** Ends every connection here, as the shard stops. */
    public void close(long now) {
        sessions.values().forEach(session -> session.closePeer(now));
    }

    private void onTimeout(long now) {
        if (stage == null) {
            return;
        }
        if (stage.onTimeout(now)) {
            sessions.values().forEach(session -> session.hearNow(now));
        }
        figures.onTimeout(now, sessions.values());
        if (codecs.isDue(now)) {
            codecs.onTimeout(now, new BranchPictures(now, options, roster, stage, byParticipant, this::toRoom));
        }
        if (stage.takeFloorMoved()) {
            tellSpeakers();
        }
        if (stage.hasVoices()) {
            timer.at(now + VOICES_NANOS);
        } else {
            timer.about(now + CodecAccord.INTERVAL_NANOS);
        }
    }

    /** All that passes through the peers here, for the shard's counters. */
    public List<Traffic> traffic() {
        return sessions.values().stream()
                .filter(session -> session.peer() != null)
                .map(session -> session.peer().traffic())
                .toList();
    }

    /** What the paths to the viewers here carry, in bits per second, as far as that is known. */
    public LongStream estimates() {
        return sessions.values().stream()
                .filter(session -> session.peer() != null)
                .mapToLong(session -> session.peer().estimateBps())
                .filter(bps -> bps != Long.MAX_VALUE);
    }

    public RoomFigures figures(long now) {
        return figures.read(now, sessions.values());
    }

    void closed(Session session, Traffic traffic) {
        figures.closed(session.participantId(), traffic);
        output.closed(traffic);
    }

    public List<Snapshot.Track> tracks() {
        return roster.tracks();
    }

    public int people() {
        return byParticipant.size();
    }

    BranchSettings settings() {
        return settings;
    }

    Output output() {
        return output;
    }

    RoomOptions options() {
        return options;
    }

    void options(RoomOptions changed) {
        options = changed;
    }

    Roster roster() {
        return roster;
    }

    Departures departures() {
        return departures;
    }

    Stage stage() {
        return stage;
    }

    /** Those who sit here and are in the room. */
    Collection<Session> inRoom() {
        return byParticipant.values();
    }

    /** Null: he does not sit here, or is not in the room. */
    Session participant(String participantId) {
        return byParticipant.get(participantId);
    }

    List<Slots.Wish> wishes(Session session) {
        return Wishes.of(session, stage, roster);
    }

    List<Track> voicesFor(Session session) {
        return Wishes.voices(session, stage, roster);
    }

    Track screenAudioFor(Session session) {
        return Wishes.screenAudio(session, stage, roster);
    }

    void withdrew(long now, Session session, Track track) {
        stage.remove(now, track);
        toRoom(new RoomCommand.Unpublish(session.participantId(), track.trackId()));
    }

    /** The session that this resume token is of, or null. */
    Session redeemed(String token) {
        Session session = sessions.get(ClientLine.sessionIdIn(token));
        return session != null && session.line().redeems(token) ? session : null;
    }

    Session newSession(ShardRequest.Join join, String participantId) {
        Session session = new Session(
                this,
                settings.newId(),
                participantId,
                join.socketId(),
                join.identity(),
                join.displayName(),
                join.capabilities());
        sessions.put(session.sessionId(), session);
        return session;
    }

    /** @param resume the token by which he comes back */
    ShardAnswer.Joined joined(Session session, String resume, boolean resumed, long seq) {
        return new ShardAnswer.Joined(
                session.sessionId(),
                session.participantId(),
                session.role(),
                // Until browsers can connect to each other every mode is served by the server.
                "sfu",
                resume,
                resumed,
                seq,
                Sight.of(session, options, roster));
    }

    private void announce(Session session, MediaOffer offer, Map<String, Publication> added) {
        added.values()
                .forEach(publication -> stage.add(
                        publication.track(), publication.source(), roster.whereabouts(session.participantId())));
        timer.at(0);
        if (!added.isEmpty()) {
            toRoom(new RoomCommand.Publish(Announcement.of(session.participantId(), offer, added)));
        }
    }

    private static ShardAnswer notYours(String trackId) {
        return new ShardAnswer.Refused(ErrorCode.NOT_FOUND, "you publish no track " + trackId);
    }

    private void forget(Session session) {
        if (session != null) {
            sessions.remove(session.sessionId());
        }
    }

    void entered(Event.ParticipantJoin join) {
        Session session = entrance.entered(join.participantId(), join.role());
        if (session != null) {
            byParticipant.put(session.participantId(), session);
            output.load(1);
            output.noted(session.participantId(), "joined as " + join.role().word());
        }
    }

    private void tellSpeakers() {
        Map<String, Snapshot.Speaker> speakers = stage.speakers();
        for (String silent : List.copyOf(loudest.keySet())) {
            if (!speakers.containsKey(silent)) {
                loudest.remove(silent);
                toRoom(new RoomCommand.Loudest(silent, null, 0));
            }
        }
        speakers.forEach((breakout, speaker) -> {
            if (!speaker.participantId().equals(loudest.put(breakout, speaker.participantId()))) {
                toRoom(new RoomCommand.Loudest(breakout, speaker.participantId(), speaker.audioLevel()));
            }
        });
    }

    void toRoom(RoomCommand command) {
        output.toRoom(
                place.ownerShard(),
                new RoomCommand.Envelope(place.room(), place.epoch(), settings.shard(), nextNumber++, command));
    }
}
