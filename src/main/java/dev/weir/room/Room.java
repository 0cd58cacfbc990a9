package dev.weir.room;

import dev.weir.signal.ErrorCode;
import dev.weir.signal.Event;
import dev.weir.signal.Identity;
import dev.weir.signal.LeaveReason;
import dev.weir.signal.OwnerAnswer;
import dev.weir.signal.Role;
import dev.weir.signal.RoomCommand;
import dev.weir.signal.RoomOptions;
import dev.weir.signal.RoomState;
import dev.weir.signal.RoomUpdate;
import dev.weir.signal.Roster;
import dev.weir.signal.Snapshot;
import dev.weir.signal.Source;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A room's control machine. Takes commands from branches, decides, and tells all branches what happened, in one order.
 * It holds no peer and no socket. Owned by the loop of its shard.
 */
public final class Room {
    /** With {@link RoomTimes#DEFAULT}: how long a room stays after the last branch is gone. */
    public static final long EMPTY_NANOS = RoomTimes.DEFAULT.emptyNanos();

    /** Tracks that one participant may publish: one of each source. */
    static final int MAX_TRACKS_EACH = 4;

    /** Where a room's words go. Must not call back. */
    public interface Output {
        void send(RoomUpdate.Envelope update);

        /** Nobody has been in for a while: the room is to be forgotten. */
        void ended(Room room);
    }

    private static final class Link {
        long lastReceived;
        long nextNumber = 1;
        Snapshot.Speaker loudest;
    }

    private final String name;
    private final long epoch;
    private final RoomTimes times;
    private final Roster roster = new Roster();
    private final Map<Integer, Link> branches = new LinkedHashMap<>();
    private final Map<String, Integer> homes = new HashMap<>();
    private RoomOptions options;
    private boolean used;
    private long emptySince;

    public Room(long now, String name, long epoch, RoomOptions options) {
        this(now, name, epoch, options, new RoomTimes(EMPTY_NANOS, EMPTY_NANOS));
    }

    public Room(long now, String name, long epoch, RoomOptions options, RoomTimes times) {
        this.times = times;
        this.name = name;
        this.epoch = epoch;
        this.options = options;
        this.emptySince = now;
    }

    public String name() {
        return name;
    }

    public long epoch() {
        return epoch;
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
            happened(new Event.RoomUpdate(options), out);
        }
        return new OwnerAnswer.Described(state());
    }

    /** Sends everybody home. The room has no more use. */
    public void end(Output out) {
        happened(new Event.RoomEnd(LeaveReason.ENDED), out);
    }

    public OwnerAnswer remove(String participantId, Output out) {
        if (roster.member(participantId) == null) {
            return noSuch(participantId);
        }
        leave(new Event.ParticipantLeave(participantId, LeaveReason.REMOVED), out);
        return new OwnerAnswer.Done();
    }

    /** @param role null: as it is; @param mute what of his is to be muted by the host's word */
    public OwnerAnswer change(String participantId, Role role, Set<Source> mute, Output out) {
        Snapshot.Member member = roster.member(participantId);
        if (member == null) {
            return noSuch(participantId);
        }
        if (role != null && role != member.role()) {
            if (role.maySend() != member.role().maySend() && full(role)) {
                return new OwnerAnswer.Refused(ErrorCode.ROOM_FULL, fullSentence(role));
            }
            happened(new Event.ParticipantUpdate(participantId, role, null, null, null), out);
        }
        for (Snapshot.Track track : roster.tracksOf(participantId)) {
            if (mute.contains(track.source()) && !track.muted()) {
                happened(new Event.TrackMute(participantId, track.trackId(), true, true), out);
            }
        }
        return new OwnerAnswer.Described(state());
    }

    private static OwnerAnswer noSuch(String participantId) {
        return new OwnerAnswer.Refused(ErrorCode.NOT_FOUND, "nobody of the id " + participantId + " is in the room");
    }

    public void onCommand(long now, RoomCommand.Envelope envelope, Output out) {
        int shard = envelope.fromShard();
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
        switch (envelope.command()) {
            case RoomCommand.Attach _ -> {}
            case RoomCommand.Detach _ -> detach(now, shard, out);
            case RoomCommand.Join join -> join(shard, join, out);
            case RoomCommand.Leave(var id, var reason) -> leave(new Event.ParticipantLeave(id, reason), out);
            case RoomCommand.Connection(var id, var connection) -> connection(id, connection, out);
            case RoomCommand.Publish(var tracks) -> tracks.forEach(track -> publish(track, out));
            case RoomCommand.Unpublish(var id, var trackId) -> unpublish(id, trackId, out);
            case RoomCommand.Mute(var id, var trackId, var muted) -> mute(id, trackId, muted, out);
            case RoomCommand.Loudest(var id, var level) -> loudest(link, id, level, out);
        }
    }

    public long nextTimeout() {
        return branches.isEmpty() ? emptySince + (used ? times.emptyNanos() : times.unusedNanos()) : Long.MAX_VALUE;
    }

    public void onTimeout(long now, Output out) {
        if (now >= nextTimeout()) {
            out.ended(this);
        }
    }

    /** Who may send counts for one limit, who only receives for the other. */
    private boolean full(Role role) {
        long alike = roster.members().stream()
                .filter(member -> member.role().maySend() == role.maySend())
                .count();
        return alike >= (role.maySend() ? options.maxParticipants() : options.maxViewers());
    }

    private String fullSentence(Role role) {
        return "the room has its "
                + (role.maySend() ? options.maxParticipants() + " participants" : options.maxViewers() + " viewers");
    }

    private void attach(int shard, long number, Output out) {
        Link link = new Link();
        link.lastReceived = number;
        branches.put(shard, link);
        used = true;
        send(shard, new RoomUpdate.Attached(options, roster.members(), roster.tracks(), roster.speaker()), out);
    }

    private void detach(long now, int shard, Output out) {
        branches.remove(shard);
        for (String orphan : homes.entrySet().stream()
                .filter(home -> home.getValue() == shard)
                .map(Map.Entry::getKey)
                .toList()) {
            leave(new Event.ParticipantLeave(orphan, LeaveReason.LOST), out);
        }
        if (branches.isEmpty()) {
            emptySince = now;
        }
    }

    private void join(int shard, RoomCommand.Join join, Output out) {
        Role role = roleOf(join);
        if (full(role)) {
            send(shard, new RoomUpdate.JoinRefused(join.participantId(), ErrorCode.ROOM_FULL, fullSentence(role)), out);
            return;
        }
        homes.put(join.participantId(), shard);
        happened(new Event.ParticipantJoin(join.participantId(), join.displayName(), role, join.capabilities()), out);
    }

    /** A token's role counts; without one (open mode) the first to come is the host. */
    private Role roleOf(RoomCommand.Join join) {
        if (join.formerRole() != null) {
            return join.formerRole();
        }
        Identity identity = join.identity();
        if (identity.role() != null) {
            return identity.role();
        }
        return roster.isEmpty() ? Role.HOST : Role.GUEST;
    }

    private void leave(Event.ParticipantLeave leave, Output out) {
        if (roster.member(leave.participantId()) == null) {
            return;
        }
        homes.remove(leave.participantId());
        happened(leave, out);
        for (Link link : branches.values()) {
            if (link.loudest != null && link.loudest.participantId().equals(leave.participantId())) {
                link.loudest = null;
            }
        }
    }

    private void connection(String participantId, String connection, Output out) {
        Snapshot.Member member = roster.member(participantId);
        if (member != null && !member.connection().equals(connection)) {
            happened(new Event.ParticipantUpdate(participantId, null, null, connection, null), out);
        }
    }

    private void publish(Snapshot.Track track, Output out) {
        Snapshot.Member member = roster.member(track.participantId());
        if (member != null
                && member.role().maySend()
                && roster.tracksOf(track.participantId()).size() < MAX_TRACKS_EACH) {
            happened(new Event.TrackPublish(track), out);
        }
    }

    private void unpublish(String participantId, String trackId, Output out) {
        Snapshot.Track track = roster.track(trackId);
        if (track != null && track.participantId().equals(participantId)) {
            happened(new Event.TrackUnpublish(participantId, trackId), out);
        }
    }

    private void mute(String participantId, String trackId, boolean muted, Output out) {
        Snapshot.Track track = roster.track(trackId);
        if (track != null && track.participantId().equals(participantId) && track.muted() != muted) {
            happened(new Event.TrackMute(participantId, trackId, muted, false), out);
        }
    }

    private void loudest(Link link, String participantId, double level, Output out) {
        link.loudest = participantId == null ? null : new Snapshot.Speaker(participantId, level);
        Snapshot.Speaker best = null;
        for (Link branch : branches.values()) {
            if (branch.loudest != null && (best == null || branch.loudest.audioLevel() > best.audioLevel())) {
                best = branch.loudest;
            }
        }
        String before = roster.speaker() == null ? null : roster.speaker().participantId();
        if (best == null && before != null) {
            happened(new Event.SpeakerChange(null, 0), out);
        } else if (best != null
                && !best.participantId().equals(before)
                && roster.member(best.participantId()) != null) {
            happened(new Event.SpeakerChange(best.participantId(), best.audioLevel()), out);
        }
    }

    private void happened(Event event, Output out) {
        roster.apply(event);
        RoomUpdate.Happened update = new RoomUpdate.Happened(event);
        branches.keySet().forEach(shard -> send(shard, update, out));
    }

    private void send(int shard, RoomUpdate update, Output out) {
        Link link = branches.get(shard);
        out.send(new RoomUpdate.Envelope(name, epoch, shard, link.nextNumber++, update));
    }
}
