package dev.weir.signal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is in a room, what they publish, and what else those who come later have to know: the room's own at its owner,
 * and a replica in each branch that applies the same events in the same order. One owner each; not shared.
 */
public final class Roster {
    private final Map<String, Snapshot.Member> members = new LinkedHashMap<>();
    private final Map<String, Snapshot.Track> tracks = new LinkedHashMap<>();
    private final Map<String, Snapshot.Speaker> speakers = new LinkedHashMap<>();
    private final Map<String, Snapshot.Waiting> waiting = new LinkedHashMap<>();
    private final Set<String> hands = new LinkedHashSet<>();
    private final Chats chats = new Chats();
    private Optional<Snapshot.Breakouts> breakouts = Optional.empty();

    /**
     * All of it at one moment.
     *
     * @param speakers by breakout room, as are the chats
     */
    public record State(
            List<Snapshot.Member> members,
            List<Snapshot.Track> tracks,
            Map<String, Snapshot.Speaker> speakers,
            List<Snapshot.Waiting> waiting,
            List<String> hands,
            Map<String, List<Snapshot.ChatMessage>> chats,
            Optional<Snapshot.Breakouts> breakouts) {
        public State {
            members = List.copyOf(members);
            tracks = List.copyOf(tracks);
            speakers = Map.copyOf(speakers);
            waiting = List.copyOf(waiting);
            hands = List.copyOf(hands);
            chats = Map.copyOf(chats);
        }
    }

    public State state() {
        return new State(members(), tracks(), speakers, waiting(), hands(), chats.all(), breakouts);
    }

    /** Starts over from a full state. */
    public void reset(State state) {
        members.clear();
        tracks.clear();
        speakers.clear();
        waiting.clear();
        hands.clear();
        state.members().forEach(member -> members.put(member.participantId(), member));
        state.tracks().forEach(track -> tracks.put(track.trackId(), track));
        speakers.putAll(state.speakers());
        state.waiting().forEach(who -> waiting.put(who.participantId(), who));
        hands.addAll(state.hands());
        chats.reset(state.chats());
        breakouts = state.breakouts();
    }

    public void apply(Event event) {
        switch (event) {
            case Event.ParticipantJoin(var id, var name, var role, var capabilities) -> {
                waiting.remove(id);
                hands.remove(id);
                members.put(id, new Snapshot.Member(id, name, role, capabilities, false, Snapshot.Member.OK, null));
            }
            case Event.ParticipantLeave leave -> remove(leave.participantId());
            case Event.ParticipantUpdate update -> update(update);
            case Event.TrackPublish(var track) -> tracks.put(track.trackId(), track);
            case Event.TrackUnpublish unpublish -> tracks.remove(unpublish.trackId());
            case Event.TrackMute mute ->
                tracks.computeIfPresent(mute.trackId(), (_, track) -> track.withMuted(mute.muted(), mute.byHost()));
            case Event.TrackCodec sent ->
                tracks.computeIfPresent(sent.trackId(), (_, track) -> track.withCodec(sent.codec()));
            case Event.SpeakerChange(var breakout, var id, var level) -> speaks(breakout, id, level);
            case Event.WaitingRequest(var id, var name) -> waiting.put(id, new Snapshot.Waiting(id, name));
            case Event.WaitingLeave(var id) -> waiting.remove(id);
            case Event.Chat(var breakout, var message) -> chats.add(breakout, message);
            case Event.BreakoutOpened(var opened) -> breakouts = Optional.of(opened);
            case Event.BreakoutClosed _ -> {
                breakouts = Optional.empty();
                chats.keepOnly(Snapshot.Member.MAIN);
                speakers.keySet().retainAll(Set.of(Snapshot.Member.MAIN));
            }
            case Event.RoomEnd _,
                    Event.RoomUpdate _,
                    Event.UnmuteRequest _,
                    Event.WaitingDenied _,
                    Event.Hand _,
                    Event.Reaction _,
                    Event.BreakoutAssigned _,
                    Event.BreakoutMessage _,
                    Event.BreakoutClosing _,
                    Event.SlotChange _,
                    Event.PublishLayers _,
                    Event.PublishCodec _,
                    Event.TrackUndecodable _ -> {}
        }
    }

    public Snapshot.Member member(String participantId) {
        return members.get(participantId);
    }

    public Snapshot.Track track(String trackId) {
        return tracks.get(trackId);
    }

    /** In the order of joining. */
    public List<Snapshot.Member> members() {
        return new ArrayList<>(members.values());
    }

    /** In the order of publishing. */
    public List<Snapshot.Track> tracks() {
        return new ArrayList<>(tracks.values());
    }

    public List<Snapshot.Track> tracksOf(String participantId) {
        return tracks.values().stream()
                .filter(track -> track.participantId().equals(participantId))
                .toList();
    }

    /** Null: nobody. @param breakout its name, or {@link Snapshot.Member#MAIN} */
    public Snapshot.Speaker speaker(String breakout) {
        return speakers.get(breakout);
    }

    /** In the order of knocking. */
    public List<Snapshot.Waiting> waiting() {
        return new ArrayList<>(waiting.values());
    }

    /** First raised first. */
    public List<String> hands() {
        return new ArrayList<>(hands);
    }

    /** The last of what was said in writing. */
    public List<Snapshot.ChatMessage> chat(String breakout) {
        return chats.in(breakout);
    }

    /** Those that are open; empty: everyone is in the main room. */
    public Optional<Snapshot.Breakouts> breakouts() {
        return breakouts;
    }

    /** The breakout room that someone is in; {@link Snapshot.Member#MAIN} also for a stranger. */
    public String whereabouts(String participantId) {
        Snapshot.Member member = members.get(participantId);
        return member == null ? Snapshot.Member.MAIN : member.whereabouts();
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    private void speaks(String breakout, String participantId, double level) {
        if (participantId == null) {
            speakers.remove(breakout);
        } else {
            speakers.put(breakout, new Snapshot.Speaker(participantId, level));
        }
    }

    private void remove(String participantId) {
        members.remove(participantId);
        hands.remove(participantId);
        tracks.values().removeIf(track -> track.participantId().equals(participantId));
        speakers.values().removeIf(speaker -> speaker.participantId().equals(participantId));
    }

    private void update(Event.ParticipantUpdate update) {
        String id = update.participantId();
        if (members.computeIfPresent(id, (_, member) -> updated(member, update)) == null) {
            return;
        }
        if (Boolean.TRUE.equals(update.handRaised())) {
            hands.add(id);
        } else if (update.handRaised() != null) {
            hands.remove(id);
        }
        if (update.breakout() != null) {
            speakers.values().removeIf(speaker -> speaker.participantId().equals(id));
        }
    }

    private static Snapshot.Member updated(Snapshot.Member member, Event.ParticipantUpdate update) {
        return new Snapshot.Member(
                member.participantId(),
                member.displayName(),
                update.role() == null ? member.role() : update.role(),
                member.capabilities(),
                update.handRaised() == null ? member.handRaised() : update.handRaised(),
                update.connection() == null ? member.connection() : update.connection(),
                update.breakout() == null ? member.breakout() : emptied(update.breakout()));
    }

    private static String emptied(String breakout) {
        return breakout.equals(Snapshot.Member.MAIN) ? null : breakout;
    }
}
