package dev.weir.room;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomReport;
import dev.weir.signal.RoomRequest;
import dev.weir.signal.RoomState;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.Roster;
import dev.weir.signal.ShardAnswer;
import dev.weir.signal.ShardId;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A room's control machine. Takes commands from branches, decides, and tells all branches what happened, in one order.
 * It holds no peer and no socket. Owned by the loop of its shard.
 */
public final class Room {
    /** Where a room's words go. Must not call back. */
    public interface Output {
        void send(RoomUpdate.Envelope update);

        void reported(RoomReport report);

        /** Nobody has been in for a while, or a host ended it: the room is to be forgotten. */
        void ended(Room room);
    }

    private static final ShardAnswer DONE = new ShardAnswer.Done();

    private static final class Link {
        long lastReceived;
        long nextNumber = 1;
    }

    private final String name;
    private final long epoch;
    private final Roster roster = new Roster();
    private final Map<ShardId, Link> branches = new LinkedHashMap<>();
    private final Map<String, ShardId> homes = new HashMap<>();
    private final Door door = new Door();
    private final Succession succession = new Succession(roster);
    private final Floor floor = new Floor(roster);
    private final Publications publications = new Publications(roster);
    private final Roles roles = new Roles(roster, succession, publications);
    private final Talk talk;
    private final Breakouts breakouts;
    private final RoomTimes times;
    private RoomOptions options;
    private boolean used;
    private long emptySince;
    private boolean over;
    private long reports;

    public Room(long now, String name, long epoch, RoomOptions options, RoomSettings settings) {
        this.name = name;
        this.epoch = epoch;
        this.options = options;
        this.emptySince = now;
        this.times = settings.times();
        this.talk = new Talk(settings, roster);
        this.breakouts = new Breakouts(settings, roster, floor);
    }

    public String name() {
        return name;
    }

    public long epoch() {
        return epoch;
    }

    public void onCommand(long now, RoomCommand.Envelope envelope, Output out) {
        ShardId shard = envelope.fromShard();
        if (over) {
            return;
        }
        if (envelope.command() instanceof RoomCommand.Attach) {
            attach(shard, envelope.number(), out);
            return;
        }
        Link link = branches.get(shard);
        if (link == null || envelope.number() <= link.lastReceived) {
            // A branch that is not attached, or a repeat.
            return;
        }
        link.lastReceived = envelope.number();
        Voice voice = new Words(out);
        switch (envelope.command()) {
            case RoomCommand.Attach _ -> {}
            case RoomCommand.Detach _ -> detach(now, shard, voice);
            case RoomCommand.Join join -> join(shard, join, out);
            case RoomCommand.Leave(var id, var reason) -> leave(new Event.ParticipantLeave(id, reason), voice);
            case RoomCommand.Connection(var id, var connection) -> connection(id, connection, voice);
            case RoomCommand.Publish(var tracks) -> tracks.forEach(track -> publications.publish(track, voice));
            case RoomCommand.Unpublish(var id, var trackId) -> publications.unpublish(id, trackId, voice);
            case RoomCommand.Codec(var id, var trackId, var codec) -> publications.codec(id, trackId, codec, voice);
            case RoomCommand.Mute(var id, var trackId, var muted) -> publications.mute(id, trackId, muted, voice);
            case RoomCommand.Loudest(var breakout, var id, var level) ->
                floor.report(shard, breakout, id, level, voice);
            case RoomCommand.Ask ask -> ask(now, shard, ask, out);
        }
    }

    public RoomState state() {
        return new RoomState(options, roster.members(), roster.tracks(), List.copyOf(branches.keySet()));
    }

    // What administrators ask; nobody's rights are looked at here.

    /** @param after what differs only in what may change by {@link RoomOptions#mayBecome} while people are in */
    public OwnerAnswer change(RoomOptions before, RoomOptions after, Output out) {
        if (!options.equals(before)) {
            return new OwnerAnswer.Stale();
        }
        if (!branches.isEmpty() && !options.mayBecome(after)) {
            return new OwnerAnswer.Refused(
                    ErrorCode.CONFLICT, "simulcast, codecs, audioSlots and e2ee stay as they are while people are in");
        }
        if (!options.equals(after)) {
            options = after;
            new Words(out).all(new Event.RoomUpdate(options));
        }
        return new OwnerAnswer.Described(state());
    }

    /** Sends everybody home. The room has no more use. */
    public void end(Output out) {
        Voice voice = new Words(out);
        roster.members()
                .forEach(member -> voice.outside(new RoomReport.Left(member.participantId(), LeaveReason.ENDED)));
        voice.all(new Event.RoomEnd(LeaveReason.ENDED));
        over(voice, out);
    }

    private void over(Voice voice, Output out) {
        over = true;
        if (reports > 0) {
            voice.outside(new RoomReport.Ended());
        }
        out.ended(this);
    }

    public OwnerAnswer remove(String participantId, Output out) {
        return administered(remove(participantId, new Words(out)), new OwnerAnswer.Done());
    }

    /** @param role null: as it is; @param mute what of his is to be muted by the host's word */
    public OwnerAnswer change(String participantId, Role role, Set<Source> mute, Output out) {
        Voice voice = new Words(out);
        if (roster.member(participantId) == null) {
            return administered(Roles.nobody(), null);
        }
        if (role != null
                && roles.promote(participantId, role, this::full, voice) instanceof ShardAnswer.Refused refused) {
            return administered(refused, null);
        }
        publications.silence(participantId, mute::contains, voice);
        return new OwnerAnswer.Described(state());
    }

    private static OwnerAnswer administered(ShardAnswer answer, OwnerAnswer done) {
        return answer instanceof ShardAnswer.Refused refused
                ? new OwnerAnswer.Refused(refused.code(), refused.message())
                : done;
    }

    public long nextTimeout() {
        return branches.isEmpty() ? emptySince + emptyNanos() : breakouts.nextTimeout();
    }

    private long emptyNanos() {
        return used ? times.emptyNanos() : times.unusedNanos();
    }

    public void onTimeout(long now, Output out) {
        if (over) {
            return;
        }
        breakouts.onTimeout(now, new Words(out));
        if (branches.isEmpty() && now >= emptySince + emptyNanos()) {
            over(new Words(out), out);
        }
    }

    /** Who may send counts for one limit, who only receives for the other. */
    private Optional<String> full(Role role) {
        long alike = roster.members().stream()
                .filter(member -> member.role().maySend() == role.maySend())
                .count();
        int most = role.maySend() ? options.maxParticipants() : options.maxViewers();
        return alike < most
                ? Optional.empty()
                : Optional.of("the room has its " + most + (role.maySend() ? " participants" : " viewers"));
    }

    private void attach(ShardId shard, long number, Output out) {
        Link link = new Link();
        link.lastReceived = number;
        branches.put(shard, link);
        used = true;
        send(shard, new RoomUpdate.Attached(options, roster.state()), out);
    }

    private void detach(long now, ShardId shard, Voice voice) {
        branches.remove(shard);
        floor.detach(shard);
        door.all().stream()
                .filter(knock -> knock.shard().equals(shard))
                .forEach(knock -> waitsNoMore(knock.join().participantId(), voice));
        for (String orphan : homes.entrySet().stream()
                .filter(home -> home.getValue().equals(shard))
                .map(Map.Entry::getKey)
                .toList()) {
            leave(new Event.ParticipantLeave(orphan, LeaveReason.LOST), voice);
        }
        if (branches.isEmpty()) {
            emptySince = now;
        }
    }

    private void join(ShardId shard, RoomCommand.Join join, Output out) {
        Role role = roleOf(join);
        Optional<ShardAnswer.Refused> objection = door.objection(options, join, role)
                .or(() -> full(role).map(sentence -> new ShardAnswer.Refused(ErrorCode.ROOM_FULL, sentence)));
        if (objection.isPresent()) {
            ShardAnswer.Refused refused = objection.get();
            send(shard, new RoomUpdate.JoinRefused(join.participantId(), refused.code(), refused.message()), out);
        } else if (door.mustWait(options, join, role)) {
            door.add(new Door.Knock(shard, join, role));
            send(shard, new RoomUpdate.Waits(join.participantId()), out);
            new Words(out).all(new Event.WaitingRequest(join.participantId(), join.displayName()));
        } else {
            enter(shard, join, role, new Words(out));
        }
    }

    private void enter(ShardId shard, RoomCommand.Join join, Role role, Voice voice) {
        String id = join.participantId();
        if (roster.member(id) != null) {
            // The node where he sat was lost, and he is back before that was noticed here.
            leave(new Event.ParticipantLeave(id, LeaveReason.LOST), voice);
        }
        homes.put(id, shard);
        succession.joined(id, join.identity().role() == null);
        voice.all(new Event.ParticipantJoin(id, join.displayName(), role, join.capabilities()));
        if (reports == 0) {
            voice.outside(new RoomReport.Started());
        }
        voice.outside(new RoomReport.Joined(
                id, join.displayName(), role, join.identity().subject()));
        if (join.formerRole() == Role.HOST) {
            succession.stepBack().forEach((acting, before) -> roles.give(acting, before, voice));
        }
        if (join.formerRole() != null) {
            breakouts.returned(id, voice);
        }
    }

    /** A token's role counts; without one (open mode) the first to come is the host, as is one who finds none. */
    private Role roleOf(RoomCommand.Join join) {
        if (join.formerRole() != null) {
            return join.formerRole();
        }
        Role given = join.identity().role();
        if (given != null) {
            return given;
        }
        return succession.hasHost() ? Role.GUEST : Role.HOST;
    }

    private void leave(Event.ParticipantLeave leave, Voice voice) {
        String id = leave.participantId();
        if (door.knock(id).isPresent()) {
            waitsNoMore(id, voice);
        }
        if (roster.member(id) == null) {
            return;
        }
        String breakout = roster.whereabouts(id);
        boolean spoke = floor.isSpeaker(id);
        homes.remove(id);
        talk.left(id);
        succession.left(id);
        if (leave.reason() != LeaveReason.LOST) {
            breakouts.forget(id);
        }
        voice.all(leave);
        voice.outside(new RoomReport.Left(id, leave.reason()));
        floor.vacate(id, breakout, spoke, voice);
        succession.successor().ifPresent(next -> roles.give(next.participantId(), Role.HOST, voice));
    }

    private void waitsNoMore(String participantId, Voice voice) {
        if (door.remove(participantId)) {
            voice.all(new Event.WaitingLeave(participantId));
        }
    }

    private void connection(String participantId, String connection, Voice voice) {
        Snapshot.Member member = roster.member(participantId);
        if (member != null && !member.connection().equals(connection)) {
            voice.all(new Event.ParticipantUpdate(participantId, null, null, connection, null));
        }
    }

    private void ask(long now, ShardId shard, RoomCommand.Ask ask, Output out) {
        ShardAnswer answer = answer(now, ask, out);
        send(shard, new RoomUpdate.Answer(ask.askId(), answer), out);
        if (ask.request() instanceof RoomRequest.End && answer instanceof ShardAnswer.Done) {
            end(out);
        }
    }

    private ShardAnswer answer(long now, RoomCommand.Ask ask, Output out) {
        Snapshot.Member asker = roster.member(ask.participantId());
        if (asker == null) {
            return new ShardAnswer.Refused(ErrorCode.CONFLICT, "You are not in the room.");
        }
        Optional<ShardAnswer.Refused> objection = Rights.objection(asker, ask.request(), roster);
        return objection.isPresent() ? objection.get() : perform(now, asker, ask.request(), new Words(out), out);
    }

    /** What is his right to ask. */
    private ShardAnswer perform(long now, Snapshot.Member asker, RoomRequest request, Voice voice, Output out) {
        return switch (request) {
            case RoomRequest.Chat(var text) -> talk.chat(now, asker, text, voice);
            case RoomRequest.Hand(var raised) -> talk.hand(now, asker, raised, voice);
            case RoomRequest.Reaction(var emoji) -> talk.reaction(now, asker, emoji, voice);
            case RoomRequest.Broadcast(var text) -> talk.broadcast(now, asker, text, voice);
            case RoomRequest.Admit(var id) -> id.map(one -> admit(one, voice)).orElseGet(() -> admitAll(voice));
            case RoomRequest.Deny(var id) -> deny(id, out);
            case RoomRequest.Remove(var id) -> remove(id, voice);
            case RoomRequest.Promote(var id, var role) ->
                roles.objection(id, role).orElseGet(() -> roles.promote(id, role, this::full, voice));
            case RoomRequest.HostMute mute -> publications.mute(asker, mute, voice);
            case RoomRequest.Lock(var locked) -> lock(locked, voice);
            case RoomRequest.End _ -> DONE;
            case RoomRequest.OpenBreakouts plan -> breakouts.open(now, plan, voice);
            case RoomRequest.MoveToBreakout move -> breakouts.move(move, voice);
            case RoomRequest.CloseBreakouts(var countdownMs) -> breakouts.close(now, countdownMs, voice);
        };
    }

    private ShardAnswer admit(String participantId, Voice voice) {
        Optional<Door.Knock> knock = door.knock(participantId);
        if (knock.isEmpty()) {
            return notFound("Nobody of that id waits.");
        }
        Optional<String> full = full(knock.get().role());
        if (full.isPresent()) {
            return new ShardAnswer.Refused(ErrorCode.ROOM_FULL, full.get());
        }
        door.remove(participantId);
        enter(knock.get().shard(), knock.get().join(), knock.get().role(), voice);
        return DONE;
    }

    /** As many as there is room for, in the order of knocking; the others go on waiting. */
    private ShardAnswer admitAll(Voice voice) {
        ShardAnswer answer = DONE;
        for (Door.Knock knock : door.all()) {
            ShardAnswer one = admit(knock.join().participantId(), voice);
            answer = one instanceof ShardAnswer.Refused ? one : answer;
        }
        return answer;
    }

    private ShardAnswer deny(String participantId, Output out) {
        Optional<Door.Knock> knock = door.knock(participantId);
        if (knock.isEmpty()) {
            return notFound("Nobody of that id waits.");
        }
        door.bar(participantId);
        waitsNoMore(participantId, new Words(out));
        send(knock.get().shard(), new RoomUpdate.Denied(participantId), out);
        return DONE;
    }

    private ShardAnswer remove(String participantId, Voice voice) {
        if (roster.member(participantId) == null) {
            return Roles.nobody();
        }
        door.bar(participantId);
        leave(new Event.ParticipantLeave(participantId, LeaveReason.REMOVED), voice);
        return DONE;
    }

    private ShardAnswer lock(boolean locked, Voice voice) {
        if (options.locked() != locked) {
            options = options.withLocked(locked);
            voice.all(new Event.RoomUpdate(options));
        }
        return DONE;
    }

    private static ShardAnswer notFound(String sentence) {
        return new ShardAnswer.Refused(ErrorCode.NOT_FOUND, sentence);
    }

    private void send(ShardId shard, RoomUpdate update, Output out) {
        Link link = branches.get(shard);
        if (link != null) {
            out.send(new RoomUpdate.Envelope(name, epoch, shard, link.nextNumber++, update));
        }
    }

    /** This room's words, on their way to its branches. */
    private final class Words implements Voice {
        private final Output out;

        Words(Output out) {
            this.out = out;
        }

        @Override
        public void all(Event event) {
            roster.apply(event);
            RoomUpdate.Happened update = new RoomUpdate.Happened(event);
            branches.keySet().forEach(shard -> send(shard, update, out));
        }

        @Override
        public void one(String participantId, Event event) {
            ShardId home = homes.get(participantId);
            if (home != null) {
                send(home, new RoomUpdate.Told(participantId, event), out);
            }
        }

        @Override
        public void outside(RoomReport.What what) {
            out.reported(new RoomReport(name, epoch, ++reports, what));
        }
    }
}
